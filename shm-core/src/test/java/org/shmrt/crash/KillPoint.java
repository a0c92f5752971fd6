package org.shmrt.crash;

import com.sun.jdi.Location;

/**
 * A point in the execution of a target: right before a bytecode is executed for the {@code hit}-th time since the
 * operation began.
 *
 * @param type name of the class
 * @param method its method
 * @param signature of the method
 * @param codeIndex of the bytecode in the method
 * @param line of the source
 * @param hit 1 for the first time
 */
record KillPoint(String type, String method, String signature, long codeIndex, int line, int hit) {
    static KillPoint at(Location location, int hit) {
        return new KillPoint(
                location.declaringType().name(),
                location.method().name(),
                location.method().signature(),
                location.codeIndex(),
                location.lineNumber(),
                hit);
    }

    @Override
    public String toString() {
        return type.substring(type.lastIndexOf('.') + 1) + "." + method + ":" + line + "@" + codeIndex + " hit " + hit;
    }
}

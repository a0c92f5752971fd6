package org.shmrt.kills;

import com.sun.jdi.Location;

/**
 * A moment in the life of a victim: right before a bytecode is executed for the {@code hit}-th time since the
 * operation began.
 *
 * @param type name of the class
 * @param method its method
 * @param signature of the method
 * @param codeIndex of the bytecode in the method
 * @param line of the source
 * @param hit 1 for the first time
 * @param isEffect whether something that outlives the victim has happened since the point before, or this is the
 *     operation's begin; else it is a line of source that was reached for the first time
 */
record KillPoint(String type, String method, String signature, long codeIndex, int line, int hit, boolean isEffect) {
    static KillPoint at(Location location, int hit, boolean isEffect) {
        return new KillPoint(location.declaringType().name(), location.method().name(), location.method().signature(),
                location.codeIndex(), location.lineNumber(), hit, isEffect);
    }

    @Override
    public String toString() {
        return type.substring(type.lastIndexOf('.') + 1) + "." + method + ":" + line + "@" + codeIndex + " hit " + hit
                + (isEffect ? "" : " (line)");
    }
}

package org.shmrt.monitor;

/**
 * A process.
 *
 * @param pid its id in the pid namespace of whoever stored it
 * @param name the name of its program, empty if it is not known or there is no such process here
 */
public record ProcessRef(long pid, String name) {
    @Override
    public String toString() {
        return name.isEmpty() ? String.valueOf(pid) : pid + ":" + name;
    }
}

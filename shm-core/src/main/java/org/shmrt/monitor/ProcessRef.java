package org.shmrt.monitor;

/**
 * A process.
 *
 * @param pid its id in the pid namespace of whoever stored it, 0 for a process that is not known
 * @param name the name of its program, empty if it is not known or there is no such process here
 */
public record ProcessRef(long pid, String name) {
    @Override
    public String toString() {
        return pid == 0 ? name : name.isEmpty() ? String.valueOf(pid) : pid + ":" + name;
    }
}

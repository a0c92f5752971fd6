package org.shmrt.stream;

import java.util.List;

/**
 * The semaphores that announce a stream's frames: how many, where, and the value above which a writer stops
 * posting. DAO's are named objects; milk's lie in the file.
 *
 * @param names names of the data semaphores, empty where they lie in the file
 * @param logName name of the log semaphore, or null
 * @param offset position of the first semaphore in the file, or -1 where they are named
 * @param count number of data semaphores in the file (named ones: {@code names.size()})
 * @param cap a semaphore is posted while its value is below this
 */
public record SemaphoreLayout(List<String> names, String logName, long offset, int count, int cap) {
    /** A stream without semaphores. */
    public static final SemaphoreLayout NONE = new SemaphoreLayout(List.of(), null, -1, 0, 0);

    /**
     * A set of named semaphores.
     *
     * @param names data semaphores, in order
     * @param logName log semaphore
     * @param cap a semaphore is posted while its value is below this
     * @return the set
     */
    public static SemaphoreLayout named(List<String> names, String logName, int cap) {
        return new SemaphoreLayout(List.copyOf(names), logName, -1, names.size(), cap);
    }
}

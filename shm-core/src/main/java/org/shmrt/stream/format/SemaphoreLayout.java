package org.shmrt.stream.format;

import java.util.List;

/**
 * The semaphores that announce a stream's frames: their number and location, and the value from which a writer does not
 * post them. DAO's semaphores are named objects; milk's are in the file, with tables of the processes that wait on and
 * posted each. Immutable.
 *
 * @param names names of the data semaphores, empty if they are in the file
 * @param logName name of the log semaphore, or null
 * @param count number of data semaphores
 * @param cap a semaphore is posted while its value is below this
 * @param offset position of the first data semaphore in the file, or -1 if they are named
 * @param logOffset position of the log semaphore in the file, or -1
 * @param readerPidOffset i32 for each semaphore: process that reserved it for its waits; -1 if there is no table
 * @param writerPidOffset i32 for each semaphore: process that posted it last; -1 if there is no table
 * @param claims how readers that leave the choice to the library get a semaphore
 * @param serviceIndex index of the semaphore on which a service of the format waits, which is not chosen for a reader; -1
 *     if there is none
 */
public record SemaphoreLayout(
        List<String> names,
        String logName,
        int count,
        int cap,
        long offset,
        long logOffset,
        long readerPidOffset,
        long writerPidOffset,
        Claims claims,
        int serviceIndex) {
    /** What happens when other readers have claimed all semaphores. */
    public enum Claims {
        /** Two readers share one. */
        SHARED,
        /** The reader is refused, because programs of the format rely on their claims. */
        EXCLUSIVE
    }

    /** A stream without semaphores. */
    public static final SemaphoreLayout NONE =
            new SemaphoreLayout(List.of(), null, 0, 0, -1, -1, -1, -1, Claims.SHARED, -1);

    /**
     * A set of named semaphores.
     *
     * @param names data semaphores, in order
     * @param logName log semaphore
     * @param cap a semaphore is posted while its value is below this
     * @return the set
     */
    public static SemaphoreLayout named(List<String> names, String logName, int cap) {
        return new SemaphoreLayout(List.copyOf(names), logName, names.size(), cap, -1, -1, -1, -1, Claims.SHARED, -1);
    }

    /**
     * A set in the stream's file.
     *
     * @param offset position of the first data semaphore
     * @param count their number
     * @param logOffset position of the log semaphore
     * @param readerPidOffset position of the table of the processes that reserved them
     * @param writerPidOffset position of the table of the processes that posted them last
     * @param cap a semaphore is posted while its value is below this
     * @return the set
     */
    public static SemaphoreLayout inFile(
            long offset, int count, long logOffset, long readerPidOffset, long writerPidOffset, int cap) {
        return new SemaphoreLayout(
                List.of(), null, count, cap, offset, logOffset, readerPidOffset, writerPidOffset, Claims.SHARED, -1);
    }

    /**
     * The same set in a format whose readers never share a semaphore without being asked to.
     *
     * @param newServiceIndex index of the semaphore on which a service of the format waits
     * @return a changed copy
     */
    public SemaphoreLayout withExclusiveClaims(int newServiceIndex) {
        return new SemaphoreLayout(
                names,
                logName,
                count,
                cap,
                offset,
                logOffset,
                readerPidOffset,
                writerPidOffset,
                Claims.EXCLUSIVE,
                newServiceIndex);
    }

    /**
     * Whether the semaphores are part of the stream's file.
     *
     * @return false for named ones
     */
    public boolean isInFile() {
        return offset >= 0;
    }
}

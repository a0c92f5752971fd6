package org.shmrt.stream.format;

/**
 * One process that led to a frame: what woke it, and when. A stream may have a list of them: the first is its own
 * writer, the next is the writer of the stream that triggered it, and so on back to the camera. Immutable.
 *
 * @param triggerMode what it waited on: 1 a counter, 3 a semaphore, 0 not recorded
 * @param pid process that wrote, 0 for an unused record
 * @param triggerInode inode number of the file of the stream that woke it
 * @param startedNs when it started to work on the frame, nanoseconds since 1970 on the stream's clock
 * @param updatedNs when it published, nanoseconds since 1970 on the stream's clock
 * @param semaphore index of the semaphore that woke it, -1 for none
 * @param triggerStatus state of its wait: 1 waiting, 2 woken, 3 timed out
 * @param triggerCount counter (cnt0) of the frame that woke it
 */
public record ProcessTrace(
        int triggerMode,
        int pid,
        long triggerInode,
        long startedNs,
        long updatedNs,
        int semaphore,
        int triggerStatus,
        long triggerCount) {}

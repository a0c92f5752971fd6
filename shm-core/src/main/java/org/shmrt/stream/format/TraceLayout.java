package org.shmrt.stream.format;

/**
 * Records of the processes that led to a stream's newest frame, each triggered by the stream of the next record. All
 * offsets except the first are relative to a record. Immutable.
 *
 * @param offset position of the first record in the file
 * @param count number of records; the first is that of the stream's own writer
 * @param recordBytes bytes from one record to the next
 * @param triggerModeOffset i32: what the process waited on, see {@link ProcessTrace#triggerMode()}
 * @param pidOffset i32: the process; 0 for an unused record
 * @param triggerInodeOffset u64: inode number of the file of the stream that woke it
 * @param started when it started to work on the frame
 * @param updated when it published
 * @param semaphoreOffset i32: index of the semaphore that woke it
 * @param triggerStatusOffset i32: how its wait ended, see {@link ProcessTrace#triggerStatus()}
 * @param triggerCountOffset u64: counter (cnt0) of the frame that woke it
 */
public record TraceLayout(
        long offset,
        int count,
        int recordBytes,
        int triggerModeOffset,
        int pidOffset,
        int triggerInodeOffset,
        TimeField started,
        TimeField updated,
        int semaphoreOffset,
        int triggerStatusOffset,
        int triggerCountOffset) {}

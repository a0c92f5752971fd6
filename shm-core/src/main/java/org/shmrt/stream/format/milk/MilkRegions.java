package org.shmrt.stream.format.milk;

import org.shmrt.posix.Semaphore;
import org.shmrt.stream.format.CircularLayout;
import org.shmrt.stream.format.CubeLayout;
import org.shmrt.stream.format.KeywordLayout;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.TraceLayout;
import org.shmrt.stream.format.WriteHistoryLayout;
import org.shmrt.stream.format.milk.MilkDescriptor.Variant;

/**
 * The regions of one milk stream, one after the other. Every sum is checked for overflow, because the counts may come
 * from a malformed file.
 */
final class MilkRegions {
    final Variant variant;
    final KeywordLayout keywords;
    final SemaphoreLayout semaphores;
    final TraceLayout traces;
    final CubeLayout cube;
    final CircularLayout circular;
    final WriteHistoryLayout writeHistory;
    final long fileBytes;

    /**
     * The values that determine the positions of the regions.
     *
     * @param frameBytes size of a frame, bytes
     * @param inFile whether the frame is in the file
     * @param keywords number of keyword records
     * @param semaphores number of data semaphores
     * @param traces number of process trace records
     * @param slices slices of a rolling cube, 0 for any other stream
     * @param circular frames of the circular buffer
     * @param lists whether the file has the lists of a rolling cube
     */
    record Counts(
            long frameBytes,
            boolean inFile,
            int keywords,
            int semaphores,
            int traces,
            long slices,
            long circular,
            boolean lists) {}

    /**
     * Computes the positions of the regions.
     *
     * @throws ArithmeticException if the file's size does not fit 63 bits
     */
    MilkRegions(Variant variant, Counts counts) {
        this.variant = variant;
        long at = variant.headerBytes;
        at = Math.addExact(at, counts.inFile ? roundUp(counts.frameBytes) : 0);
        keywords = new KeywordLayout(
                at,
                counts.keywords,
                MilkDescriptor.KEYWORD_BYTES,
                MilkDescriptor.KEYWORD_VALUE,
                MilkDescriptor.KEYWORD_COMMENT,
                MilkDescriptor.KEYWORD_COUNT,
                true);
        at = Math.addExact(at, (long) counts.keywords * MilkDescriptor.KEYWORD_BYTES);
        long sems = at;
        long log = sems + (long) counts.semaphores * Semaphore.BYTES;
        long readers = log + Semaphore.BYTES;
        long pids = roundUp(4L * counts.semaphores);
        semaphores = SemaphoreLayout.inFile(
                sems, counts.semaphores, log, readers, readers + pids, MilkDescriptor.SEMAPHORE_CAP);
        at = Math.addExact(readers, 4 * pids);
        traces = MilkRecords.traces(at, counts.traces);
        at = Math.addExact(at, (long) counts.traces * MilkRecords.TRACE_BYTES);
        long slices = counts.slices;
        cube = slices == 0
                ? null
                : MilkRecords.cube(Math.toIntExact(slices), counts.frameBytes / slices, counts.lists ? at : -1);
        at = Math.addExact(at, counts.lists ? MilkRecords.CUBE_LIST_BYTES * slices : 0);
        long records = at;
        at = Math.addExact(at, MilkRecords.CIRCULAR_BYTES * counts.circular);
        circular = counts.circular == 0 ? null : MilkRecords.circular(Math.toIntExact(counts.circular), records, at);
        at = Math.addExact(at, roundUp(Math.multiplyExact(counts.frameBytes, counts.circular)));
        boolean history = variant == Variant.WRITE_HISTORY;
        writeHistory = history ? MilkRecords.writeHistory(at) : null;
        fileBytes = Math.addExact(at, history ? MilkDescriptor.WRITE_RECORDS * MilkRecords.WRITE_BYTES : 0);
    }

    private static long roundUp(long bytes) {
        return Math.addExact(bytes, 7) & ~7L;
    }
}

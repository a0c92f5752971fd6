package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Faults;
import org.shmrt.text.FileNames;

/**
 * Reads a part of each frame: copies only its rows, and checks the copy as {@link FrameReader} does. It uses a reader's
 * position, semaphore and counts; {@code reader.count()}, {@code lost()} and {@code acquiredNs()} describe the frame
 * that was read last. For one thread at a time. Reading does not allocate, except as the reader does.
 *
 * <pre>{@code
 * RegionReader part = RegionReader.of(reader, Region.of(100, 140, 200, 260));
 * MemorySegment mine = arena.allocate(part.byteSize());
 * while (part.read(mine, timeoutNs).hasFrame()) {
 *     process(mine, part.shape());
 * }
 * }</pre>
 */
public final class RegionReader {
    private final FrameReader reader;
    private final Region region;
    private ImageStream stream;
    private Region.Rows rows;

    private RegionReader(FrameReader reader, Region region) {
        this.reader = reader;
        this.region = region;
        attach();
    }

    /**
     * Reads a region with a reader.
     *
     * @param reader the reader; closing it ends the reading
     * @param region the part of each frame
     * @return the reader of the region, which need not be closed
     * @throws IllegalArgumentException if the region exceeds a frame
     */
    public static RegionReader of(FrameReader reader, Region region) {
        return new RegionReader(reader, region);
    }

    private void attach() {
        stream = reader.stream();
        rows = region.rows(stream.shape(), stream.type());
    }

    /**
     * Shape of the region in the stream that is read now.
     *
     * @return a shape with as many axes as a frame
     */
    public Shape shape() {
        return region.shape(reader.stream().shape());
    }

    /**
     * Size of the region in the stream that is read now.
     *
     * @return bytes
     */
    public long byteSize() {
        return shape().byteSize(reader.stream().type());
    }

    /**
     * Waits for the next frame in the order of writing, and copies the region, as {@link FrameReader#read} does with
     * whole frames.
     *
     * @param target memory of the size of the region
     * @param timeoutNs maximum time to wait in total
     * @return a verdict with a frame if {@code target} contains the region of one frame, else the reason why there is
     *     none
     * @throws IllegalArgumentException if {@code target} has another size, or the region exceeds the frames of the
     *     stream to which the reader was attached again
     */
    public Verdict read(MemorySegment target, long timeoutNs) {
        return read(target, timeoutNs, Wanted.NEXT);
    }

    /**
     * Waits for a newer frame, and copies the region of the newest, as {@link FrameReader#readNewer} does with whole
     * frames.
     *
     * @param target memory of the size of the region
     * @param timeoutNs maximum time to wait in total
     * @return as {@link #read}
     * @throws IllegalArgumentException as {@link #read}
     */
    public Verdict readNewer(MemorySegment target, long timeoutNs) {
        return read(target, timeoutNs, Wanted.NEWER);
    }

    /**
     * Copies the region of the newest frame, even if it was read before, as {@link FrameReader#readNewest} does with
     * whole frames.
     *
     * @param target memory of the size of the region
     * @param timeoutNs how long to retry while a writer overwrites or claims the frame
     * @return as {@link #read}
     * @throws IllegalArgumentException as {@link #read}
     */
    public Verdict readNewest(MemorySegment target, long timeoutNs) {
        return read(target, timeoutNs, Wanted.NEWEST);
    }

    private Verdict read(MemorySegment target, long timeoutNs, Wanted wanted) {
        if (reader.stream() != stream) {
            attach();
        }
        if (target.byteSize() != rows.byteSize()) {
            throw new IllegalArgumentException("the region " + region + " of " + FileNames.text(stream.path()) + " has "
                    + rows.byteSize() + " bytes, not " + target.byteSize());
        }
        long startNs = System.nanoTime();
        long leftNs = timeoutNs;
        long lostBefore = 0;
        while (true) {
            Verdict verdict = reader.await(leftNs, wanted);
            // A reader that follows a re-creation has another cursor now.
            FrameCursor cursor = reader.cursor();
            cursor.addLost(lostBefore);
            Verdict copied = verdict.hasFrame() ? copy(cursor, target) : verdict;
            if (copied == Verdict.FRESH) {
                return verdict == Verdict.FRESH && lostBefore > 0 ? Verdict.SKIPPED : verdict;
            }
            if (copied != Verdict.LAPPED) {
                return copied;
            }
            // Overwritten during the copy: in sequential reading the frame is lost.
            lostBefore = wanted == Wanted.NEWEST ? 0 : cursor.loseCurrent();
            leftNs = timeoutNs - (System.nanoTime() - startNs);
            if (leftNs <= 0) {
                cursor.setLost(lostBefore);
                return Verdict.TIMED_OUT;
            }
        }
    }

    /** FRESH for a whole copy, LAPPED if the writer overwrote the frame, else the verdict for the lost memory. */
    private Verdict copy(FrameCursor cursor, MemorySegment target) {
        try {
            cursor.loadDetails();
            rows.copy(cursor.frame(), target);
            boolean whole = cursor.isCopyValid();
            Faults.poll();
            return whole ? Verdict.FRESH : Verdict.LAPPED;
        } catch (InternalError e) {
            cursor.drop();
            return Verdict.of(reader.mapped().fileState());
        } catch (IllegalStateException e) {
            cursor.drop();
            return reader.closedOr(e);
        }
    }
}

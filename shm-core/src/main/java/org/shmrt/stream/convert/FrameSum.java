package org.shmrt.stream.convert;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.shmrt.memory.DataType;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.text.FileNames;

/**
 * Adds the frames of up to {@link #MAX_SOURCES} streams of the same type and shape, element by element, and publishes
 * the sum, as DAO's {@code daoShmCombineShm2Shm} does: for example the corrections of several control loops for one
 * mirror. The sum has the type of the elements: integers wrap around, and floating-point numbers are added in the order
 * of the sources.
 *
 * <p>Only whole frames are added: each is copied and checked first. For one thread at a time, the one that uses the
 * writer and the readers. The caller closes the writer and the readers. Does not allocate after its creation.
 */
public final class FrameSum {
    /** The frames that are added. */
    private enum Frames {
        /** The newest one of each source, added before or not. */
        NEWEST,
        /** The newest one of each source, once it is newer than the one added last. */
        NEWER
    }

    /** Maximum number of sources, the same as in DAO's library. */
    public static final int MAX_SOURCES = 1024;

    private final FrameWriter target;
    private final List<FrameReader> sources;
    private final DataType type;
    private final MemorySegment copy;
    private final MemorySegment sum;

    private FrameSum(FrameWriter target, List<FrameReader> sources) {
        this.target = target;
        this.sources = sources;
        StreamLayout layout = target.stream().layout();
        this.type = layout.type();
        this.copy = Arena.ofAuto().allocate(layout.frameBytes(), 8);
        this.sum = Arena.ofAuto().allocate(layout.frameBytes(), 8);
    }

    /**
     * Creates a sum.
     *
     * @param target the writer that publishes it
     * @param sources readers of the streams to add, 1 to {@link #MAX_SOURCES}
     * @return the sum
     * @throws IllegalArgumentException if a source's type or shape is not the target's, or there are too many or none
     */
    public static FrameSum of(FrameWriter target, List<FrameReader> sources) {
        if (sources.isEmpty() || sources.size() > MAX_SOURCES) {
            throw new IllegalArgumentException(
                    "a sum of " + sources.size() + " streams is not possible: give 1 to " + MAX_SOURCES);
        }
        StreamLayout wanted = target.stream().layout();
        if (wanted.type() == DataType.BOOL) {
            throw new IllegalArgumentException("bool elements cannot be added: choose streams of numbers");
        }
        for (FrameReader source : sources) {
            StreamLayout found = source.stream().layout();
            if (found.type() != wanted.type() || !found.shape().equals(wanted.shape())) {
                throw new IllegalArgumentException(
                        FileNames.text(source.stream().path()) + " has frames of " + found.shape() + " "
                                + found.type() + ", but the sum in "
                                + FileNames.text(target.stream().path()) + " has frames of "
                                + wanted.shape() + " " + wanted.type());
            }
        }
        return new FrameSum(target, List.copyOf(sources));
    }

    /**
     * Adds the newest frame of each source and publishes the sum. Does not wait for new frames.
     *
     * @param timeoutNs how long to retry in total while writers overwrite or claim their frames
     * @return {@link Verdict#FRESH} if the sum was published; else the reason why a source has no frame, and nothing is
     *     published
     */
    public Verdict publishNewest(long timeoutNs) {
        return publish(timeoutNs, Frames.NEWEST);
    }

    /**
     * Waits for a frame of each source that is newer than the one added last, adds the newest frames and publishes the
     * sum. Skips the frames between; the readers report their number.
     *
     * @param timeoutNs maximum time to wait in total
     * @return {@link Verdict#FRESH} if the sum was published; else the reason why a source has no frame; nothing is
     *     published then, but the frames of the sources before it count as read
     */
    public Verdict publishNewer(long timeoutNs) {
        return publish(timeoutNs, Frames.NEWER);
    }

    private Verdict publish(long timeoutNs, Frames wanted) {
        long startNs = System.nanoTime();
        sum.fill((byte) 0);
        for (int i = 0; i < sources.size(); i++) {
            FrameReader source = sources.get(i);
            long leftNs = Math.max(0, timeoutNs - (System.nanoTime() - startNs));
            Verdict verdict = wanted == Frames.NEWER ? source.readNewer(copy, leftNs) : source.readNewest(copy, leftNs);
            if (!verdict.hasFrame()) {
                return verdict;
            }
            add();
        }
        target.write(sum);
        return Verdict.FRESH;
    }

    private void add() {
        switch (type) {
            case UINT8, INT8 -> addBytes();
            case UINT16, INT16 -> addShorts();
            case UINT32, INT32 -> addInts();
            case UINT64, INT64 -> addLongs();
            case FLOAT16 -> addHalves();
            case FLOAT32, COMPLEX64 -> addFloats();
            case FLOAT64, COMPLEX128 -> addDoubles();
            default -> throw new IllegalStateException(type + " elements cannot be added");
        }
    }

    private void addBytes() {
        for (long at = 0; at < sum.byteSize(); at++) {
            sum.set(ValueLayout.JAVA_BYTE, at, (byte)
                    (sum.get(ValueLayout.JAVA_BYTE, at) + copy.get(ValueLayout.JAVA_BYTE, at)));
        }
    }

    private void addShorts() {
        for (long at = 0; at < sum.byteSize(); at += Short.BYTES) {
            sum.set(ValueLayout.JAVA_SHORT, at, (short)
                    (sum.get(ValueLayout.JAVA_SHORT, at) + copy.get(ValueLayout.JAVA_SHORT, at)));
        }
    }

    private void addInts() {
        for (long at = 0; at < sum.byteSize(); at += Integer.BYTES) {
            sum.set(ValueLayout.JAVA_INT, at, sum.get(ValueLayout.JAVA_INT, at) + copy.get(ValueLayout.JAVA_INT, at));
        }
    }

    private void addLongs() {
        for (long at = 0; at < sum.byteSize(); at += Long.BYTES) {
            sum.set(
                    ValueLayout.JAVA_LONG,
                    at,
                    sum.get(ValueLayout.JAVA_LONG, at) + copy.get(ValueLayout.JAVA_LONG, at));
        }
    }

    private void addHalves() {
        for (long at = 0; at < sum.byteSize(); at += Short.BYTES) {
            sum.set(
                    ValueLayout.JAVA_SHORT,
                    at,
                    Float.floatToFloat16(Float.float16ToFloat(sum.get(ValueLayout.JAVA_SHORT, at))
                            + Float.float16ToFloat(copy.get(ValueLayout.JAVA_SHORT, at))));
        }
    }

    private void addFloats() {
        for (long at = 0; at < sum.byteSize(); at += Float.BYTES) {
            sum.set(
                    ValueLayout.JAVA_FLOAT,
                    at,
                    sum.get(ValueLayout.JAVA_FLOAT, at) + copy.get(ValueLayout.JAVA_FLOAT, at));
        }
    }

    private void addDoubles() {
        for (long at = 0; at < sum.byteSize(); at += Double.BYTES) {
            sum.set(
                    ValueLayout.JAVA_DOUBLE,
                    at,
                    sum.get(ValueLayout.JAVA_DOUBLE, at) + copy.get(ValueLayout.JAVA_DOUBLE, at));
        }
    }
}

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

/**
 * Adds the frames of up to {@link #MAX_SOURCES} streams of one type and shape, element by element, into one, as DAO's
 * {@code daoShmCombineShm2Shm} does: for example the corrections of several control loops for one mirror. The sum is
 * of the elements' own type: whole numbers wrap around, reals are added in the order of the sources.
 *
 * <p>Only whole frames are added: each is copied out, checked against its writer, before it counts. For one thread at a
 * time, the one that uses the writer and the readers; those stay the caller's, to be closed by it. After it was made
 * it allocates nothing.
 */
public final class FrameSum {
    /** As many sources as DAO's library takes. */
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
     * Plans a sum.
     *
     * @param target where it is published
     * @param sources readers of the streams to add, 1 to {@link #MAX_SOURCES}
     * @return the sum
     * @throws IllegalArgumentException if a source's type or shape is not the target's, or there are too many or none
     */
    public static FrameSum of(FrameWriter target, List<FrameReader> sources) {
        if (sources.isEmpty() || sources.size() > MAX_SOURCES) {
            throw new IllegalArgumentException(
                    "a sum of " + sources.size() + " streams: 1 to " + MAX_SOURCES + " are possible");
        }
        StreamLayout wanted = target.stream().layout();
        if (wanted.type() == DataType.BOOL) {
            throw new IllegalArgumentException("bool elements have no sum");
        }
        for (FrameReader source : sources) {
            StreamLayout found = source.stream().layout();
            if (found.type() != wanted.type() || !found.shape().equals(wanted.shape())) {
                throw new IllegalArgumentException(source.stream().path() + " holds frames of " + found.shape() + " "
                        + found.type() + ", but " + target.stream().path() + " takes sums of " + wanted.shape() + " "
                        + wanted.type());
            }
        }
        return new FrameSum(target, List.copyOf(sources));
    }

    /**
     * Adds the newest frame of each source, as it is at this moment, and publishes the sum.
     *
     * @param timeoutNs how long to try in all while writers overwrite or hold their frames
     * @return fresh if the sum was published; else what kept a source's frame away, and nothing is published
     */
    public Verdict publishNewest(long timeoutNs) {
        return publish(timeoutNs, false);
    }

    /**
     * Waits for a frame of each source newer than the one added last, adds them and publishes the sum. Frames that
     * passed meanwhile are left out; the readers tell how many.
     *
     * @param timeoutNs how long to wait in all
     * @return fresh if the sum was published; else what kept a source's frame away, and nothing is published, but
     *     the frames of the sources before it count as taken
     */
    public Verdict publishNewer(long timeoutNs) {
        return publish(timeoutNs, true);
    }

    private Verdict publish(long timeoutNs, boolean newer) {
        long startNs = System.nanoTime();
        sum.fill((byte) 0);
        for (int i = 0; i < sources.size(); i++) {
            FrameReader source = sources.get(i);
            long leftNs = Math.max(0, timeoutNs - (System.nanoTime() - startNs));
            Verdict verdict = newer ? source.readNewer(copy, leftNs) : source.readNewest(copy, leftNs);
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
            default -> throw new IllegalStateException(type + " elements have no sum");
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

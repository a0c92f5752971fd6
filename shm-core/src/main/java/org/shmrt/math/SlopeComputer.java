package org.shmrt.math;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.math.kernel.SlopeKernel;

/**
 * Computes the slopes of a Shack-Hartmann sensor from frames of unsigned 16-bit pixels. A slope is the centre of gravity of
 * a subaperture, in pixels from its centre, less the reference:
 *
 * <pre>{@code
 * v(x, y) = max(0, pixel(x, y) - threshold)
 * slope   = sum(v * x) / sum(v) - (size - 1) / 2 - reference
 * }</pre>
 *
 * <p>The sums are exact integers; a slope is off by at most 2 units in the last place of the centroid, plus the rounding of
 * the subtraction. A subaperture without light (all pixels at or below the threshold) has the slope 0, whatever its
 * reference; {@link #darkCount} counts them.
 *
 * <p>One thread at a time may use an object. The methods named compute allocate nothing.
 */
public final class SlopeComputer {
    private static final int MAX_PIXEL = 0xffff;

    private final SubapertureGrid grid;
    private final SlopeOrder order;
    private final int span;
    private final int[] sums;
    private final int[] weighted;
    private final float[] reference;
    private final float[] scratch;
    private int threshold;
    private int darkCount;
    private KernelKind kind = KernelKind.SCALAR;
    private SlopeKernel kernel;
    private Optional<KernelChoice> choice = Optional.empty();

    /**
     * Slopes in the order x, y, x, y, without threshold and reference.
     *
     * @param grid where the subapertures are
     */
    public SlopeComputer(SubapertureGrid grid) {
        this(grid, SlopeOrder.INTERLEAVED);
    }

    /**
     * Slopes in an order, without threshold and reference.
     *
     * @param grid where the subapertures are
     * @param order the order of the slopes
     */
    public SlopeComputer(SubapertureGrid grid, SlopeOrder order) {
        this.grid = grid;
        this.order = order;
        this.span = grid.pitch() * (grid.columns() - 1) + grid.size();
        this.sums = new int[span];
        this.weighted = new int[span];
        this.reference = new float[grid.slopeCount()];
        this.scratch = new float[grid.slopeCount()];
        this.kernel = kind.javaKernels().slopes(span);
    }

    /** {@return the grid} */
    public SubapertureGrid grid() {
        return grid;
    }

    /**
     * Sets what is subtracted from each pixel, between two frames; by default 0.
     *
     * @param threshold the value
     * @throws IllegalArgumentException if it is not between 0 and 65535
     */
    public void setThreshold(int threshold) {
        if (threshold < 0 || threshold > MAX_PIXEL) {
            throw new IllegalArgumentException(
                    "a threshold of " + threshold + " is not possible: use 0 to " + MAX_PIXEL);
        }
        this.threshold = threshold;
    }

    /**
     * Sets the slopes that are subtracted, between two frames; by default 0.
     *
     * @param slopes in pixels and in the order of this object, {@link SubapertureGrid#slopeCount} elements; copied
     * @throws IllegalArgumentException if the number of elements differs
     */
    public void setReference(float[] slopes) {
        Vectors.requireLength("the reference", slopes.length, reference.length);
        System.arraycopy(slopes, 0, reference, 0, reference.length);
    }

    /**
     * Computes the slopes of a frame.
     *
     * @param frame {@code width * height} unsigned 16-bit pixels in the byte order of the machine, line by line, in native
     *     memory (a stream's frame, or memory of an arena), at any alignment
     * @param slopes receives {@link SubapertureGrid#slopeCount} elements
     * @throws IllegalArgumentException if a size differs, or the frame is in an array
     */
    public void compute(MemorySegment frame, float[] slopes) {
        Vectors.requireLength("the vector of slopes", slopes.length, reference.length);
        requireFrame(frame);
        computeInto(kernel, frame, slopes);
    }

    /**
     * Computes the slopes of a frame into memory, for example the claimed frame of an output stream.
     *
     * @param frame as for the other method
     * @param slopes receives {@link SubapertureGrid#slopeCount} floats, at any alignment
     * @throws IllegalArgumentException if a size differs, or the frame is in an array
     */
    public void compute(MemorySegment frame, MemorySegment slopes) {
        Vectors.requireLength("the vector of slopes", slopes, reference.length);
        requireFrame(frame);
        computeInto(kernel, frame, scratch);
        Vectors.copy(scratch, slopes, scratch.length);
    }

    private void requireFrame(MemorySegment frame) {
        long bytes = 2L * grid.width() * grid.height();
        if (frame.byteSize() != bytes) {
            throw new IllegalArgumentException("the frame has " + frame.byteSize() + " bytes, but must have " + bytes
                    + " (" + grid.width() + " x " + grid.height() + " unsigned 16-bit pixels)");
        }
        // Segments on the heap would be one more class of segment in the inner loop, which makes all of them slower.
        if (!frame.isNative()) {
            throw new IllegalArgumentException(
                    "the frame is in an array: copy it to native memory, for example of an arena");
        }
    }

    private void computeInto(SlopeKernel with, MemorySegment frame, float[] slopes) {
        int dark = 0;
        int number = 0;
        int size = grid.size();
        int step = order == SlopeOrder.INTERLEAVED ? 2 : 1;
        int toY = order == SlopeOrder.INTERLEAVED ? 1 : grid.validCount();
        for (int row = 0; row < grid.rows(); row++) {
            int line = grid.top() + row * grid.pitch();
            with.columnSums(
                    frame, line * grid.width() + grid.left(), grid.width(), span, size, threshold, sums, weighted);
            for (int column = 0; column < grid.columns(); column++) {
                if (!grid.isValid(column, row)) {
                    continue;
                }
                long total = 0;
                long momentX = 0;
                long momentY = 0;
                int first = column * grid.pitch();
                // From right to left: each partial sum is added once per pixel, which weights it by its position.
                for (int x = first + size - 1; x > first; x--) {
                    total += sums[x];
                    momentX += total;
                    momentY += weighted[x];
                }
                total += sums[first];
                momentY += weighted[first];
                int at = number * step;
                number++;
                if (total == 0) {
                    dark++;
                    slopes[at] = 0;
                    slopes[at + toY] = 0;
                } else {
                    // Twice the moment about the centre is an exact integer, so nothing cancels in float.
                    float scale = 1f / (2 * total);
                    slopes[at] = (2 * momentX - (size - 1) * total) * scale - reference[at];
                    slopes[at + toY] = (2 * momentY - (size - 1) * total) * scale - reference[at + toY];
                }
            }
        }
        darkCount = dark;
    }

    /** {@return how many valid subapertures of the last frame had no light} */
    public int darkCount() {
        return darkCount;
    }

    /**
     * Runs each implementation that this JVM can use until its code is compiled, measures them, and uses the fastest from
     * now on. This takes 1 to 8 s, and up to 20 s on a busy machine. Call it on the thread and the core of the loop, before the loop is armed.
     *
     * @return the choice and the measured speeds
     */
    public KernelChoice warmUp() {
        List<KernelTrial.Candidate> candidates = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        MemorySegment frame = SlopeFrames.synthetic(grid);
        long elements = (long) span * grid.rows() * grid.size();
        for (KernelKind candidate : List.of(KernelKind.VECTOR, KernelKind.SCALAR)) {
            if (candidate.missingReason().isPresent()) {
                missing.add(candidate + ": " + candidate.missingReason().get());
                continue;
            }
            SlopeKernel other = candidate.javaKernels().slopes(span);
            candidates.add(new KernelTrial.Candidate(candidate, elements, () -> computeInto(other, frame, scratch)));
        }
        KernelChoice result = KernelTrial.run(candidates, missing);
        use(result.chosen());
        choice = Optional.of(result);
        return result;
    }

    /**
     * Uses one implementation without measuring.
     *
     * @param wanted the implementation
     * @return this object
     * @throws IllegalArgumentException if the implementation is for matrices only
     * @throws IllegalStateException if this JVM cannot use it, with the reason
     */
    public SlopeComputer use(KernelKind wanted) {
        if (wanted == KernelKind.OPENBLAS) {
            throw new IllegalArgumentException("OpenBLAS computes no slopes: use VECTOR or SCALAR");
        }
        wanted.requireUsable();
        kernel = wanted.javaKernels().slopes(span);
        kind = wanted;
        choice = Optional.empty();
        return this;
    }

    /** {@return the implementation in use} */
    public KernelKind kernel() {
        return kind;
    }

    /** {@return the result of the last {@link #warmUp}, or empty if the implementation was not chosen by measurement} */
    public Optional<KernelChoice> choice() {
        return choice;
    }
}

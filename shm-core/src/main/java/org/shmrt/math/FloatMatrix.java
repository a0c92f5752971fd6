package org.shmrt.math;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.math.kernel.BlasMatrix;
import org.shmrt.math.kernel.MatrixKernel;

/**
 * A matrix of floats that is multiplied by vectors, for example the reconstructor of a control loop.
 *
 * <pre>{@code
 * FloatMatrix matrix = FloatMatrix.of(97, 288, values); // 97 rows, 288 columns, row by row
 * KernelChoice choice = matrix.warmUp();                // before the loop is armed, on its thread
 * matrix.multiply(slopes, command);                     // in each step
 * }</pre>
 *
 * <p>The product follows IEEE 754 with sums in any order, and multiply and add may be fused: two implementations differ
 * in the last bits, at most {@code columns * 2^-23 * sum(|a| |x|)} for each element. A NaN, or an infinity times zero, makes
 * those elements of the result NaN whose row it belongs to; a NaN in the vector makes all of them NaN. No value is treated
 * specially, and denormal numbers are not flushed to zero.
 *
 * <p>The values never change; {@link #withValues} returns another matrix of the same kind, so a loop can be given a new
 * matrix between two steps. A matrix holds the vectors of the current call: one thread at a time may use it. The methods
 * named multiply allocate nothing. A matrix of several megabytes is limited by the memory's bandwidth, not by
 * arithmetic.
 */
public final class FloatMatrix {
    private static final int CHECK_BATCHES = 5;

    private final int rows;
    private final int columns;
    private final float[] input;
    private final float[] output;
    private KernelKind kind;
    private MatrixKernel kernel;
    private Optional<KernelChoice> choice = Optional.empty();

    private FloatMatrix(int rows, int columns, KernelKind kind, MatrixKernel kernel) {
        this.rows = rows;
        this.columns = columns;
        this.input = new float[columns];
        this.output = new float[MatrixKernel.padded(rows)];
        this.kind = kind;
        this.kernel = kernel;
    }

    /**
     * A matrix with copied values. It uses plain Java until {@link #warmUp} or {@link #use} chooses.
     *
     * @param rows at least 1
     * @param columns at least 1
     * @param values row by row, {@code rows * columns} elements
     * @return the matrix
     * @throws IllegalArgumentException if the sizes do not fit each other, or there are more than 2^30 elements
     */
    public static FloatMatrix of(int rows, int columns, float[] values) {
        requireShape(rows, columns);
        Vectors.requireLength("the array of values", values.length, rows * columns);
        return new FloatMatrix(rows, columns, KernelKind.SCALAR, create(KernelKind.SCALAR, rows, columns, values));
    }

    /**
     * A matrix with values that are copied from memory, for example from a stream.
     *
     * @param rows at least 1
     * @param columns at least 1
     * @param values row by row, {@code rows * columns} floats in the byte order of the machine, at any alignment
     * @return the matrix
     * @throws IllegalArgumentException if the sizes do not fit each other, or there are more than 2^30 elements
     */
    public static FloatMatrix of(int rows, int columns, MemorySegment values) {
        requireShape(rows, columns);
        Vectors.requireLength("the segment of values", values, rows * columns);
        float[] copy = new float[rows * columns];
        Vectors.copy(values, copy, copy.length);
        return of(rows, columns, copy);
    }

    private static void requireShape(int rows, int columns) {
        long most = 1L << 30;
        if (rows < 1 || columns < 1 || rows > most || (long) MatrixKernel.padded(rows) * columns > most) {
            throw new IllegalArgumentException("a matrix of " + rows + " x " + columns
                    + " elements is not possible: both must be at least 1, and their product at most 2^30");
        }
    }

    private static MatrixKernel create(KernelKind kind, int rows, int columns, float[] values) {
        return kind == KernelKind.OPENBLAS
                ? new BlasMatrix(rows, columns, values)
                : kind.javaKernels().matrix(rows, columns, values);
    }

    /** {@return the number of rows, which is the length of a product} */
    public int rows() {
        return rows;
    }

    /** {@return the number of columns, which is the length of a vector that can be multiplied} */
    public int columns() {
        return columns;
    }

    /**
     * One element.
     *
     * @param row from 0
     * @param column from 0
     * @return its value
     * @throws IndexOutOfBoundsException if there is no such row or column
     */
    public float get(int row, int column) {
        if (row < 0 || row >= rows || column < 0 || column >= columns) {
            throw new IndexOutOfBoundsException("row " + row + ", column " + column + " of a matrix of " + rows
                    + " rows and " + columns + " columns");
        }
        return kernel.get(row, column);
    }

    private float[] values() {
        float[] values = new float[rows * columns];
        for (int row = 0, at = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++, at++) {
                values[at] = kernel.get(row, column);
            }
        }
        return values;
    }

    /**
     * A matrix of the same size and implementation with other values. It needs no warm-up of its own.
     *
     * @param values row by row, {@code rows * columns} elements
     * @return the other matrix
     * @throws IllegalArgumentException if the number of elements is another
     */
    public FloatMatrix withValues(float[] values) {
        Vectors.requireLength("the array of values", values.length, rows * columns);
        FloatMatrix other = new FloatMatrix(rows, columns, kind, create(kind, rows, columns, values));
        other.choice = choice;
        return other;
    }

    /**
     * Runs each implementation that this JVM can use until its code is compiled, measures them, and uses the fastest from
     * now on. This takes 1 to 8 s, and up to 20 s on a busy machine, and three times the memory of the matrix. Call it on the thread and the core of the
     * loop, before the loop is armed: a JVM compiles the same code better in one start than in another, so the speed has to
     * be measured in each.
     *
     * @return the choice and the measured speeds
     */
    public KernelChoice warmUp() {
        float[] values = values();
        List<KernelTrial.Candidate> candidates = new ArrayList<>();
        List<MatrixKernel> kernels = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
            input[column] = 1f / (1 + column);
        }
        for (KernelKind candidate : KernelKind.values()) {
            if (candidate.missingReason().isPresent()) {
                missing.add(candidate + ": " + candidate.missingReason().get());
                continue;
            }
            MatrixKernel other = candidate == kind ? kernel : create(candidate, rows, columns, values);
            kernels.add(other);
            candidates.add(new KernelTrial.Candidate(candidate, values.length, () -> other.multiply(input, output)));
        }
        KernelChoice result = KernelTrial.run(candidates, missing);
        for (int i = 0; i < kernels.size(); i++) {
            if (candidates.get(i).kind() == result.chosen()) {
                kernel = kernels.get(i);
            }
        }
        kind = result.chosen();
        choice = Optional.of(result);
        return result;
    }

    /**
     * Uses one implementation without measuring.
     *
     * @param wanted the implementation
     * @return this matrix
     * @throws IllegalStateException if this JVM cannot use it, with the reason
     */
    public FloatMatrix use(KernelKind wanted) {
        wanted.requireUsable();
        if (wanted != kind) {
            kernel = create(wanted, rows, columns, values());
            kind = wanted;
            choice = Optional.empty();
        }
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

    /**
     * Measures the implementation in use again for about 25 ms, for example to refuse a loop whose kernel was compiled badly
     * or whose core is busy.
     *
     * @return the median over some batches of the shortest time of a call in ns
     */
    public double measureNs() {
        return KernelTrial.medianNs(() -> kernel.multiply(input, output), CHECK_BATCHES);
    }

    /**
     * Computes {@code y = A x}.
     *
     * @param x {@link #columns} elements
     * @param y {@link #rows} elements; it may be the same array as {@code x}
     * @throws IllegalArgumentException if a length differs
     */
    public void multiply(float[] x, float[] y) {
        Vectors.requireLength("the vector x", x.length, columns);
        Vectors.requireLength("the result y", y.length, rows);
        kernel.multiply(x, output);
        System.arraycopy(output, 0, y, 0, rows);
    }

    /**
     * Computes {@code y = A x} into memory, for example the claimed frame of an output stream.
     *
     * @param x {@link #columns} elements
     * @param y {@link #rows} floats in the byte order of the machine, at any alignment
     * @throws IllegalArgumentException if a size differs
     */
    public void multiply(float[] x, MemorySegment y) {
        Vectors.requireLength("the vector x", x.length, columns);
        Vectors.requireLength("the result y", y, rows);
        kernel.multiply(x, output);
        Vectors.copy(output, y, rows);
    }

    /**
     * Computes {@code y = A x} from memory into memory, for example from the frame of one stream into that of another.
     *
     * @param x {@link #columns} floats in the byte order of the machine, at any alignment
     * @param y {@link #rows} floats; it may overlap {@code x}
     * @throws IllegalArgumentException if a size differs
     */
    public void multiply(MemorySegment x, MemorySegment y) {
        Vectors.requireLength("the vector x", x, columns);
        Vectors.requireLength("the result y", y, rows);
        Vectors.copy(x, input, columns);
        kernel.multiply(input, output);
        Vectors.copy(output, y, rows);
    }

    /** Size and implementation, for example {@code 97 x 288 floats, VECTOR}. */
    @Override
    public String toString() {
        return rows + " x " + columns + " floats, " + kind;
    }
}

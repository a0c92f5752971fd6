package org.shmrt.bench.jmh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.shmrt.array.ArrayView;
import org.shmrt.array.ComplexView;
import org.shmrt.array.SharedArray;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * Access to a shared array compared with a Java array and a {@link ByteBuffer}: sums over a matrix, in time per element,
 * and copies of the whole matrix. The accessors of the array check the indices, and that the file was not truncated;
 * {@link SharedArray#segment()} leaves the latter check to the caller.
 */
public class ArrayBenchmark extends CallBenchmark {
    private static final int ROWS = 64;
    private static final int COLUMNS = 128;
    private static final int ELEMENTS = ROWS * COLUMNS;

    /** For JMH. */
    public ArrayBenchmark() {}

    /** The same matrix as a shared array, a Java array and a buffer. */
    @State(Scope.Benchmark)
    public static class Matrix {
        private static final AtomicInteger CREATED = new AtomicInteger();

        private SharedArray shared;
        private SharedArray numbers;
        private SharedArray spectrum;
        private ComplexView complex;
        private ArrayView row;
        private double[] javaRow;
        private MemorySegment segment;
        private double[] java;
        private ByteBuffer buffer;

        /** For JMH. */
        public Matrix() {}

        /** Creates them and unlinks the files immediately, so that nothing remains. */
        @Setup
        public void create() {
            shared = create(DataType.FLOAT64);
            numbers = create(DataType.UINT16);
            spectrum = create(DataType.COMPLEX64);
            complex = spectrum.complex();
            row = shared.slice(ROWS / 2);
            javaRow = new double[COLUMNS];
            segment = shared.segment();
            java = new double[ELEMENTS];
            buffer = ByteBuffer.allocateDirect(ELEMENTS * Double.BYTES).order(ByteOrder.nativeOrder());
        }

        private static SharedArray create(DataType type) {
            Path path = TemporaryStream.memoryDirectory()
                    .resolve("shmrt_bench_" + ProcessHandle.current().pid() + "_" + CREATED.incrementAndGet()
                            + "_array");
            SharedArray array = SharedArray.create("file://" + path, type, Shape.of(ROWS, COLUMNS));
            SharedArray.delete("file://" + path);
            return array;
        }

        /** Unmaps them. */
        @TearDown
        public void close() {
            shared.close();
            numbers.close();
            spectrum.close();
        }
    }

    /**
     * The sum of a Java array.
     *
     * @param matrix the arrays
     * @return the sum
     */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public double sumOfJavaArray(Matrix matrix) {
        double sum = 0;
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                sum += matrix.java[i * COLUMNS + j];
            }
        }
        return sum;
    }

    /**
     * The sum of a direct buffer.
     *
     * @param matrix the arrays
     * @return the sum
     */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public double sumOfByteBuffer(Matrix matrix) {
        double sum = 0;
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                sum += matrix.buffer.getDouble((i * COLUMNS + j) * Double.BYTES);
            }
        }
        return sum;
    }

    /**
     * The sum of a shared array through its segment.
     *
     * @param matrix the arrays
     * @return the sum
     */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public double sumOfSegment(Matrix matrix) {
        double sum = 0;
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                sum += matrix.segment.getAtIndex(ValueLayout.JAVA_DOUBLE, (long) i * COLUMNS + j);
            }
        }
        return sum;
    }

    /**
     * The sum of a shared array by indices.
     *
     * @param matrix the arrays
     * @return the sum
     */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public double sumByIndices(Matrix matrix) {
        double sum = 0;
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                sum += matrix.shared.getDouble(i, j);
            }
        }
        return sum;
    }

    /**
     * The sum of a shared array of uint16 by indices.
     *
     * @param matrix the arrays
     * @return the sum
     */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long sumOfUnsignedByIndices(Matrix matrix) {
        long sum = 0;
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                sum += matrix.numbers.getInt(i, j);
            }
        }
        return sum;
    }

    /**
     * The sum of the real parts of a shared array of complex64 by indices.
     *
     * @param matrix the arrays
     * @return the sum
     */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public double sumOfComplexByIndices(Matrix matrix) {
        double sum = 0;
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                sum += matrix.complex.getReal(i, j);
            }
        }
        return sum;
    }

    /**
     * Every element of a shared array set by indices.
     *
     * @param matrix the arrays
     */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public void setByIndices(Matrix matrix) {
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                matrix.shared.setDouble(1.5, i, j);
            }
        }
    }

    /**
     * A shared array of 64 KiB copied to a Java array.
     *
     * @param matrix the arrays
     */
    @Benchmark
    public void copyToJavaArray(Matrix matrix) {
        matrix.shared.copyTo(matrix.java);
    }

    /**
     * A Java array copied to a shared array of 64 KiB.
     *
     * @param matrix the arrays
     */
    @Benchmark
    public void copyFromJavaArray(Matrix matrix) {
        matrix.shared.copyFrom(matrix.java);
    }

    /**
     * A row of a shared array, 1 KiB, copied to a Java array and back.
     *
     * @param matrix the arrays
     */
    @Benchmark
    public void copyOfRow(Matrix matrix) {
        matrix.row.copyTo(matrix.javaRow);
        matrix.row.copyFrom(matrix.javaRow);
    }

    /**
     * A direct buffer of 64 KiB copied to a Java array.
     *
     * @param matrix the arrays
     */
    @Benchmark
    public void copyOfByteBuffer(Matrix matrix) {
        matrix.buffer.asDoubleBuffer().get(0, matrix.java);
    }

    /**
     * A Java array of 64 KiB copied to another.
     *
     * @param matrix the arrays
     * @return the other
     */
    @Benchmark
    public double[] cloneOfJavaArray(Matrix matrix) {
        return matrix.java.clone();
    }
}

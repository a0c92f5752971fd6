package org.shmrt.bench.jmh;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.shmrt.bench.rig.process.CPrograms;
import org.shmrt.math.FloatMatrix;
import org.shmrt.math.KernelKind;
import org.shmrt.math.LeakyIntegrator;
import org.shmrt.math.SlopeComputer;
import org.shmrt.math.SubapertureGrid;

/**
 * The arithmetic of control loops: each implementation of ShmRT, the loop that everyone writes first, and C. The C code is
 * compiled at run time for this processor with permission to reorder sums. OpenBLAS must be installed.
 *
 * <p>The naive matrix loop is the baseline of the products, C that of the slopes.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 2,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "--add-modules=jdk.incubator.vector"})
@Warmup(iterations = 4, time = 1, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class KernelBenchmark {
    /** For JMH. */
    public KernelBenchmark() {}

    /** The kernels in C. */
    @State(Scope.Benchmark)
    public static class CKernels {
        private static final List<String> FLAGS =
                List.of("-std=gnu11", "-O3", "-march=native", "-ffast-math", "-fPIC", "-shared");

        private CPrograms programs;
        private Arena arena;
        private MethodHandle multiply;
        private MethodHandle slopes;

        /** For JMH. */
        public CKernels() {}

        /**
         * Compiles and links them.
         *
         * @throws IOException if they cannot be compiled
         */
        @Setup
        @SuppressWarnings("restricted")
        public void link() throws IOException {
            Path compiler = CPrograms.compiler()
                    .orElseThrow(
                            () -> new IllegalStateException("there is no C compiler: install one, for example gcc"));
            programs = CPrograms.compile(compiler, List.of("kernels"), FLAGS);
            arena = Arena.ofShared();
            SymbolLookup library = SymbolLookup.libraryLookup(Path.of(programs.path("kernels")), arena);
            multiply = Linker.nativeLinker()
                    .downcallHandle(
                            library.find("matrix_multiply").orElseThrow(),
                            FunctionDescriptor.ofVoid(
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT));
            slopes = Linker.nativeLinker()
                    .downcallHandle(
                            library.find("slopes_compute").orElseThrow(),
                            FunctionDescriptor.ofVoid(
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS));
        }

        /** Removes them. */
        @TearDown
        public void remove() {
            arena.close();
            programs.close();
        }
    }

    /** A matrix and its vectors. */
    @State(Scope.Benchmark)
    public static class Product {
        /** Rows and columns. */
        @Param({"97x288", "400x800", "2000x4000"})
        public String size;

        private int rows;
        private int columns;
        private float[] a;
        private float[] x;
        private float[] y;
        private MemorySegment nativeA;
        private MemorySegment nativeX;
        private MemorySegment nativeY;
        private FloatMatrix vector;
        private FloatMatrix scalar;
        private FloatMatrix blas;

        /** For JMH. */
        public Product() {}

        /** Fills them. */
        @Setup
        public void fill() {
            String[] words = size.split("x");
            rows = Integer.parseInt(words[0]);
            columns = Integer.parseInt(words[1]);
            a = floats(rows * columns);
            x = floats(columns);
            y = new float[rows];
            nativeA = copy(a);
            nativeX = copy(x);
            nativeY = copy(y);
            vector = FloatMatrix.of(rows, columns, a).use(KernelKind.VECTOR);
            scalar = FloatMatrix.of(rows, columns, a).use(KernelKind.SCALAR);
            blas = FloatMatrix.of(rows, columns, a).use(KernelKind.OPENBLAS);
        }

        private static float[] floats(int count) {
            Random random = new Random(count);
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = random.nextFloat() - 0.5f;
            }
            return values;
        }

        private static MemorySegment copy(float[] values) {
            MemorySegment copy = Arena.ofAuto().allocate(4L * values.length, 64);
            MemorySegment.copy(values, 0, copy, ValueLayout.JAVA_FLOAT, 0, values.length);
            return copy;
        }
    }

    /**
     * The Vector API.
     *
     * @param state the matrix
     * @return the result
     */
    @Benchmark
    public float[] productVector(Product state) {
        state.vector.multiply(state.x, state.y);
        return state.y;
    }

    /**
     * Plain Java of ShmRT.
     *
     * @param state the matrix
     * @return the result
     */
    @Benchmark
    public float[] productScalar(Product state) {
        state.scalar.multiply(state.x, state.y);
        return state.y;
    }

    /**
     * OpenBLAS.
     *
     * @param state the matrix
     * @return the result
     */
    @Benchmark
    public float[] productOpenBlas(Product state) {
        state.blas.multiply(state.x, state.y);
        return state.y;
    }

    /**
     * Two loops in Java.
     *
     * @param state the matrix
     * @return the result
     */
    @Benchmark
    public float[] productNaive(Product state) {
        float[] a = state.a;
        float[] x = state.x;
        for (int row = 0, at = 0; row < state.rows; row++) {
            float sum = 0;
            for (int column = 0; column < state.columns; column++, at++) {
                sum += a[at] * x[column];
            }
            state.y[row] = sum;
        }
        return state.y;
    }

    /**
     * The same two loops in C.
     *
     * @param state the matrix
     * @param c the function
     * @return the result
     * @throws Throwable never
     */
    @Benchmark
    public MemorySegment productC(Product state, CKernels c) throws Throwable {
        c.multiply.invokeExact(state.nativeA, state.nativeX, state.nativeY, state.rows, state.columns);
        return state.nativeY;
    }

    /** A frame of 120 x 120 pixels with 144 subapertures. */
    @State(Scope.Benchmark)
    public static class Frame {
        private static final int SIDE = 120;
        private static final int SIZE = 10;

        private final MemorySegment pixels = Arena.ofAuto().allocate(2 * SIDE * SIDE, 64);
        private final float[] slopes = new float[288];
        private final MemorySegment nativeSlopes = Arena.ofAuto().allocate(4 * 288, 64);
        private final SlopeComputer vector =
                new SlopeComputer(SubapertureGrid.of(SIDE, SIDE, SIZE)).use(KernelKind.VECTOR);
        private final SlopeComputer scalar = new SlopeComputer(SubapertureGrid.of(SIDE, SIDE, SIZE));
        private final LeakyIntegrator integrator = new LeakyIntegrator(288, 0.3f, 0.99f);

        /** For JMH. */
        public Frame() {
            for (int i = 0; i < SIDE * SIDE; i++) {
                pixels.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (100 + i % 77));
            }
        }
    }

    /**
     * The Vector API.
     *
     * @param state the frame
     * @return the result
     */
    @Benchmark
    public float[] slopesVector(Frame state) {
        state.vector.compute(state.pixels, state.slopes);
        return state.slopes;
    }

    /**
     * Plain Java of ShmRT.
     *
     * @param state the frame
     * @return the result
     */
    @Benchmark
    public float[] slopesScalar(Frame state) {
        state.scalar.compute(state.pixels, state.slopes);
        return state.slopes;
    }

    /**
     * C.
     *
     * @param state the frame
     * @param c the function
     * @return the result
     * @throws Throwable never
     */
    @Benchmark
    public MemorySegment slopesC(Frame state, CKernels c) throws Throwable {
        c.slopes.invokeExact(state.pixels, Frame.SIDE, Frame.SIDE, Frame.SIZE, state.nativeSlopes);
        return state.nativeSlopes;
    }

    /**
     * The integrator with 288 elements.
     *
     * @param state the integrator
     * @return the result
     */
    @Benchmark
    public float[] integrator(Frame state) {
        state.integrator.update(state.slopes, state.slopes);
        return state.slopes;
    }
}

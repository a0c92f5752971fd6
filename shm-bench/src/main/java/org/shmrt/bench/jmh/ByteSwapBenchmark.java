package org.shmrt.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
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

/**
 * Bytes of FITS pixels put in this machine's order, as the loader does it: 32 KiB at a time and in place, while they lie
 * in the cache; beside a copy of as many bytes. {@link FitsLoadBenchmark} has the loader as a whole.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class ByteSwapBenchmark {
    /** For JMH. */
    public ByteSwapBenchmark() {}

    private static final long PIECE_BYTES = 32 << 10;
    /** The loader's own loops, which its package keeps to itself. */
    private static final MethodHandle TO_NATIVE = loops();

    private static MethodHandle loops() {
        try {
            Class<?> loops = Class.forName("org.shmrt.fits.pixel.ByteSwap");
            return MethodHandles.privateLookupIn(loops, MethodHandles.lookup())
                    .findStatic(
                            loops,
                            "toNative",
                            MethodType.methodType(void.class, MemorySegment.class, int.class, long.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A piece of pixels. */
    @State(Scope.Benchmark)
    public static class Pixels {
        /** Size of an element. */
        @Param({"1", "2", "4", "8"})
        public int itemBytes;

        private Arena arena;
        private MemorySegment piece;
        private MemorySegment other;

        /** For JMH. */
        public Pixels() {}

        /** Allocates it. */
        @Setup
        public void allocate() {
            arena = Arena.ofShared();
            piece = arena.allocate(PIECE_BYTES, 64);
            other = arena.allocate(PIECE_BYTES, 64);
        }

        /** Frees it. */
        @TearDown
        public void free() {
            arena.close();
        }
    }

    /**
     * Signed numbers, whose bytes only change places; those of one byte stay.
     *
     * @param pixels the piece
     * @throws Throwable never
     */
    @Benchmark
    public void reverse(Pixels pixels) throws Throwable {
        TO_NATIVE.invokeExact(pixels.piece, pixels.itemBytes, 0L);
    }

    /**
     * Unsigned numbers, whose sign bit is inverted on the way.
     *
     * @param pixels the piece
     * @throws Throwable never
     */
    @Benchmark
    public void reverseUnsigned(Pixels pixels) throws Throwable {
        TO_NATIVE.invokeExact(pixels.piece, pixels.itemBytes, 1L << (8 * pixels.itemBytes - 1));
    }

    /**
     * The baseline: the piece copied.
     *
     * @param pixels the piece
     */
    @Benchmark
    public void copy(Pixels pixels) {
        MemorySegment.copy(pixels.piece, 0, pixels.other, 0, PIECE_BYTES);
    }
}

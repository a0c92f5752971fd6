package org.shmrt.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Conversion of FITS pixels to this machine's byte order, as the loader does it: in place, 32 KiB at a time, while the
 * bytes are in the cache. The baseline is a copy of the same number of bytes. {@link FitsLoadBenchmark} measures the
 * whole loader.
 */
public class ByteSwapBenchmark extends CallBenchmark {
    /** For JMH. */
    public ByteSwapBenchmark() {}

    private static final long PIECE_BYTES = 32 << 10;
    /** The loops of the loader, which are package-private. */
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

    /** The pixels. */
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
     * Signed integers: the bytes are reversed, or unchanged if there is only one.
     *
     * @param pixels the pixels
     * @throws Throwable never
     */
    @Benchmark
    public void reverse(Pixels pixels) throws Throwable {
        TO_NATIVE.invokeExact(pixels.piece, pixels.itemBytes, 0L);
    }

    /**
     * Unsigned integers: the bytes are reversed and the sign bit is inverted.
     *
     * @param pixels the pixels
     * @throws Throwable never
     */
    @Benchmark
    public void reverseUnsigned(Pixels pixels) throws Throwable {
        TO_NATIVE.invokeExact(pixels.piece, pixels.itemBytes, 1L << (8 * pixels.itemBytes - 1));
    }

    /**
     * The baseline: a copy.
     *
     * @param pixels the pixels
     */
    @Benchmark
    public void copy(Pixels pixels) {
        MemorySegment.copy(pixels.piece, 0, pixels.other, 0, PIECE_BYTES);
    }
}

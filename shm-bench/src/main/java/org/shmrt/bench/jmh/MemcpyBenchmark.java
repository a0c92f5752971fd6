package org.shmrt.bench.jmh;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.shmrt.stream.Verdict;

/**
 * A frame published by copy and read back by checked copy, beside the same two copies of the same memory by C's memcpy
 * and by {@code MemorySegment.copy}. The ratio of the first to the faster of the others is the price of the protocol.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class MemcpyBenchmark {
    /** For JMH. */
    public MemcpyBenchmark() {}

    private static final MethodHandle MEMCPY = memcpy();

    @SuppressWarnings("restricted")
    private static MethodHandle memcpy() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find("memcpy").orElseThrow(),
                FunctionDescriptor.of(
                        ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    }

    /** A stream of the sizes that are worth a comparison. */
    @State(Scope.Benchmark)
    public static class Sized extends StreamState {
        /** Size of a frame. */
        @Param({"4096", "65536", "1048576", "16777216", "67108864"})
        public long copyBytes;

        /** For JMH. */
        public Sized() {}

        @Override
        protected long frameBytes() {
            return copyBytes;
        }
    }

    /**
     * The product.
     *
     * @param state the stream
     * @return fresh
     */
    @Benchmark
    public Verdict publishAndRead(Sized state) {
        state.writer.write(state.frame);
        return state.reader.read(state.frame, 0);
    }

    /**
     * Into the stream's memory and out again, by C.
     *
     * @param state the stream
     * @return where the copy is
     * @throws Throwable never
     */
    @Benchmark
    public MemorySegment memcpy(Sized state) throws Throwable {
        MemorySegment shared = state.writable;
        MemorySegment in = (MemorySegment) MEMCPY.invokeExact(shared, state.frame, state.copyBytes);
        MemorySegment out = (MemorySegment) MEMCPY.invokeExact(state.frame, shared, state.copyBytes);
        return in.address() == out.address() ? in : out;
    }

    /**
     * Into the stream's memory and out again, by Java.
     *
     * @param state the stream
     */
    @Benchmark
    public void segmentCopy(Sized state) {
        MemorySegment.copy(state.frame, 0, state.writable, 0, state.copyBytes);
        MemorySegment.copy(state.writable, 0, state.frame, 0, state.copyBytes);
    }
}

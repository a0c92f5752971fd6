package org.shmrt.bench.jmh;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.shmrt.stream.Verdict;

/**
 * A frame is published by copy and read back with verification. The baselines are the same two copies of the same memory
 * with C's memcpy and with {@code MemorySegment.copy}. The ratio to the faster baseline is the cost of the protocol.
 */
public class MemcpyBenchmark extends CallBenchmark {
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

    /** A stream, in the sizes to compare. */
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
     * Publishes and reads with ShmRT.
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
     * Copies into the stream's memory and out of it with memcpy.
     *
     * @param state the stream
     * @return the address of the copy
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
     * Copies into the stream's memory and out of it in Java.
     *
     * @param state the stream
     */
    @Benchmark
    public void segmentCopy(Sized state) {
        MemorySegment.copy(state.frame, 0, state.writable, 0, state.copyBytes);
        MemorySegment.copy(state.writable, 0, state.frame, 0, state.copyBytes);
    }
}

package org.shmrt.bench.jmh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.shmrt.block.ShareableList;
import org.shmrt.block.SharedMemory;

/**
 * Access to a block compared with a direct {@link ByteBuffer}: one byte, and copies from and to a Java array. The
 * {@code checked} copies throw an exception if the block was truncated.
 */
public class BlockBenchmark extends CallBenchmark {
    /** For JMH. */
    public BlockBenchmark() {}

    /** A block, a list, and a buffer of the same size. */
    @State(Scope.Benchmark)
    public static class Memory {
        /** Size of the block. */
        @Param({"64", "4096", "65536", "1048576"})
        public int copyBytes;

        private SharedMemory block;
        private ShareableList list;
        private MemorySegment buf;
        private ByteBuffer buffer;
        private byte[] bytes;
        private MemorySegment heap;
        private int index;

        /** For JMH. */
        public Memory() {}

        /** Creates them and unlinks them immediately, so that nothing remains. */
        @Setup
        public void create() {
            block = SharedMemory.create(copyBytes);
            block.unlink();
            list = ShareableList.create(List.of(1, 2.5, "text"));
            list.block().unlink();
            buf = block.buf();
            buffer = ByteBuffer.allocateDirect(copyBytes);
            bytes = new byte[copyBytes];
            heap = MemorySegment.ofArray(bytes);
        }

        /** Unmaps them. */
        @TearDown
        public void close() {
            block.close();
            list.close();
        }

        private int next() {
            index = index + 1 & copyBytes - 1;
            return index;
        }
    }

    /**
     * One byte read and written through {@link SharedMemory#buf()}.
     *
     * @param memory the block and the arrays
     */
    @Benchmark
    public void blockByte(Memory memory) {
        int at = memory.next();
        memory.buf.set(ValueLayout.JAVA_BYTE, at, (byte) (memory.buf.get(ValueLayout.JAVA_BYTE, at) + 1));
    }

    /**
     * The same through a direct buffer.
     *
     * @param memory the block and the arrays
     */
    @Benchmark
    public void bufferByte(Memory memory) {
        int at = memory.next();
        memory.buffer.put(at, (byte) (memory.buffer.get(at) + 1));
    }

    /**
     * A Java array copied into the block.
     *
     * @param memory the block and the arrays
     */
    @Benchmark
    public void blockCopyIn(Memory memory) {
        MemorySegment.copy(memory.bytes, 0, memory.buf, ValueLayout.JAVA_BYTE, 0, memory.copyBytes);
    }

    /**
     * The same with a check that the block was not truncated.
     *
     * @param memory the block and the arrays
     */
    @Benchmark
    public void checkedCopyIn(Memory memory) {
        memory.block.write(0, memory.heap);
    }

    /**
     * The same into a direct buffer.
     *
     * @param memory the block and the arrays
     */
    @Benchmark
    public void bufferCopyIn(Memory memory) {
        memory.buffer.put(0, memory.bytes);
    }

    /**
     * The block copied into a Java array.
     *
     * @param memory the block and the arrays
     */
    @Benchmark
    public void blockCopyOut(Memory memory) {
        MemorySegment.copy(memory.buf, ValueLayout.JAVA_BYTE, 0, memory.bytes, 0, memory.copyBytes);
    }

    /**
     * The same with a check that the block was not truncated.
     *
     * @param memory the block and the arrays
     */
    @Benchmark
    public void checkedCopyOut(Memory memory) {
        memory.block.read(0, memory.heap);
    }

    /**
     * The same out of a direct buffer.
     *
     * @param memory the block and the arrays
     */
    @Benchmark
    public void bufferCopyOut(Memory memory) {
        memory.buffer.get(0, memory.bytes);
    }

    /**
     * Reads a number of a list.
     *
     * @param memory the list
     * @return the number, as a new object
     */
    @Benchmark
    public Object listNumber(Memory memory) {
        return memory.list.get(1);
    }
}

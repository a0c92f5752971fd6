package org.shmrt.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.FramesAhead;
import org.shmrt.stream.PacketWriter;
import org.shmrt.stream.format.StreamSpec;

/**
 * Frames that are written in parts: a DAO frame in four packets of 1 KiB, and a slice of 1 KiB of milk's rolling cube. And
 * frames of 4 KiB that are claimed ahead, in order and after a spoilt one.
 */
public class PartsBenchmark extends CallBenchmark {
    /** For JMH. */
    public PartsBenchmark() {}

    private static final int PACKETS = 4;
    private static final int PART_BYTES = 1024;

    /** The two streams. */
    @State(Scope.Benchmark)
    public static class Streams {
        private TemporaryStream frames;
        private TemporaryStream cube;
        private TemporaryStream ring;
        private PacketWriter packets;
        private FrameWriter slices;
        private FramesAhead ahead;
        private int next;
        private Arena arena;
        private MemorySegment part;
        private long frameNumber;

        /** For JMH. */
        public Streams() {}

        /** Creates them. */
        @Setup
        public void create() {
            frames = TemporaryStream.create(
                    "packets",
                    StreamSpec.dao(DataType.UINT8, Shape.of(PACKETS, PART_BYTES))
                            .withDepth(4));
            cube = TemporaryStream.create(
                    "cube",
                    StreamSpec.milk(DataType.UINT8, Shape.of(8, 32, PART_BYTES / 32))
                            .asRollingCube());
            packets = frames.stream().writer().packets();
            slices = cube.stream().writer();
            ring = TemporaryStream.create(
                    "ahead",
                    StreamSpec.dao(DataType.UINT8, Shape.of(PACKETS, PART_BYTES))
                            .withDepth(4));
            ahead = ring.stream().writer().claimAhead(2);
            next = ahead.claim();
            arena = Arena.ofShared();
            part = arena.allocate(PART_BYTES, 64);
        }

        /** Removes them. */
        @TearDown
        public void remove() {
            frames.close();
            cube.close();
            ring.close();
            arena.close();
        }
    }

    /**
     * A frame in packets, in order.
     *
     * @param streams the streams
     * @return the frame's count
     */
    @Benchmark
    public long packets(Streams streams) {
        streams.packets.begin(++streams.frameNumber, PACKETS);
        for (int packet = 0; packet < PACKETS; packet++) {
            streams.packets.write(packet, (long) packet * PART_BYTES, streams.part);
        }
        return streams.packets.finish();
    }

    /**
     * A slice of a rolling cube.
     *
     * @param streams the streams
     * @return the frame's count
     */
    @Benchmark
    public long slice(Streams streams) {
        return streams.slices.writeSlice(streams.part);
    }

    /**
     * A frame in place, while the next one is claimed.
     *
     * @param streams the streams
     * @return the frame's count
     */
    @Benchmark
    public long ahead(Streams streams) {
        int following = streams.ahead.claim();
        streams.ahead.memory(streams.next).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 42);
        long count = streams.ahead.publish(streams.next, 1);
        streams.next = following;
        return count;
    }

    /**
     * A frame that arrives while the one before it is given back, so that it is copied.
     *
     * @param streams the streams
     * @return the frame's count
     */
    @Benchmark
    public long aheadAfterSpoilt(Streams streams) {
        int following = streams.ahead.claim();
        streams.ahead.giveBack(streams.next);
        long count = streams.ahead.publish(following, 1);
        streams.next = streams.ahead.claim();
        return count;
    }
}

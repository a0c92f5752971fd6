package org.shmrt.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameCounter;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;

/**
 * A stream with a writer and a polling reader that has the newest frame, and a frame outside of shared memory.
 */
@State(Scope.Benchmark)
public class StreamState {
    /** Format and layout: {@code dao}, {@code dao-ring} of 4 slots, {@code milk}, {@code milk-circular} of 4 frames. */
    @Param({"dao", "dao-ring", "milk", "milk-circular"})
    public String layout;

    private TemporaryStream temporary;
    private Arena arena;
    ImageStream stream;
    FrameWriter writer;
    FrameReader reader;
    FrameCounter counter;
    MemorySegment frame;
    MemorySegment writable;

    /** For JMH. */
    public StreamState() {}

    /**
     * Size of a frame. In {@link SizedStreamState} it is a parameter.
     *
     * @return bytes
     */
    protected long frameBytes() {
        return 4096;
    }

    private StreamSpec spec() {
        Shape shape = Shape.of(frameBytes());
        return switch (layout) {
            case "dao" -> StreamSpec.dao(DataType.UINT8, shape);
            case "dao-ring" -> StreamSpec.dao(DataType.UINT8, shape).withDepth(4);
            case "milk" -> StreamSpec.milk(DataType.UINT8, shape);
            case "milk-circular" -> StreamSpec.milk(DataType.UINT8, shape).withCircularBuffer(4);
            default -> throw new IllegalArgumentException("there is no layout '" + layout + "'");
        };
    }

    /** Creates the stream. */
    @Setup(Level.Trial)
    public void create() {
        temporary = TemporaryStream.create("jmh", spec());
        stream = temporary.stream();
        writer = stream.writer();
        reader = stream.reader(WaitStrategy.spin());
        counter = FrameCounter.of(stream);
        arena = Arena.ofShared();
        frame = arena.allocate(frameBytes(), 64);
        frame.fill((byte) 7);
        writable = writer.claim();
        writer.publish();
        writer.write(frame);
        reader.newest();
    }

    /** Removes the stream. */
    @TearDown(Level.Trial)
    public void remove() {
        temporary.close();
        arena.close();
    }
}

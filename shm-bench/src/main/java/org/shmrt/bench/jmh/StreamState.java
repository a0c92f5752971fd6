package org.shmrt.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;

/**
 * A DAO stream with one frame in it, its writer and a polling reader, and a frame outside shared memory.
 */
@State(Scope.Benchmark)
public class StreamState {
    private TemporaryStream temporary;
    private Arena arena;
    ImageStream stream;
    FrameWriter writer;
    FrameReader reader;
    MemorySegment frame;

    /** For JMH. */
    public StreamState() {
    }

    /**
     * Size of a frame; {@link SizedStreamState} has it as a parameter.
     *
     * @return bytes
     */
    protected long frameBytes() {
        return 4096;
    }

    /** Makes the stream. */
    @Setup(Level.Trial)
    public void create() {
        temporary = TemporaryStream.create("jmh", frameBytes());
        stream = temporary.stream();
        writer = stream.writer();
        reader = stream.reader(WaitStrategy.spin());
        arena = Arena.ofShared();
        frame = arena.allocate(frameBytes(), 64);
        frame.fill((byte) 7);
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

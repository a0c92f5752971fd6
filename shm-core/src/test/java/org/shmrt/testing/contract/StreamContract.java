package org.shmrt.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/**
 * Base of the contract tests of streams. The tests of a format extend {@link WriterContract}, {@link ReaderContract},
 * {@link WaitContract} and {@link ProcessContract} once for each kind of stream, and pass the specification of a stream
 * of uint16.
 */
public abstract class StreamContract {
    protected static final long MS = 1_000_000L;
    protected static final long SECOND = 1_000_000_000L;

    @RegisterExtension
    public final Scratch scratch;

    protected final StreamSpec spec;
    protected final int depth;
    protected final RampFrames ramp;
    protected Path path;

    protected StreamContract(StreamSpec spec, Scratch scratch) {
        assertEquals(DataType.UINT16, spec.type());
        this.spec = spec;
        this.depth = spec.depth();
        this.scratch = scratch;
        this.ramp = new RampFrames(spec.shape().elementCount());
    }

    @BeforeEach
    public void choosePath() {
        path = scratch.stream("cam");
    }

    protected ImageStream create() {
        return ImageStream.create(path, spec);
    }

    /** Writes ramp frames with the next counts. */
    protected void writeRamps(FrameWriter writer, int times) {
        for (int i = 0; i < times; i++) {
            long next = newestCount() + 1;
            assertEquals(next, writer.write(ramp.of(next)));
        }
    }

    private long newestCount() {
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            return stream.status().cnt0();
        }
    }

    protected void assertRamp(MemorySegment frame, long count) {
        assertTrue(ramp.isWhole(frame, count), () -> "not the ramp of " + count);
    }

    /** Runs a task in a new thread; {@link FutureTask#get} returns its result. */
    protected static <T> FutureTask<T> inBackground(Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        Thread.ofPlatform().daemon().start(future);
        return future;
    }
}

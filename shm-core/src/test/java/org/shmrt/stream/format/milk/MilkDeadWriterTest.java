package org.shmrt.stream.format.milk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/**
 * A milk stream stores the pid of the last poster; a live process with that pid does not mean that the writer is alive.
 */
@Tag("slow")
@Timeout(600)
class MilkDeadWriterTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Shape SHAPE = Shape.of(8, 8);

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private Path path;

    private ImageStream create() {
        path = scratch.stream("cam");
        ImageStream stream = ImageStream.create(path, StreamSpec.milk(DataType.UINT16, SHAPE));
        try (FrameWriter writer = stream.writer()) {
            // Fills all semaphores, so that the writer that will die posts none and is not stored as poster.
            for (int count = 1; count <= 12; count++) {
                writer.write(new RampFrames(SHAPE.elementCount()).of(count));
            }
        }
        return stream;
    }

    private void storeAsPoster(SemaphoreLayout semaphores, long pid) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            for (int i = 0; i < semaphores.count(); i++) {
                file.seek(semaphores.writerPidOffset() + 4L * i);
                file.writeInt(Integer.reverseBytes((int) pid));
            }
        }
    }

    @Test
    void shouldNotMistakeALiveEarlierWriterForTheDeadOne() throws IOException {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                ChildProcess earlier = ChildJvm.start("await", path, "sleep", 1, 120 * SECOND)) {
            earlier.lineWith("ready");
            storeAsPoster(stream.layout().semaphores(), earlier.pid());
            try (ChildProcess writer = ChildJvm.start("claim", path)) {
                assertEquals("claimed", writer.line());
                writer.kill();
            }
            reader.skipToNewest();

            assertEquals(Verdict.STALE_WRITER, reader.awaitNext(60 * SECOND));
        }
    }

    @Test
    void shouldNotMistakeAnotherProcessWithTheSamePidForTheWriter() throws IOException {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                ChildProcess other = ChildProcess.start(List.of("sleep", "600"))) {
            try (ChildProcess writer = ChildJvm.start("claim", path)) {
                assertEquals("claimed", writer.line());
                writer.kill();
            }
            storeAsPoster(stream.layout().semaphores(), other.pid());
            reader.skipToNewest();

            assertEquals(Verdict.STALE_WRITER, reader.awaitNext(60 * SECOND));
        }
    }
}

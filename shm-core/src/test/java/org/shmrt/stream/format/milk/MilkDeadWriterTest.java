package org.shmrt.stream.format.milk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
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
import org.shmrt.testing.Frames;
import org.shmrt.testing.Scratch;

/** A milk stream names who posted last; that a process of that number lives does not make a dead writer live. */
@Timeout(60)
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
            // So often that no semaphore is posted, and nobody noted, by the writer that will die.
            for (int count = 1; count <= 12; count++) {
                writer.write(new Frames(SHAPE.elementCount()).of(count));
            }
        }
        return stream;
    }

    private void noteAsPoster(SemaphoreLayout semaphores, long pid) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            for (int i = 0; i < semaphores.count(); i++) {
                file.seek(semaphores.writerPidOffset() + 4L * i);
                file.writeInt(Integer.reverseBytes((int) pid));
            }
        }
    }

    @Test
    void shouldNotTakeAnEarlierWriterThatLivesForTheDeadOne() throws IOException {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                ChildProcess earlier = ChildJvm.start("await", path, "sleep", 1, 40 * SECOND)) {
            earlier.lineWith("ready");
            noteAsPoster(stream.layout().semaphores(), earlier.pid());
            try (ChildProcess writer = ChildJvm.start("claim", path)) {
                assertEquals("claimed", writer.line());
                writer.kill();
            }
            reader.skipToNewest();

            assertEquals(Verdict.STALE_WRITER, reader.awaitNext(5 * SECOND));
        }
    }

    @Test
    void shouldNotTakeAnotherProgramOfTheWritersNumberForIt() throws IOException {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                ChildProcess other = ChildProcess.start(List.of("sleep", "60"))) {
            try (ChildProcess writer = ChildJvm.start("claim", path)) {
                assertEquals("claimed", writer.line());
                writer.kill();
            }
            noteAsPoster(stream.layout().semaphores(), other.pid());
            reader.skipToNewest();

            assertEquals(Verdict.STALE_WRITER, reader.awaitNext(5 * SECOND));
        }
    }
}

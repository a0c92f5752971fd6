package org.shmrt.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.InterceptedChannel;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** A disk that fails once when it is forced, and succeeds afterwards although it has lost what it was given. */
@Timeout(600)
class FailingDiskTest {
    private static final Shape FRAME = Shape.of(16, 16);
    private static final RampFrames RAMPS = new RampFrames(FRAME.elementCount());

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSayWhichFramesMayBeDamaged(boolean isBeforeTheEnd) {
        Path path = scratch.stream("cam");
        Path directory = scratch.directory().resolve("out");
        AtomicBoolean failed = new AtomicBoolean();
        try (ImageStream stream = ImageStream.create(
                        path, StreamSpec.dao(DataType.UINT16, FRAME).withDepth(64));
                FrameWriter writer = stream.writer()) {
            Recorder recorder = Recorder.into(directory).stream(path)
                    .sink(file -> new InterceptedChannel(file, (to, bytes, at) -> {
                        if (!bytes.hasRemaining() && failed.compareAndSet(false, true)) {
                            throw new IOException("Input/output error");
                        }
                    }))
                    .start();
            long published = writer.write(RAMPS.of(1));
            while (isBeforeTheEnd && !failed.get()) {
                Thread.onSpinWait();
            }
            recorder.close();

            RecorderStatus status = recorder.status();
            assertTrue(failed.get());
            assertEquals(1, status.findings().size(), status::toString);
            String finding = status.findings().getFirst();
            assertTrue(
                    finding.matches(".*cam: .*\\.fits: cannot force frames 0 to 0 to the disk, so they may be damaged:"
                            + " Input/output error; check the disk"),
                    finding);
            assertEquals(published, status.streams().getFirst().recorded());
        }
        try (Recording recording = Recording.open(directory)) {
            assertEquals(
                    List.of(1L),
                    recording.streams().stream().map(RecordedStream::frames).toList());
        }
    }
}

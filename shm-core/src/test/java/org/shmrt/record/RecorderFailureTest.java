package org.shmrt.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.error.NotFoundException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileMapping;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.InterceptedChannel;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;
import org.shmrt.testing.WithoutCollection;

/** What a recorder that fails leaves behind: complete frames, and nothing else. */
@Timeout(600)
class RecorderFailureTest {
    private static final Shape FRAME = Shape.of(16, 16);
    private static final RampFrames RAMPS = new RampFrames(FRAME.elementCount());

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private static boolean hasThread(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(name));
    }

    private static void awaitEndOfThreads(String name) {
        while (hasThread(name)) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void shouldLeaveNoThreadWhenItCannotStart() {
        RecorderBuilder plan = Recorder.into(scratch.directory().resolve("out")).stream(scratch.stream("absent"))
                .compressed();

        WithoutCollection.await(
                () -> assertThrows(NotFoundException.class, plan::start), () -> !hasThread("record-compress"));
    }

    @Test
    void shouldLeaveNoThreadWhenTwoStreamsHaveOneName() {
        RecorderBuilder plan = Recorder.into(scratch.directory().resolve("out")).stream(scratch.stream("cam")).stream(
                        scratch.stream("cam"))
                .compressed();

        WithoutCollection.await(
                () -> assertThrows(IllegalArgumentException.class, plan::start), () -> !hasThread("record-compress"));
    }

    @Test
    void shouldReleaseItsFilesAndStreamsAfterAnUnexpectedFailure() {
        Path path = scratch.stream("cam");
        Path directory = scratch.directory().resolve("out");
        AtomicBoolean failing = new AtomicBoolean();
        ImageStream stream =
                ImageStream.create(path, StreamSpec.dao(DataType.UINT16, FRAME).withDepth(64));
        Recorder recorder = Recorder.into(directory).stream(path)
                .sink(file -> new InterceptedChannel(file, (to, bytes, at) -> {
                    if (failing.get()) {
                        throw new AssertionError("of the test");
                    }
                }))
                .start();
        try (stream;
                FrameWriter writer = stream.writer()) {
            writer.write(RAMPS.of(1));
            while (recorder.status().recorded() < 1) {
                LockSupport.parkNanos(1_000_000);
            }
            failing.set(true);
            writer.write(RAMPS.of(2));
            while (!recorder.isEnded()) {
                LockSupport.parkNanos(1_000_000);
            }
        }
        recorder.close();

        assertEquals(
                List.of("the recorder failed: java.lang.AssertionError: of the test"),
                recorder.status().findings());
        awaitEndOfThreads("record-force");
        awaitEndOfThreads("record-cam");
        assertTrue(FileMapping.of(ProcessHandle.current().pid()).stream()
                .noneMatch(mapping -> mapping.path().equals(path.toString())));
        assertEquals(List.of(), scratch.stillOpen());
        assertEquals(1, Recording.repair(directory).size());
        try (Recording recording = Recording.open(directory)) {
            assertEquals(1, recording.streams().getFirst().frames());
        }
    }
}

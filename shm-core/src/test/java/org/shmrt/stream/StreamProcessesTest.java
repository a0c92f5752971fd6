package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileLock;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.FileTruncation;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** Writers and readers in separate processes. */
@Tag("slow")
@Timeout(600)
class StreamProcessesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long TIMEOUT_NS = 60 * SECOND;
    private static final Shape SHAPE = Shape.of(32, 64);
    private static final StreamSpec SPEC = StreamSpec.dao(DataType.UINT16, SHAPE);

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final RampFrames ramp = new RampFrames(SHAPE.elementCount());

    @ParameterizedTest
    @CsvSource({"1, sem", "4, 3", "1, hybrid", "4, spin", "1, sleep"})
    void shouldWakeAReaderInAnotherProcess(int depth, String wait) throws InterruptedException {
        Path path = scratch.stream("cam");
        try (ImageStream stream = ImageStream.create(path, SPEC.withDepth(depth));
                FrameWriter writer = stream.writer();
                ChildProcess reader = ChildJvm.start("await", path, wait, 3, TIMEOUT_NS)) {
            reader.lineWith("ready");
            for (int count = 1; count <= 3; count++) {
                Thread.sleep(20);

                writer.write(ramp.of(count));

                assertEquals("FRESH " + count, reader.line());
            }
            reader.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldDeliverWholeFramesBetweenProcesses(int depth) {
        Path path = scratch.stream("cam");
        int frames = 20_000;
        try (ImageStream stream = ImageStream.create(path, SPEC.withDepth(depth));
                FrameReader here = stream.reader(WaitStrategy.hybrid(20_000));
                ChildProcess there = ChildJvm.start("check", path, "spin", frames, TIMEOUT_NS)) {
            there.lineWith("ready");
            try (ChildProcess writer = ChildJvm.start("ramp", path, frames, 20_000)) {
                assertEquals(frames, ramp.readUpTo(here, frames, TIMEOUT_NS));
                assertEquals("wrote " + frames, writer.line());
            }
            assertTrue(there.line().contains(" torn 0 "), "torn there");
        }
    }

    @Test
    void shouldReportAWriterKilledInTheMiddleOfAFrame() {
        Path path = scratch.stream("cam");
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                ChildProcess writer = ChildJvm.start("claim", path)) {
            assertEquals("claimed", writer.line());
            assertEquals(Verdict.TIMED_OUT, reader.awaitNext(700_000_000L), "the writer is alive");
            assertEquals(writer.pid(), FileLock.ownerPid(path));
            writer.kill();

            Verdict verdict = reader.awaitNext(20 * SECOND);

            assertEquals(Verdict.STALE_WRITER, verdict);
            assertEquals(0, FileLock.ownerPid(path));
            assertEquals(Verdict.STALE_WRITER, reader.newest());
            assertEquals(2, reader.frame().get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0), "the incomplete frame");
            try (FrameWriter next = stream.writer()) {
                assertEquals(2, next.write(ramp.of(2)));
            }
            assertTrue(reader.awaitNext(SECOND).hasFrame());
            assertEquals(2, reader.count());
            assertTrue(ramp.isWhole(reader.frame(), 2));
            assertTrue(reader.validate());
        }
    }

    @Test
    void shouldContinueReadingARingWhoseWriterWasKilledInTheMiddleOfAFrame() {
        Path path = scratch.stream("cam");
        try (ImageStream stream = ImageStream.create(path, SPEC.withDepth(4));
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                ChildProcess writer = ChildJvm.start("claim", path)) {
            assertEquals("claimed", writer.line());
            writer.kill();

            assertEquals(Verdict.FRESH, reader.awaitNext(SECOND));
            assertEquals(1, reader.count());
            assertTrue(reader.validate());
            assertTrue(stream.status().writing(), "the flag of the incomplete frame is set");
            try (FrameWriter next = stream.writer()) {
                for (int count = 2; count <= 5; count++) {
                    assertEquals(count, next.write(ramp.of(count)));
                    assertEquals(Verdict.FRESH, reader.awaitNext(SECOND));
                    assertTrue(ramp.isWhole(reader.frame(), count));
                }
            }
            assertEquals(false, stream.status().writing());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"spin", "sem"})
    void shouldReportARemovedStreamToAnotherProcess(String wait) {
        assertReported("REMOVED 0", wait, ImageStream::remove);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spin", "sem"})
    void shouldReportARecreatedStreamToAnotherProcess(String wait) {
        assertReported(
                "RECREATED 0",
                wait,
                path -> ImageStream.create(path, SPEC.withDepth(2).replacingExisting())
                        .close());
    }

    private void assertReported(String expected, String wait, Consumer<Path> action) {
        Path path = scratch.stream("cam");
        ImageStream.create(path, SPEC).close();
        try (ChildProcess reader = ChildJvm.start("await", path, wait, 1, TIMEOUT_NS)) {
            reader.lineWith("ready");

            action.accept(path);

            assertEquals(expected, reader.line());
        }
    }

    @ParameterizedTest
    @CsvSource({"spin, 0", "sem, 0", "sleep, 5000"})
    void shouldReportATruncatedFileToAnotherProcess(String wait, long length) {
        Path path = scratch.stream("cam");
        ImageStream.create(path, SPEC).close();
        try (ChildProcess reader = ChildJvm.start("await", path, wait, 2, TIMEOUT_NS)) {
            reader.lineWith("ready");

            FileTruncation.truncate(path, length);

            assertEquals("RECREATED 0", reader.line());
            assertEquals("RECREATED 0", reader.line(), "the verdict is repeated");
            reader.finish();
        }
    }

    @Test
    void shouldFreeTheSemaphoreOfAReaderThatWasKilled() {
        Path path = scratch.stream("cam");
        try (ImageStream stream = ImageStream.create(path, SPEC);
                ChildProcess reader = ChildJvm.start("await", path, "sem", 1, TIMEOUT_NS)) {
            String index = reader.lineWith("ready").replace("ready ", "");
            try (FrameReader here = stream.reader(WaitStrategy.semaphore())) {
                assertNotEquals(index, Integer.toString(here.semaphoreIndex()));
            }

            reader.kill();

            try (FrameReader here = stream.reader(WaitStrategy.semaphore())) {
                assertEquals(index, Integer.toString(here.semaphoreIndex()));
            }
        }
    }
}

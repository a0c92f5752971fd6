package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.inspect.StreamInspector;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Scratch;

/** The wall clock was set back after a frame was written, or another process has a different monotonic clock. */
@Tag("slow")
@Timeout(600)
class ClockTest {
    private static final long DAY_NS = 86_400_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    @RegisterExtension
    static final InstalledJars JARS = new InstalledJars();

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldContinueReadingAndReportThatTheClockWasSetBack(String format) {
        Path path = scratch.stream("cam");
        MemorySegment frame = MemorySegment.ofArray(new byte[24]);
        try (ImageStream stream = ImageStream.create(path, StreamSpec.of(format, DataType.UINT8, Shape.of(6, 4)));
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.hybrid(1000))) {
            writer.claim();
            writer.publish(System.currentTimeMillis() * 1_000_000L + DAY_NS);

            assertEquals(Verdict.FRESH, reader.awaitNext(SECOND));
            StreamInfo info = StreamInfo.of(path);
            assertEquals(0, info.ageSeconds(), "the age of a frame is never negative");
            for (List<String> findings :
                    List.of(info.warnings(), StreamInspector.now().summary(path).warnings())) {
                assertTrue(
                        findings.stream().anyMatch(finding -> finding.contains("ahead of this machine's clock")),
                        findings.toString());
            }
            assertEquals(2, writer.write(frame));
            assertEquals(
                    Verdict.FRESH,
                    reader.awaitNext(SECOND),
                    "the acquisition time of this frame is before that of the last one");
            assertEquals(List.of(), StreamInfo.of(path).warnings());
            assertEquals(Verdict.TIMED_OUT, reader.awaitNext(SECOND / 100));
        }
    }

    /** A container may have its own monotonic clock, so monotonic times must never be stored in shared memory. */
    @ParameterizedTest
    @ValueSource(strings = {"86400", "-60"})
    void shouldWorkWithAProcessThatHasAnotherMonotonicClock(String offset) {
        Assumptions.assumeTrue(
                ExternalCommand.succeeds("unshare", "-T", "--fork", "--monotonic", offset, "true"),
                "time namespaces are not permitted here, or the machine has not run that long");
        try (UseCaseProcess process = UseCaseProcess.start(
                List.of("unshare", "-T", "--fork", "--monotonic", offset),
                JARS,
                scratch.directory(),
                scratch.prefix(),
                "6x4")) {
            process.send("prepare");
            for (String format : List.of("dao", "milk")) {
                try (ImageStream stream = ImageStream.open(scratch.stream(format));
                        FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
                    process.send("only write " + format);
                    assertTrue(reader.awaitNext(10 * SECOND).hasFrame());
                    assertEquals(Verdict.TIMED_OUT, reader.awaitNext(SECOND / 100));
                }
            }
            process.runAllSuccessfully();
            process.send("remove");
            process.finish();
        }
    }
}

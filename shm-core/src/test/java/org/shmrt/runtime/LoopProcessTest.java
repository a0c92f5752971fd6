package org.shmrt.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.OwnProcess;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.telemetry.LoopCommand;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.LoopTelemetry;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Isolation;
import org.shmrt.testing.Scratch;

/** Loops in processes of their own: signals, kills, and settings with and without rights. */
@Tag("slow")
@Timeout(600)
class LoopProcessTest {
    private static final List<String> WITHOUT_RIGHTS =
            List.of("sh", "-c", "ulimit -r 0 -l 64; exec setpriv --bounding-set=-all --inh-caps=-all \"$@\"", "sh");

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    private String name;
    private Path path;

    @BeforeEach
    void create() {
        name = scratch.prefix() + "loop";
        path = scratch.directory().resolve(scratch.prefix() + "dm.im.shm");
        ImageStream.create(path, StreamSpec.milk(DataType.FLOAT32, Shape.of(2))).close();
    }

    private ChildProcess start(List<String> prefix, String... words) {
        return ChildProcess.start(Isolation.command(prefix, ChildJvm.command(ChildJvm.QUICK, LoopChild.class, words)));
    }

    private ChildProcess startChild(String how) {
        ChildProcess child = ChildProcess.start(ChildJvm.withDefaultSignals(
                ChildJvm.command(ChildJvm.QUICK, LoopChild.class, how, name, path.toString())));
        child.expect("built");
        return child;
    }

    private ChildProcess startRunning() throws InterruptedException {
        ChildProcess child = startChild("run");
        try (LoopTelemetry page = LoopTelemetry.open(name)) {
            while (page.snapshot().count(LoopCounter.STEPS) < 5) {
                Thread.sleep(1);
            }
        }
        return child;
    }

    private float[] output(ImageStream stream) {
        float[] command = new float[2];
        try (FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertTrue(reader.readNewest(MemorySegment.ofArray(command), 60_000_000_000L)
                    .hasFrame());
        }
        return command;
    }

    @Test
    void shouldSendTheSafeStateAndRemoveThePageOnTerm() throws InterruptedException, IOException {
        try (ChildProcess child = startRunning();
                ImageStream output = ImageStream.open(path)) {
            assertEquals(
                    0,
                    new ProcessBuilder("kill", "-TERM", String.valueOf(child.pid()))
                            .start()
                            .waitFor());
            child.exitCode();

            assertArrayEquals(new float[] {-1, -1}, output(output));
            assertFalse(LoopTelemetry.names().contains(name));
        }
    }

    @Test
    void shouldLeaveAPageAndAnOutputThatTheNextStartTakesOverWhenKilled() throws InterruptedException {
        long killedPid;
        try (ChildProcess child = startRunning()) {
            killedPid = child.pid();
            child.kill();
        }
        try (LoopTelemetry left = LoopTelemetry.open(name)) {
            assertFalse(left.snapshot().isAlive());
            assertEquals(killedPid, left.snapshot().pid());
        }
        try (ImageStream output = ImageStream.open(path);
                FrameWriter writer = output.writer()) {
            writer.write(MemorySegment.ofArray(new float[] {1, 1}));
        }
        try (ChildProcess next = startRunning();
                LoopTelemetry page = LoopTelemetry.open(name);
                ImageStream output = ImageStream.open(path)) {
            assertTrue(page.snapshot().isAlive());
            assertEquals(next.pid(), page.snapshot().pid());
            assertArrayEquals(new float[] {5, 5}, output(output));
            page.send(LoopCommand.STOP);
            assertEquals(0, next.exitCode());
            assertArrayEquals(new float[] {-1, -1}, output(output));
        }
        assertFalse(LoopTelemetry.names().contains(name));
    }

    @Test
    void shouldBeTakenOverWhenKilledAtAnyMomentOfItsWarmUpOrItsRun() throws InterruptedException {
        for (int ms = 0; ms <= 2000; ms += 250) {
            try (ChildProcess child = startChild("prepared")) {
                Thread.sleep(ms);
                child.kill();
            }
        }
        try (ChildProcess next = startChild("prepared");
                LoopTelemetry page = LoopTelemetry.open(name);
                ImageStream output = ImageStream.open(path)) {
            while (page.snapshot().state() != LoopState.RUNNING) {
                Thread.sleep(1);
            }
            while (page.snapshot().count(LoopCounter.STEPS) < 5) {
                Thread.sleep(1);
            }
            assertArrayEquals(new float[] {5, 5}, output(output));
            page.send(LoopCommand.STOP);
            assertEquals(0, next.exitCode());
        }
        assertEquals(List.of(path), filesLeft());
        assertFalse(LoopTelemetry.names().contains(name));
    }

    private List<Path> filesLeft() {
        try (Stream<Path> files = Files.list(scratch.directory())) {
            return files.filter(file -> file.toString().endsWith(".im.shm")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldObtainItsSettingsAndDropThePriorityAtTheEnd() {
        assumeTrue(OwnProcess.userId() == 0, "needs root");
        try (ChildProcess child = start(List.of(), "settings", name)) {
            String during = child.line();
            assertEquals("OTHER", child.line());
            List<String> findings = findings(child);
            assumeTrue(findings.stream().noneMatch(line -> line.contains("not permitted")), findings.toString());
            assertEquals("IDLE FIFO 6", during);
            assertTrue(findings.stream().allMatch(line -> line.startsWith("OK ")), findings.toString());
            assertEquals(5, findings.size());
        }
    }

    @Test
    void shouldRunDegradedAndNameTheLimitsWithoutRights() {
        Isolation.assumePermitted(WITHOUT_RIGHTS);
        try (ChildProcess child = start(WITHOUT_RIGHTS, "settings", name)) {
            assertEquals("IDLE OTHER 0", child.line());
            assertEquals("OTHER", child.line());
            List<String> findings = findings(child);
            assertTrue(
                    findings.stream()
                            .anyMatch(line -> line.startsWith("WARNING priority") && line.contains("ulimit -r")),
                    findings.toString());
            assertTrue(
                    findings.stream()
                            .anyMatch(line -> line.startsWith("WARNING locked-memory") && line.contains("ulimit -l")),
                    findings.toString());
            assertTrue(findings.stream().anyMatch(line -> line.startsWith("OK processor")), findings.toString());
        }
    }

    @Test
    void shouldRefuseToRunWithoutRightsThatAreRequired() {
        Isolation.assumePermitted(WITHOUT_RIGHTS);
        try (ChildProcess child = start(WITHOUT_RIGHTS, "required", name)) {
            child.line();
            String refusal = child.line();
            assertEquals(0, child.exitCode(), "it must end by itself, to remove its page");
            assertTrue(refusal.contains("ulimit -r") && refusal.contains("ulimit -l"), refusal);
        }
    }

    private static List<String> findings(ChildProcess child) {
        List<String> findings = new ArrayList<>();
        for (int left = Integer.parseInt(child.line()); left > 0; left--) {
            findings.add(child.line());
        }
        assertEquals(0, child.exitCode(), "it must end by itself, to remove its page");
        return findings;
    }

    @Test
    void shouldRunWithoutAllocatingAfterItIsArmed() {
        List<String> flags = List.of("-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED");
        try (ChildProcess child = ChildProcess.start(ChildJvm.command(flags, LoopChild.class, "arm", name))) {
            assertEquals("IDLE", child.line());
            long bytes = Long.parseLong(child.line());
            assertEquals(0, child.exitCode(), "it must end by itself, to remove its page");
            assertTrue(bytes < 20_000, bytes + " bytes in some 1500 steps");
        }
    }
}

package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command as the user starts it: {@code bin/shm}, with the packaged jar. */
@Timeout(600)
class LauncherIT {
    private static final Path SHM = Path.of("bin/shm").toAbsolutePath();

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    /** Process id of the last command; the launcher becomes the JVM. */
    private long lastPid;

    /** Runs a launcher; {@code out} has one character for each byte. */
    private CommandRun shm(Path launcher, byte[] input, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(shm.expand(args)));
        File out = shm.file("stdout").toFile();
        File err = shm.file("stderr").toFile();
        File in = Files.write(shm.file("stdin"), input).toFile();
        Process process = new ProcessBuilder(command)
                .directory(shm.directory().toFile())
                .redirectInput(in)
                .redirectOutput(out)
                .redirectError(err)
                .start();
        lastPid = process.pid();
        assertTrue(process.waitFor(100, TimeUnit.SECONDS), "the command ends");
        return new CommandRun(
                process.exitValue(),
                Files.readString(out.toPath(), StandardCharsets.ISO_8859_1),
                Files.readString(err.toPath()));
    }

    private CommandRun shm(String... args) throws IOException, InterruptedException {
        return shm(SHM, new byte[0], args);
    }

    @Test
    void shouldRunThroughALinkFromAnyDirectory() throws Exception {
        Path link = Files.createSymbolicLink(shm.file("shm-link"), SHM);

        CommandRun version = shm(link, new byte[0], "--version");

        version.succeeded();
        assertTrue(version.out().startsWith("shm 0."), version.out());
        assertEquals("", version.err());
    }

    @Test
    void shouldPassOnExitStatusAndMessages() throws Exception {
        CommandRun usage = shm("read");
        CommandRun failed = shm("read", "DIR/none.im.shm");
        shm("create", "STREAM", "--shape", "4x3", "--dtype", "u16").succeeded();
        CommandRun timedOut = shm("read", "STREAM", "--wait", "spin", "--timeout", "100ms");

        usage.refused(2, "STREAM");
        failed.refused(1, "there is no");
        timedOut.refused(3, "within 0.1 s");
    }

    @Test
    void shouldPipeRawFramesInAndOut() throws Exception {
        byte[] frames = new byte[48];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = (byte) (200 + i);
        }
        shm("create", "STREAM", "--shape", "4x3", "--dtype", "u16");

        CommandRun written = shm(SHM, frames, "write", "STREAM", "--in", "-");
        CommandRun read = shm("read", "STREAM", "--out", "-");
        CommandRun half = shm(SHM, new byte[30], "write", "STREAM", "--in", "-");

        written.succeeded();
        assertArrayEquals(
                java.util.Arrays.copyOfRange(frames, 24, 48), read.out().getBytes(StandardCharsets.ISO_8859_1));
        assertEquals("", read.err());
        assertEquals(1, half.status());
        assertTrue(half.err().contains("has 30 bytes") && half.err().contains("nothing was written"), half.err());
    }

    @Test
    void shouldRunTheDemoAndLeaveOnlyItsPictures() throws Exception {
        Path pictures = shm.file("pictures");

        CommandRun demo = shm("demo", "--seconds", "5", "--rate", "200", "--out", pictures.toString());

        demo.succeeded();
        assertTrue(demo.out().contains("p99.9"), demo.out());
        try (Stream<Path> made = Files.list(pictures)) {
            assertEquals(
                    List.of("frame.png", "latency.png", "steps.png"),
                    made.map(p -> p.getFileName().toString()).sorted().toList());
        }
        assertEquals(480, ImageIO.read(pictures.resolve("frame.png").toFile()).getWidth());
        try (Stream<Path> shared = Files.list(Path.of("/dev/shm"))) {
            assertFalse(
                    shared.anyMatch(path -> path.toString().contains("shmdemo-" + lastPid + "-")),
                    "nothing is left behind");
        }
    }
}

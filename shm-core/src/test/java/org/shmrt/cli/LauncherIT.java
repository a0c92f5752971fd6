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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command as a user starts it: {@code bin/shm}, on the packaged jar. */
@Timeout(120)
class LauncherIT {
    private static final Path SHM = Path.of("bin/shm").toAbsolutePath();

    @TempDir
    private Path directory;

    private TestStream stream;

    @BeforeEach
    void nameStream() {
        stream = new TestStream(directory);
    }

    @AfterEach
    void removeStream() {
        stream.close();
    }

    private record Ended(int status, byte[] out, String err) {
        String text() {
            return new String(out, StandardCharsets.UTF_8);
        }
    }

    private Ended shm(Path launcher, byte[] input, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(args));
        File out = directory.resolve("stdout").toFile();
        File err = directory.resolve("stderr").toFile();
        File in = Files.write(directory.resolve("stdin"), input).toFile();
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(in)
                .redirectOutput(out)
                .redirectError(err)
                .start();
        assertTrue(process.waitFor(100, TimeUnit.SECONDS), "the command ends");
        return new Ended(process.exitValue(), Files.readAllBytes(out.toPath()), Files.readString(err.toPath()));
    }

    private Ended shm(String... args) throws IOException, InterruptedException {
        return shm(SHM, new byte[0], args);
    }

    @Test
    void shouldRunThroughALinkFromAnyDirectory() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("shm-link"), SHM);

        Ended version = shm(link, new byte[0], "--version");

        assertEquals(0, version.status(), version.err());
        assertTrue(version.text().startsWith("shm 0."), version.text());
        assertEquals("", version.err());
    }

    @Test
    void shouldPassExitStatusAndMessagesOn() throws Exception {
        Ended usage = shm("read");
        Ended failed = shm("read", directory.resolve("none.im.shm").toString());
        assertEquals(
                0,
                shm("create", stream.toString(), "--shape", "4x3", "--dtype", "u16")
                        .status());
        Ended timedOut = shm("read", stream.toString(), "--wait", "spin", "--timeout", "100ms");

        assertEquals(2, usage.status());
        assertEquals(1, failed.status());
        assertEquals(3, timedOut.status());
        for (Ended ended : List.of(usage, failed, timedOut)) {
            assertEquals(1, ended.err().lines().count(), ended.err());
            assertEquals("", ended.text());
        }
    }

    @Test
    void shouldPipeRawFramesInAndOut() throws Exception {
        byte[] frames = new byte[48];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = (byte) (200 + i);
        }
        shm("create", stream.toString(), "--shape", "4x3", "--dtype", "u16");

        Ended written = shm(SHM, frames, "write", stream.toString(), "--in", "-");
        Ended read = shm("read", stream.toString(), "--out", "-");
        Ended half = shm(SHM, new byte[30], "write", stream.toString(), "--in", "-");

        assertEquals(0, written.status(), written.err());
        assertArrayEquals(java.util.Arrays.copyOfRange(frames, 24, 48), read.out());
        assertEquals("", read.err());
        assertEquals(1, half.status());
        assertTrue(half.err().contains("6 of 24"), half.err());
    }

    @Test
    void shouldRunTheDemoAndLeaveOnlyItsPictures() throws Exception {
        Path pictures = directory.resolve("pictures");

        Ended demo = shm("demo", "--seconds", "2", "--rate", "200", "--out", pictures.toString());

        assertEquals(0, demo.status(), demo.err());
        assertTrue(demo.text().contains("p99.9"), demo.text());
        try (Stream<Path> made = Files.list(pictures)) {
            assertEquals(
                    List.of("frame.png", "latency.png"),
                    made.map(p -> p.getFileName().toString()).sorted().toList());
        }
        assertEquals(480, ImageIO.read(pictures.resolve("frame.png").toFile()).getWidth());
        try (Stream<Path> shared = Files.list(Path.of("/dev/shm"))) {
            assertFalse(shared.anyMatch(path -> path.toString().contains("shmdemo")), "nothing stays behind");
        }
    }
}

package org.shmrt.cli.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.fits.FitsFile;
import org.shmrt.image.NpyFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInspector;

/** Recordings that end before the last frame: what came is kept. */
@Timeout(600)
@Tag("slow")
class RecordingTest {
    private static final StreamSpec SPEC =
            StreamSpec.dao(DataType.UINT8, Shape.of(2, 3)).withDepth(64);

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    @BeforeEach
    void create() {
        ImageStream.create(shm.stream(), SPEC).close();
    }

    /** Writes frames full of 1, 2, 3 and so on. The reader must read before more than the ring holds are written. */
    private static void write(FrameWriter writer, int first, int last) {
        byte[] frame = new byte[6];
        for (int i = first; i <= last; i++) {
            Arrays.fill(frame, (byte) i);
            writer.write(MemorySegment.ofArray(frame));
        }
    }

    /** Frames, each full of its number, from the first row on. */
    private static void assertFrames(MemoryImage cube, int frames) {
        assertEquals(Shape.of(frames, 2, 3), cube.shape());
        byte[] pixels = cube.data().toArray(ValueLayout.JAVA_BYTE);
        byte[] wanted = new byte[6 * frames];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = (byte) (pixels[0] + i / 6);
        }
        assertArrayEquals(wanted, pixels);
    }

    private MemoryImage image(String file) {
        Path path = shm.file(file);
        return file.endsWith(".npy") ? NpyFile.read(path) : FitsFile.read(path).image();
    }

    /** Runs a command in this JVM while frames are written until it has read some of them, and then no more. */
    private CommandRun whileThreeFramesCome(String... command) throws InterruptedException {
        try (ImageStream opened = ImageStream.open(shm.stream());
                FrameWriter writer = opened.writer()) {
            Thread frames = Thread.ofPlatform().start(() -> {
                awaitReader();
                write(writer, 1, 3);
            });
            CommandRun run = shm.run(command);
            frames.join();
            return run;
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({
        "read STREAM --out DIR/x.npy --count 10 --next --wait sem --timeout 5s, x.npy",
        "shm2fits STREAM DIR/x.fits --count 10 --next --wait sem --timeout 5s, x.fits",
        "shm2fits STREAM DIR/x.fits --count 1000000000 --next --wait sem --timeout 5s, x.fits",
        "shm2fits STREAM DIR/x.fits.gz --count 10 --next --wait sem --timeout 5s, x.fits.gz",
        "shm2fits STREAM DIR/x.fits.fz --count 10 --next --wait sem --timeout 5s, x.fits.fz",
        "shm2fits STREAM DIR/x.fits --count 10 --next --wait sem --timeout 5s --json, x.fits"
    })
    void shouldKeepWhatCameWhenNoMoreFramesCome(String line, String file) throws InterruptedException {
        CommandRun run = whileThreeFramesCome(line.split(" "));

        assertEquals(3, run.status(), run.err());
        assertTrue(run.err().contains("no new frame"), run.err());
        assertTrue((run.out() + run.err()).contains("3 of 10"), run::toString);
        assertFrames(image(file), 3);
    }

    @Test
    void shouldWriteNoFileWithoutAFrame() {
        CommandRun read = shm.runLine("read STREAM --out DIR/x.npy --count 10 --next --timeout 10ms");
        CommandRun fits = shm.runLine("shm2fits STREAM DIR/x.fits --count 10 --next --timeout 10ms");

        read.refused(3, "no new frame");
        fits.refused(3, "no new frame");
        assertFalse(Files.exists(shm.file("x.npy")) || Files.exists(shm.file("x.fits")));
    }

    @Test
    void shouldKeepWhatCameBeforeTheStreamWasCreatedAgain() throws InterruptedException {
        Thread creator = Thread.ofPlatform().start(() -> {
            try (ImageStream opened = ImageStream.open(shm.stream());
                    FrameWriter writer = opened.writer()) {
                awaitReader();
                write(writer, 1, 2);
                awaitReader();
            }
            ImageStream.create(shm.stream(), SPEC.replacingExisting()).close();
        });

        CommandRun run = shm.runLine("read STREAM --out DIR/x.npy --count 10 --next --wait sem --timeout 60s");
        creator.join();

        assertEquals(1, run.status());
        assertTrue(run.err().contains("2 of 10 frames"), run.err());
        assertTrue(run.err().contains("was re-created"), run.err());
        assertFrames(image("x.npy"), 2);
    }

    /** Waits until a reader sleeps on a semaphore: it has read all frames. */
    private void awaitReader() {
        while (!isReaderAsleep()) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    private void awaitSleep(ChildProcess child) {
        while (!isReaderAsleep()) {
            assertFalse(child.hasEnded(), child::toString);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private boolean isReaderAsleep() {
        return StreamInspector.now().info(shm.stream()).semaphores().stream()
                .anyMatch(state -> state != null && state.waiters() > 0 && state.value() == 0);
    }

    private void stop(String line, String signal, int status, String file) throws IOException, InterruptedException {
        try (ChildProcess child = shm.start(line);
                ImageStream opened = ImageStream.open(shm.stream());
                FrameWriter writer = opened.writer()) {
            for (int frame = 1; frame <= 3; frame++) {
                awaitSleep(child);
                write(writer, frame, frame);
            }
            awaitSleep(child);
            new ProcessBuilder("kill", "-" + signal, Long.toString(child.pid()))
                    .start()
                    .waitFor();

            assertEquals(status, child.exitCode(), child.errors());
            String said = String.join(" ", child.rest()) + child.errors();
            int frames = Math.toIntExact(image(file).shape().length(0));
            assertTrue(said.contains(frames + " of 1000"), said);
            assertFalse(said.contains("interrupted"), said);
            assertFrames(image(file), frames);
        }
        assertEquals(Optional.empty(), hidden());
    }

    private Optional<Path> hidden() throws IOException {
        try (var files = Files.list(shm.directory())) {
            return files.filter(file -> file.getFileName().toString().startsWith("."))
                    .findAny();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "read STREAM --out DIR/x.npy --count 1000 --next --wait sem --timeout 90s",
                "shm2fits STREAM DIR/x.fits --count 1000 --next --wait sem --timeout 90s",
                "shm2fits STREAM DIR/x.fits --count 1000000000 --next --wait sem --timeout 90s"
            })
    void shouldKeepWhatCameBeforeCtrlC(String line) throws Exception {
        stop(line, "INT", 130, line.startsWith("read") ? "x.npy" : "x.fits");
    }

    @Test
    void shouldKeepWhatCameBeforeItIsTerminated() throws Exception {
        stop("shm2fits STREAM DIR/x.fits --count 1000 --next --wait sem --timeout 90s", "TERM", 143, "x.fits");
    }
}

package org.shmrt.cli.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.record.RecordedStream;
import org.shmrt.record.Recording;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.RampFrames;

/** {@code shm record}, {@code replay} and {@code extract}. */
@Tag("slow")
@Timeout(600)
class RecordVerbsTest {
    private static final Shape FRAME = Shape.of(5, 8);
    private static final int SPLIT = 700;

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inSharedMemory();

    private final RampFrames ramps = new RampFrames(FRAME.elementCount());

    private ImageStream create() {
        return ImageStream.create(
                shm.stream(), StreamSpec.dao(DataType.UINT16, FRAME).withDepth(64));
    }

    /** Publishes until the directory has a recording of some frames. */
    private long publishUntilRecorded(FrameWriter writer, Path directory, long wanted) {
        return publishUntil(writer, directory, (recorded, published) -> recorded.frames() >= wanted);
    }

    /** Publishes until a condition of what is recorded, and of the number of frames published, is met. */
    private long publishUntil(FrameWriter writer, Path directory, BiPredicate<RecordedStream, Long> condition) {
        long published = 0;
        boolean isMet = false;
        while (!isMet) {
            published = writer.write(ramps.of(published + 1));
            LockSupport.parkNanos(500_000);
            if (published % 100 == 0 && hasChunk(directory)) {
                try (Recording recording = Recording.open(directory)) {
                    isMet = condition.test(recording.streams().getFirst(), published);
                }
            }
        }
        return published;
    }

    /** Whether the last file of a recording is incomplete, and will be when the recorder has taken all frames. */
    private static boolean isInsideAFile(RecordedStream recorded, long published) {
        long frames = recorded.frames();
        long inLast = frames % SPLIT;
        return frames > SPLIT
                && inLast > 0
                && inLast + published - recorded.frame(frames - 1).count() < SPLIT;
    }

    private static boolean hasChunk(Path directory) {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.toString().endsWith(".fits"));
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void shouldKeepAllFramesOfARecorderThatIsKilled() {
        Path directory = shm.file("out");
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                ChildProcess child = shm.start("record STREAM --out DIR/out --split " + SPLIT)) {
            publishUntil(writer, directory, RecordVerbsTest::isInsideAFile);
            child.kill();
        }
        long frames = assertWhole(directory);

        CommandRun repaired = shm.run("record", "--repair", "DIR/out").succeeded();

        assertTrue(repaired.out().contains("completed, "), repaired.out());
        assertEquals(frames, assertWhole(directory));
        assertEquals(
                shm.file("out") + ": all files are complete\n",
                shm.run("record", "--repair", "DIR/out").succeeded().out());
    }

    private long assertWhole(Path directory) {
        try (Recording recording = Recording.open(directory);
                Arena arena = Arena.ofConfined()) {
            RecordedStream cam = recording.streams().getFirst();
            MemorySegment pixels = arena.allocate(cam.frameBytes(), 8);
            long before = 0;
            for (long i = 0; i < cam.frames(); i++) {
                cam.read(i, pixels);
                long count = cam.frame(i).count();
                assertTrue(ramps.isWhole(pixels, count), "frame " + i);
                assertTrue(i == 0 || count == before + cam.frame(i).lost() + 1, "gap before frame " + i);
                before = count;
            }
            return cam.frames();
        }
    }

    @Test
    void shouldFinishItsFilesWhenItIsStopped() {
        Path directory = shm.file("out");
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                ChildProcess child = shm.start("record STREAM --out DIR/out --json")) {
            publishUntilRecorded(writer, directory, 200);
            signal(child, "TERM");
            JsonObject json = JsonParser.parseString(child.line()).getAsJsonObject();
            JsonObject totals = json.getAsJsonArray("streams").get(0).getAsJsonObject();
            long span = totals.get("last_cnt0").getAsLong()
                    - totals.get("first_cnt0").getAsLong()
                    + 1;
            assertEquals(
                    span, totals.get("frames").getAsLong() + totals.get("lost").getAsLong());
            assertEquals(totals.get("frames").getAsLong(), assertWhole(directory));
        }
        assertEquals(
                shm.file("out") + ": all files are complete\n",
                shm.run("record", "--repair", "DIR/out").succeeded().out());
    }

    @Test
    void shouldCountTheFramesThatWereOverwrittenWhileItWasSuspended() {
        Path directory = shm.file("out");
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                ChildProcess child = shm.start("record STREAM --out DIR/out --json")) {
            long published = publishUntilRecorded(writer, directory, 100);
            signal(child, "STOP");
            awaitStopped(child);
            for (int i = 0; i < 5000; i++) {
                published = writer.write(ramps.of(published + 1));
            }
            signal(child, "CONT");
            for (int i = 0; i < 100; i++) {
                published = writer.write(ramps.of(published + 1));
                LockSupport.parkNanos(1_000_000);
            }
            signal(child, "TERM");
            JsonObject totals = JsonParser.parseString(child.line())
                    .getAsJsonObject()
                    .getAsJsonArray("streams")
                    .get(0)
                    .getAsJsonObject();
            long span = totals.get("last_cnt0").getAsLong()
                    - totals.get("first_cnt0").getAsLong()
                    + 1;
            long lost = totals.get("lost").getAsLong();
            assertEquals(span, totals.get("frames").getAsLong() + lost);
            assertEquals(published, totals.get("last_cnt0").getAsLong());
            assertTrue(lost >= 5000 - 64 - 1, totals::toString);
            assertEquals(totals.get("frames").getAsLong(), assertWhole(directory));
        }
    }

    @Test
    void shouldReplayAndExtractWhatItRecorded() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer()) {
            Thread publisher = Thread.ofPlatform().start(() -> {
                for (int i = 1; !Thread.currentThread().isInterrupted(); i++) {
                    writer.write(ramps.of(i));
                    LockSupport.parkNanos(1_000_000);
                }
            });
            CommandRun recorded = shm.run("record", "STREAM", "--out", "DIR/out", "--count", "50");
            publisher.interrupt();
            publisher.join();
            assertTrue(recorded.out().contains(": 50 frames, "), recorded::toString);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        String name = shm.scratch().prefix() + "s";
        Path again = shm.scratch().stream("again");

        CommandRun replayed = shm.run("replay", "DIR/out", name + "=" + again, "--speed", "max")
                .succeeded();
        assertTrue(replayed.out().startsWith(name + ": 50 frames"), replayed.out());
        JsonObject extracted = shm.run("extract", "DIR/out", "--frames", "10:20", "--out", "DIR/part.fits", "--json")
                .json();
        assertEquals(10, extracted.get("frames").getAsLong());
        assertEquals(10, assertWhole(shm.file("part.fits")));
        assertTrue(shm.run("extract", "DIR/out", "--from", "0s", "--out", "DIR/part.fits")
                .succeeded()
                .out()
                .contains("50 frames of 5x8"));
    }

    @Test
    void shouldReplayACubeOfAnotherProgramAtARate() {
        FitsFile.writeCube(shm.file("cube.fits"), DataType.UINT16, FRAME, 5, ramps::of, FitsOptions.defaults());
        Path again = shm.scratch().stream("again");

        shm.run("replay", "DIR/cube.fits", "cube=" + again).refused(2, "choose a rate (--rate HZ)");
        shm.run("replay", "DIR/cube.fits", "cube=" + again, "--rate", "0").refused(2, "must be more than 0");
        CommandRun replayed = shm.run("replay", "DIR/cube.fits", "cube=" + again, "--rate", "500")
                .succeeded();

        assertTrue(replayed.out().startsWith("cube: 5 frames"), replayed.out());
    }

    @Test
    void shouldRunAsAServiceThatIsStartedAndStopped() {
        Map<String, String> pages = Map.of("SHMRT_LOOP_DIR", shm.directory().toString());
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                ChildProcess service = shm.start("record STREAM --out DIR/out --service night --standby", pages)) {
            while (!isWritten(shm.file("shmrt-record.night"))) {
                LockSupport.parkNanos(10_000_000);
            }
            assertTrue(answer("record status night", pages).contains("night: standby to "));
            assertTrue(answer("record start night", pages).contains("night: recording to "));
            publishUntilRecorded(writer, shm.file("out"), 100);
            assertTrue(answer("record stop night --json", pages).contains("\"state\":\"standby\""));
            assertTrue(service.line().contains(" frames, "));
            assertTrue(assertWhole(shm.file("out")) >= 100);
            signal(service, "TERM");
            assertEquals(List.of(), service.rest());
            assertTrue(!Files.exists(shm.file("shmrt-record.night")));
        }
    }

    /** Whether a page exists and begins with the number that is written last. */
    private static boolean isWritten(Path page) {
        try {
            return ByteBuffer.wrap(Files.readAllBytes(page)).getLong(0) != 0;
        } catch (IOException e) {
            return false;
        }
    }

    private String answer(String line, Map<String, String> environment) {
        try (ChildProcess child = shm.start(line, environment)) {
            return String.join("\n", child.finish());
        }
    }

    /** Waits until none of its threads runs. */
    private static void awaitStopped(ChildProcess child) {
        Path tasks = Path.of("/proc", Long.toString(child.pid()), "task");
        while (true) {
            try (Stream<Path> threads = Files.list(tasks)) {
                if (threads.allMatch(RecordVerbsTest::isStopped)) {
                    return;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static boolean isStopped(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            return true; // it ended
        }
    }

    private static void signal(ChildProcess child, String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(child.pid()))
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldRefuseWrongUsage() {
        shm.run("record", "start", "a", "b").refused(2, "the name of one service");
        shm.run("record", "status", "nosuchservice").refused(1, "no recording service");
        shm.run("record", "--out", "DIR").refused(2, "name at least one stream");
        shm.run("record", "STREAM").refused(2, "--out DIR");
        shm.run("record", "STREAM", "--out", "DIR/out").refused(1, "there is no ");
        shm.run("record", "STREAM", "--out", "DIR/out", "--split", "x").refused(2, "1000, 60s or 1GiB");
        shm.run("record", "STREAM", "--out", "DIR/out", "--format", "x").refused(2, "use fits or npy");
        shm.run("record", "STREAM", "--out", "DIR/out", "--format", "npy", "--compress")
                .refused(2, "cannot be combined");
        shm.run("replay", "DIR").refused(1, "no recording");
        shm.run("replay", "DIR/none").refused(1, "there is no recording " + shm.file("none") + ": give the directory");
        shm.run("extract", "DIR/none", "--out", "DIR/x.fits").refused(1, "there is no recording ");
        shm.run("replay", "DIR", "--speed", "0").refused(2, "a number above 0, or max");
        shm.run("extract", "DIR", "--out", "x.png").refused(2, ".fits or .fits.fz");
        shm.run("extract", "DIR", "--frames", "1:2", "--from", "1s", "--out", "x.fits")
                .refused(2, "cannot be combined");
    }
}

package org.shmrt.cli.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.Shm;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Scratch;

/** Raw frames through a pipe into {@code shm write --in -}, as fast as the other program can write them. */
@Timeout(600)
@Tag("slow")
class PipeInputTest {
    /** Simulates a camera program: frames of one value each, 1, 2, 3 ..., then some additional bytes. */
    private static final String CAMERA = """
        import sys
        frames, size, more = map(int, sys.argv[1:])
        for i in range(1, frames + 1):
            sys.stdout.buffer.write(bytes([i % 251]) * size)
        sys.stdout.buffer.write(bytes(more))
        """;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private CommandRun ingest(List<String> camera, Path stream) throws IOException, InterruptedException {
        Path out = scratch.directory().resolve("out");
        Path err = scratch.directory().resolve("err");
        List<Process> pipe = ProcessBuilder.startPipeline(List.of(
                new ProcessBuilder(camera).redirectError(ProcessBuilder.Redirect.DISCARD),
                new ProcessBuilder(ChildJvm.command(
                                ChildJvm.QUICK, Shm.class, "write", stream.toString(), "--in", "-", "--json"))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())));
        try {
            assertTrue(pipe.getLast().waitFor(90, TimeUnit.SECONDS), "the command ends");
            return new CommandRun(
                    pipe.getLast().exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            pipe.forEach(Process::destroyForcibly);
        }
    }

    private static List<String> camera(int frames, long frameBytes, int more) {
        return List.of(
                "python3", "-c", CAMERA, Integer.toString(frames), Long.toString(frameBytes), Integer.toString(more));
    }

    private static byte[] newest(Path path, int frames) {
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            FrameHistory history = stream.history();
            byte[] pixels = new byte[(int) (frames * history.frameBytes())];
            assertEquals(Verdict.FRESH, history.read(MemorySegment.ofArray(pixels), 1_000_000_000L));
            assertEquals(frames, history.length());
            return pixels;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldWriteEveryFrameOfAPipe(String format) throws Exception {
        Path path = scratch.stream("cam");
        Shape shape = Shape.of(480, 640);
        StreamSpec spec = StreamSpec.of(format, DataType.UINT16, shape);
        ImageStream.create(path, format.equals("dao") ? spec.withDepth(3) : spec.withCircularBuffer(3))
                .close();
        int frameBytes = (int) shape.byteSize(DataType.UINT16);

        CommandRun ended = ingest(camera(400, frameBytes, 0), path);

        ended.succeeded();
        JsonObject done = ended.json().getAsJsonObject();
        assertEquals(400, done.get("frames").getAsLong());
        assertEquals(400, done.get("cnt0").getAsLong());
        byte[] wanted = new byte[3 * frameBytes];
        for (int i = 0; i < 3; i++) {
            Arrays.fill(wanted, i * frameBytes, (i + 1) * frameBytes, (byte) ((398 + i) % 251));
        }
        assertArrayEquals(wanted, newest(path, 3));
    }

    @Test
    void shouldWriteManySmallFrames() throws Exception {
        Path path = scratch.stream("small");
        ImageStream.create(path, StreamSpec.milk(DataType.UINT8, Shape.of(8, 8)))
                .close();

        CommandRun ended = ingest(camera(100_000, 64, 0), path);

        ended.succeeded();
        assertEquals(100_000, ended.json().getAsJsonObject().get("cnt0").getAsLong());
    }

    @Test
    void shouldReportATruncatedLastFrameAndKeepThoseBefore() throws Exception {
        Path path = scratch.stream("cut");
        ImageStream.create(path, StreamSpec.milk(DataType.UINT8, Shape.of(100, 100)))
                .close();

        CommandRun ended = ingest(camera(7, 10_000, 123), path);

        assertEquals(1, ended.status());
        assertEquals("", ended.out());
        assertEquals(1, ended.err().lines().count(), ended.err());
        assertTrue(ended.err().contains("inside a frame, after 123 of 10000 bytes"), ended.err());
        assertTrue(ended.err().contains("wrote 7 complete frames before it"), ended.err());
        byte[] wanted = new byte[10_000];
        Arrays.fill(wanted, (byte) 7);
        assertArrayEquals(wanted, newest(path, 1));
    }

    @Test
    void shouldWriteWhatFfmpegDecodes() throws Exception {
        Assumptions.assumeTrue(
                ExternalCommand.succeeds("ffmpeg", "-version"), "no ffmpeg here: it is the Debian package ffmpeg");
        Path path = scratch.stream("video");
        ImageStream.create(
                        path, StreamSpec.milk(DataType.UINT16, Shape.of(48, 64)).withCircularBuffer(2))
                .close();
        List<String> ffmpeg = List.of(
                "ffmpeg",
                "-nostdin",
                "-loglevel",
                "error",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=64x48:rate=1000",
                "-frames:v",
                "300",
                "-pix_fmt",
                "gray16le",
                "-f",
                "rawvideo");
        Path raw = scratch.directory().resolve("video.raw");
        List<String> toFile = new ArrayList<>(ffmpeg);
        toFile.add(raw.toString());
        List<String> toPipe = new ArrayList<>(ffmpeg);
        toPipe.add("-");

        CommandRun ended = ingest(toPipe, path);
        try (ChildProcess child = ChildProcess.start(toFile)) {
            child.finish();
        }

        ended.succeeded();
        assertEquals(300, ended.json().getAsJsonObject().get("frames").getAsLong());
        byte[] all = Files.readAllBytes(raw);
        assertEquals(300 * 64 * 48 * 2, all.length);
        assertArrayEquals(Arrays.copyOfRange(all, 298 * 64 * 48 * 2, all.length), newest(path, 2));
    }
}

package org.shmrt.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.Shm;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Scratch;

/**
 * Many streams of both formats in one directory. {@code -Dshmrt.streams.count=3000} sets the number and prints
 * the times.
 */
@Tag("slow")
@Timeout(1200)
class ManyStreamsTest {
    private static final String PROPERTY = "shmrt.streams.count";
    private static final int COUNT = Integer.getInteger(PROPERTY, 1000);

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private List<Path> paths;

    private interface Step {
        void run() throws InterruptedException;
    }

    @Test
    void shouldCreateOpenListInspectWatchAndRemoveManyStreams() throws InterruptedException {
        paths = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            paths.add(scratch.stream(String.format(Locale.ROOT, "cam%05d", i)));
        }

        timed("create", this::create);
        timed("open all at once, read-only, and close", this::holdAllOpen);
        timed(
                "StreamInfo.of each",
                () -> paths.forEach(
                        path -> assertEquals(1, StreamInfo.of(path).status().cnt0())));
        timed("shm list", this::list);
        timed("shm info of one", this::info);
        timed("shm watch of one", this::watch);
        timed(
                "shm rm of all",
                () -> assertEquals(
                        "", shm("rm", paths.stream().map(Path::toString).toList())));

        assertEquals(List.of(), scratch.files());
        assertEquals(List.of(), scratch.semaphores());
        assertEquals(List.of(), scratch.stillOpen());
    }

    private static void timed(String what, Step step) throws InterruptedException {
        long startNs = System.nanoTime();
        step.run();
        if (System.getProperty(PROPERTY) != null) {
            System.out.printf(Locale.ROOT, "| %s | %.2f s |%n", what, (System.nanoTime() - startNs) / 1e9);
        }
    }

    private void create() {
        MemorySegment frame = MemorySegment.ofArray(new byte[12]);
        for (int i = 0; i < COUNT; i++) {
            StreamSpec spec = StreamSpec.of(i % 2 == 0 ? "dao" : "milk", DataType.UINT8, Shape.of(3, 4));
            try (ImageStream stream = ImageStream.create(paths.get(i), spec);
                    FrameWriter writer = stream.writer()) {
                writer.write(frame);
            }
        }
    }

    private void holdAllOpen() {
        List<ImageStream> open = new ArrayList<>();
        try {
            for (Path path : paths) {
                open.add(ImageStream.open(path, Access.READ_ONLY));
            }
            assertEquals(
                    COUNT,
                    open.stream().mapToLong(stream -> stream.status().cnt0()).sum());
        } finally {
            open.forEach(ImageStream::close);
        }
        assertEquals(List.of(), scratch.stillOpen());
    }

    private String shm(String verb, List<String> words) {
        List<String> all = new ArrayList<>(List.of(verb));
        all.addAll(words);
        try (ChildProcess child =
                ChildProcess.start(ChildJvm.command(ChildJvm.QUICK, Shm.class, all.toArray(String[]::new)))) {
            return String.join("\n", child.finish());
        }
    }

    private JsonElement json(String verb, Object... words) {
        List<String> all =
                new ArrayList<>(Arrays.stream(words).map(Object::toString).toList());
        all.add("--json");
        return JsonParser.parseString(shm(verb, all));
    }

    private void list() {
        JsonArray found = json("list", scratch.directory()).getAsJsonArray();

        List<String> listed = found.asList().stream()
                .map(entry -> entry.getAsJsonObject().get("path").getAsString())
                .sorted()
                .toList();
        assertEquals(paths.stream().map(Path::toString).toList(), listed);
    }

    private void info() {
        JsonObject found = json("info", paths.get(COUNT / 2)).getAsJsonObject();

        assertEquals(paths.get(COUNT / 2).toString(), found.get("path").getAsString());
    }

    /** The watch must see frames. On a busy machine it is repeated for a longer time, until the writer gets a turn. */
    private void watch() throws InterruptedException {
        Path watched = paths.get(COUNT / 3);
        AtomicBoolean over = new AtomicBoolean();
        Thread writing = Thread.ofPlatform().start(() -> {
            MemorySegment frame = MemorySegment.ofArray(new byte[12]);
            try (ImageStream stream = ImageStream.open(watched);
                    FrameWriter writer = stream.writer()) {
                while (!over.get()) {
                    writer.write(frame);
                    LockSupport.parkNanos(1_000_000);
                }
            }
        });
        try {
            JsonObject seen = null;
            for (int ms = 500; ms <= 32_000 && (seen == null || frames(seen) == 0); ms *= 2) {
                seen = json("watch", watched, "--once", "--for", ms + "ms").getAsJsonObject();
            }
            assertTrue(frames(seen) > 0, seen.toString());
        } finally {
            over.set(true);
            writing.join();
        }
    }

    private static long frames(JsonObject measurement) {
        return measurement.get("frames").getAsLong();
    }
}

package org.shmrt.stream.format.milk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.PythonPeer;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** Requirements on frames that are exchanged continuously with another implementation of milk. */
@Timeout(600)
abstract class MilkPeerStreamingContract {
    static final long SECOND = 1_000_000_000L;
    static final String DEFAULT_BUILD = "2.00";
    private static final HexFormat HEX = HexFormat.of();

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    Path path;

    @BeforeEach
    void choosePath() {
        path = scratch.stream("cam");
    }

    /** Starts the peer with a command; the build selects a variant of milk's library where the peer needs one. */
    abstract ChildProcess start(String build, Object... words);

    final List<String> run(Object... words) {
        return runOf(DEFAULT_BUILD, words);
    }

    final List<String> runOf(String build, Object... words) {
        try (ChildProcess child = start(build, words)) {
            return child.finish();
        }
    }

    static String hex(MemorySegment frame) {
        return HEX.formatHex(frame.toArray(ValueLayout.JAVA_BYTE));
    }

    static WaitStrategy strategy(String wait) {
        return switch (wait) {
            case "spin" -> WaitStrategy.spin();
            case "hybrid" -> WaitStrategy.hybrid(200_000);
            default -> WaitStrategy.semaphore();
        };
    }

    /** pyMilk posts before it counts, so a reader that is woken may see the old counter. */
    @ParameterizedTest
    @CsvSource({
        "library, sem, 0",
        "library, hybrid, 0",
        "pymilk, spin, 0",
        "pymilk, sem, 0",
        "pymilk, hybrid, 0",
        "pymilk, spin, 4",
        "pymilk, sem, 4",
        "pymilk, hybrid, 4"
    })
    void shouldReadEveryFrameOfThePeer(String order, String wait, int gapMs) {
        int frames = 12;
        run("create", path, "uint8", "2,2");
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(strategy(wait));
                ChildProcess peer = start(
                        DEFAULT_BUILD,
                        "write",
                        path,
                        "0a0b0c0d",
                        "--count",
                        frames,
                        "--on-input",
                        "--order",
                        order,
                        "--gap-ms",
                        gapMs)) {
            for (int count = 1; count <= frames; count++) {
                peer.send("next");
                assertEquals(Verdict.FRESH, PythonPeer.awaitNext(reader, 30 * SECOND));
                assertEquals(count, reader.count());
                assertEquals("0a0b0c0d", hex(reader.frame()));
                assertFalse(reader.isStrict());
            }
            peer.finish();
        }
    }

    private FrameReader late(ImageStream stream, long count) {
        FrameReader reader = stream.reader(WaitStrategy.semaphore());
        assertEquals(Verdict.FRESH, reader.newest());
        assertEquals(count, reader.count());
        return reader;
    }

    @Test
    void shouldContinueReadingWhenThePeerEndsAndAnotherContinues() {
        run("create", path, "uint16", "64,64");
        RampFrames ramp = new RampFrames(64 * 64);
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            for (long last = 50; last <= 150; last += 50) {
                run("ramp", path, 50, 0);
                assertEquals(Verdict.SKIPPED, reader.awaitNext(SECOND));
                assertEquals(last, reader.count());
                assertTrue(ramp.isWhole(reader.frame(), last));
                try (FrameReader joined = late(stream, last)) {
                    assertEquals(Verdict.TIMED_OUT, joined.awaitNext(1));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"spin", "sem", "hybrid"})
    void shouldReadThePeersFramesWhole(String wait) {
        int frames = 600;
        run("create", path, "uint16", "64,64");
        RampFrames ramp = new RampFrames(64 * 64);
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(strategy(wait));
                ChildProcess peer = start(DEFAULT_BUILD, "ramp", path, frames, 1000)) {
            assertEquals(frames, ramp.readUpToFromPeer(reader, frames, 30 * SECOND));
            peer.finish();
        }
    }

    @Test
    void shouldDeliverFramesToTenConcurrentPeers() throws InterruptedException {
        int frames = 300;
        RampFrames ramp = new RampFrames(64 * 64);
        List<ChildProcess> peers = new ArrayList<>();
        try (ImageStream stream = ImageStream.create(path, StreamSpec.milk(DataType.UINT16, Shape.of(64, 64)));
                FrameWriter writer = stream.writer()) {
            Set<String> indices = new HashSet<>();
            for (int i = 0; i < 10; i++) {
                peers.add(start(DEFAULT_BUILD, "follow", path, frames, 30));
                indices.add(peers.getLast().lineWith("ready"));
            }
            assertEquals(10, indices.size(), indices.toString());
            for (int count = 1; count <= frames; count++) {
                Thread.sleep(2);
                writer.write(ramp.of(count));
            }
            for (ChildProcess peer : peers) {
                JsonObject seen =
                        JsonParser.parseString(peer.finish().getLast()).getAsJsonObject();
                assertEquals(0, seen.get("torn").getAsInt());
                assertEquals(
                        frames,
                        seen.get("frames").getAsInt() + seen.get("skipped").getAsInt());
            }
        } finally {
            peers.forEach(ChildProcess::close);
        }
    }

    @Test
    void shouldReadOnePeerWithTenReaders() throws Exception {
        int frames = 300;
        run("create", path, "uint16", "64,64");
        RampFrames ramp = new RampFrames(64 * 64);
        try (ImageStream stream = ImageStream.open(path);
                ExecutorService threads = Executors.newFixedThreadPool(10)) {
            List<Callable<Long>> tasks = new ArrayList<>();
            Set<Integer> indices = new HashSet<>();
            for (int i = 0; i < 10; i++) {
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                indices.add(reader.semaphoreIndex());
                tasks.add(() -> ramp.readUpToFromPeer(reader, frames, 30 * SECOND));
            }
            assertEquals(10, indices.size());
            List<Future<Long>> results = tasks.stream().map(threads::submit).toList();
            run("ramp", path, frames, 2000);
            for (Future<Long> result : results) {
                assertEquals(frames, result.get());
            }
        }
    }
}

package org.shmrt.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.PythonPeer;
import org.shmrt.testing.Scratch;

/**
 * Requirements on streams between processes, with writers and readers in separate JVMs and in Python programs that
 * implement only the format. Every frame is a ramp, so torn frames are detected, and every reader accounts for all
 * frames: those before its start, those it read and those reported as lost add up to the number written.
 */
@Timeout(600)
public abstract class ProcessContract extends StreamContract {
    private static final long TIMEOUT_S = 300;
    private static final long TIMEOUT_NS = TIMEOUT_S * SECOND;
    private static final Pattern COUNTS = Pattern.compile("taken (\\d+) lost (\\d+) torn (\\d+) .*");

    /** What a process is implemented in. */
    enum Side {
        JVM,
        PYTHON;

        Side other() {
            return this == JVM ? PYTHON : JVM;
        }
    }

    private final String script;

    protected ProcessContract(StreamSpec spec, Scratch scratch) {
        super(spec, scratch);
        this.script = spec.format() + "_peer.py";
    }

    private static void assumePresent(Side side) {
        if (side == Side.PYTHON) {
            PythonPeer.assumePresent();
        }
    }

    private ChildProcess startWriter(Side side, long frames, long pauseUs) {
        return side == Side.JVM
                ? ChildJvm.start("ramp", path, frames, pauseUs * 1000)
                : PythonPeer.start(script, "ramp", path, frames, pauseUs);
    }

    /** Starts a reader that ends after the frame of a count. */
    private Follower startReader(Side side, long lastCount) {
        return new Follower(
                side,
                lastCount,
                side == Side.JVM
                        ? ChildJvm.start("check", path, "sem", lastCount, TIMEOUT_NS)
                        : PythonPeer.start(script, "follow", path, lastCount, TIMEOUT_S, "--up-to", "--check-ramp"));
    }

    /** A reader in a separate process. */
    private static final class Follower implements AutoCloseable {
        private final Side side;
        private final long lastCount;
        private final ChildProcess process;
        private boolean isReady;

        Follower(Side side, long lastCount, ChildProcess process) {
            this.side = side;
            this.lastCount = lastCount;
            this.process = process;
        }

        /** Returns this reader; one that does not become ready is closed. */
        Follower awaitReady() {
            if (!isReady) {
                try {
                    process.lineWith("ready");
                } catch (RuntimeException | Error e) {
                    close();
                    throw e;
                }
                isReady = true;
            }
            return this;
        }

        /** Waits until it has seen the last frame, checks its counts, and returns the count after which it began. */
        long finish() {
            String line = awaitReady().process.finish().getLast();
            long first;
            long taken;
            long lost;
            long torn;
            if (side == Side.JVM) {
                Matcher counts = COUNTS.matcher(line);
                assertTrue(counts.matches(), line);
                first = Long.parseLong(line.replaceFirst(".* from ", ""));
                taken = Long.parseLong(counts.group(1));
                lost = Long.parseLong(counts.group(2));
                torn = Long.parseLong(counts.group(3));
            } else {
                JsonObject counts = JsonParser.parseString(line).getAsJsonObject();
                first = counts.get("first").getAsLong();
                taken = counts.get("frames").getAsLong();
                lost = counts.get("skipped").getAsLong();
                torn = counts.get("torn").getAsLong();
            }
            assertEquals(0, torn, line);
            assertTrue(taken > 0, line);
            assertEquals(lastCount, first + taken + lost, line);
            return first;
        }

        @Override
        public void close() {
            process.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void shouldWakeAReaderInAnotherProcessByItsSemaphore(Side side) throws InterruptedException {
        assumePresent(side);
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                ChildProcess reader = side == Side.JVM
                        ? ChildJvm.start("await", path, 3, 3, TIMEOUT_NS)
                        : PythonPeer.start(script, "wait", path, 3, 30, "--count", 3)) {
            reader.lineWith("ready");
            for (int count = 1; count <= 3; count++) {
                Thread.sleep(20);

                writer.write(ramp.of(count));

                assertEquals(side == Side.JVM ? "FRESH " + count : count + " " + hex(ramp.of(count)), reader.line());
            }
            reader.finish();
        }
    }

    private static String hex(MemorySegment frame) {
        return HexFormat.of().formatHex(frame.toArray(ValueLayout.JAVA_BYTE));
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void shouldBeWokenByAWriterInAnotherProcess(Side side) {
        assumePresent(side);
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                ChildProcess writer = startWriter(side, 5, 30_000)) {
            // Copies, because the next frame may overwrite this one before it is looked at.
            long counted = side == Side.JVM
                    ? ramp.readUpTo(reader, 5, TIMEOUT_NS)
                    : ramp.readUpToFromPeer(reader, 5, TIMEOUT_NS);
            writer.finish();
            assertEquals(5, counted);
        }
    }

    @Tag("slow")
    @Test
    void shouldDeliverWholeFramesToTenConcurrentReaders() {
        PythonPeer.assumePresent();
        int frames = 500;
        List<Follower> readers = new ArrayList<>();
        try (ImageStream stream = create()) {
            for (int i = 0; i < 2; i++) {
                readers.add(startReader(Side.JVM, frames));
            }
            readers.forEach(Follower::awaitReady);
            for (int i = 0; i < 8; i++) {
                // One by one: milk programs choose their semaphores without a lock.
                readers.add(startReader(Side.PYTHON, frames));
                readers.getLast().awaitReady();
            }
            try (ChildProcess writer = startWriter(Side.JVM, frames, 1000)) {
                readers.forEach(reader -> assertEquals(0, reader.finish()));
                writer.finish();
            }
            assertEquals(frames, stream.status().cnt0());
        } finally {
            readers.forEach(Follower::close);
        }
    }

    /**
     * One reader exists from the start, two join while the first writer runs, which is then killed. Its pauses leave them
     * two minutes to start in, one after the other, because milk programs choose their semaphores without a lock.
     */
    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Side.class)
    void shouldContinueReadingWhenAWriterIsKilledAndAnotherContinues(Side killed) {
        PythonPeer.assumePresent();
        long last = 2000;
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                ChildProcess first = startWriter(killed, last, 60_000)) {
            CountingReader counting = new CountingReader(reader);
            counting.readUpTo(20);
            try (Follower java = startReader(Side.JVM, last).awaitReady();
                    Follower python = startReader(Side.PYTHON, last).awaitReady()) {
                counting.readUpTo(reader.count() + 20);

                first.kill();

                long found = stream.status().cnt0();
                assertTrue(found >= 40 && found < last, "killed at " + found);
                try (ChildProcess next = startWriter(killed.other(), last - found, 50)) {
                    counting.readUpTo(last);
                    assertTrue(java.finish() >= 20);
                    assertTrue(python.finish() >= 20);
                    next.finish();
                }
            }
            assertEquals(last, stream.status().cnt0());
            assertEquals(last, counting.taken + reader.lostTotal());
        }
    }

    /** Counts the frames that a reader of this process accepted. */
    private final class CountingReader {
        private final FrameReader reader;
        private final MemorySegment buffer = ramp.empty();
        private long taken;

        CountingReader(FrameReader reader) {
            this.reader = reader;
        }

        void readUpTo(long count) {
            while (reader.count() < count) {
                Verdict verdict = reader.read(buffer, TIMEOUT_NS);
                if (verdict
                        != Verdict.STALE_WRITER) { // the writer was killed within a frame, and the next writer has not
                    // started
                    assertTrue(verdict.hasFrame(), verdict + " after " + reader.count());
                    assertRamp(buffer, reader.count());
                    taken++;
                }
            }
        }
    }
}

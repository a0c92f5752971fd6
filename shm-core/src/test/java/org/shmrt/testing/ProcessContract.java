package org.shmrt.testing;

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

/**
 * What holds between processes of a stream, with writers and readers in JVMs of their own and in Python programs that
 * know the format and nothing of ShmRT. Every frame is a ramp, so a mixture of two shows, and every reader keeps its
 * books: where it began, what it took and what it was told to have lost are the frames there were.
 */
@Timeout(120)
public abstract class ProcessContract extends StreamContract {
    private static final long PATIENCE_NS = 60 * SECOND;
    private static final Pattern BOOKS = Pattern.compile("taken (\\d+) lost (\\d+) torn (\\d+) .*");

    /** Who a process is. */
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

    /** A reader that ends after the frame of a count. */
    private Follower startReader(Side side, long lastCount) {
        return new Follower(
                side,
                lastCount,
                side == Side.JVM
                        ? ChildJvm.start("check", path, "sem", lastCount, PATIENCE_NS)
                        : PythonPeer.start(script, "follow", path, lastCount, 60, "--up-to", "--check-ramp"));
    }

    /** A reader in a process of its own. */
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

        Follower awaitReady() {
            if (!isReady) {
                process.lineWith("ready");
                isReady = true;
            }
            return this;
        }

        /** The count it began after, when it has seen the last frame and its books are in order. */
        long finish() {
            String line = awaitReady().process.finish().getLast();
            long first;
            long taken;
            long lost;
            long torn;
            if (side == Side.JVM) {
                Matcher books = BOOKS.matcher(line);
                assertTrue(books.matches(), line);
                first = Long.parseLong(line.replaceFirst(".* from ", ""));
                taken = Long.parseLong(books.group(1));
                lost = Long.parseLong(books.group(2));
                torn = Long.parseLong(books.group(3));
            } else {
                JsonObject books = JsonParser.parseString(line).getAsJsonObject();
                first = books.get("first").getAsLong();
                taken = books.get("frames").getAsLong();
                lost = books.get("skipped").getAsLong();
                torn = books.get("torn").getAsLong();
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
    void shouldWakeAReaderOfAnotherProcessByItsSemaphore(Side side) throws InterruptedException {
        assumePresent(side);
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                ChildProcess reader = side == Side.JVM
                        ? ChildJvm.start("await", path, 3, 3, PATIENCE_NS)
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
    void shouldBeWokenByAWriterOfAnotherProcess(Side side) {
        assumePresent(side);
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                ChildProcess writer = startWriter(side, 5, 30_000)) {
            long taken = 0;
            while (reader.count() < 5) {
                assertTrue(reader.awaitNext(PATIENCE_NS).hasFrame());
                assertRamp(reader.frame(), reader.count());
                taken++;
            }
            writer.finish();
            assertEquals(5, taken + reader.lostTotal());
        }
    }

    @Test
    void shouldHandWholeFramesToTenReadersAtOnce() {
        PythonPeer.assumePresent();
        int frames = 500;
        List<Follower> readers = new ArrayList<>();
        try (ImageStream stream = create()) {
            for (int i = 0; i < 10; i++) {
                readers.add(startReader(i < 4 ? Side.JVM : Side.PYTHON, frames));
                if (i >= 4) {
                    readers.getLast().awaitReady(); // those of milk choose their semaphores without a lock
                }
            }
            readers.forEach(Follower::awaitReady);
            try (ChildProcess writer = startWriter(Side.JVM, frames, 1000)) {
                readers.forEach(reader -> assertEquals(0, reader.finish()));
                writer.finish();
            }
            assertEquals(frames, stream.status().cnt0());
        } finally {
            readers.forEach(Follower::close);
        }
    }

    /** One reader is there from the start, two join while the first writer is at work; then that is killed. */
    @ParameterizedTest
    @EnumSource(Side.class)
    void shouldReadOnWhenAWriterIsKilledAndAnotherGoesOn(Side killed) {
        PythonPeer.assumePresent();
        long last = 10_000;
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                ChildProcess first = startWriter(killed, last, 1000)) {
            Books books = new Books(reader);
            books.readUpTo(100);
            try (Follower java = startReader(Side.JVM, last);
                    Follower python = startReader(Side.PYTHON, last)) {
                java.awaitReady();
                python.awaitReady();
                books.readUpTo(reader.count() + 100);

                first.kill();

                long found = stream.status().cnt0();
                assertTrue(found >= 200 && found < last, "killed at " + found);
                try (ChildProcess next = startWriter(killed.other(), last - found, 50)) {
                    books.readUpTo(last);
                    assertTrue(java.finish() >= 100);
                    assertTrue(python.finish() >= 100);
                    next.finish();
                }
            }
            assertEquals(last, stream.status().cnt0());
            assertEquals(last, books.taken + reader.lostTotal());
        }
    }

    /** What a reader of this process took. */
    private final class Books {
        private final FrameReader reader;
        private final MemorySegment mine = ramp.empty();
        private long taken;

        Books(FrameReader reader) {
            this.reader = reader;
        }

        void readUpTo(long count) {
            while (reader.count() < count) {
                Verdict verdict = reader.read(mine, PATIENCE_NS);
                if (verdict != Verdict.STALE_WRITER) { // killed in the middle of a frame, and the next is not there yet
                    assertTrue(verdict.hasFrame(), verdict + " after " + reader.count());
                    assertRamp(mine, reader.count());
                    taken++;
                }
            }
        }
    }
}

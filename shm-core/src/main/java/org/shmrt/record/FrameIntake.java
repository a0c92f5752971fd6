package org.shmrt.record;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.record.chunk.FrameRow;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.text.FileNames;

/**
 * Copies the frames of one stream to memory, in a thread of its own. While the memory is full it leaves the frames in
 * the stream, which keeps as many as its depth. It follows the stream when that is removed or re-created.
 *
 * <p>Losses are computed from the counters: every frame has the number of those between it and the frame copied before.
 */
final class FrameIntake {
    /** Longest wait in one call; limits how late a stop is noticed. */
    private static final long WAIT_NS = 50_000_000L;

    private static final long MEMORY_WAIT_NS = 500_000L;
    private static final long ABSENT_WAIT_NS = 20_000_000L;
    /** A stopped intake gives up after this time, as soon as it cannot copy one of the last frames. */
    private static final long DRAIN_NS = 2_000_000_000L;

    /** What the disk thread does with the blocks. */
    interface Listener {
        /** There is work at once: memory is short, or the last frame has come. */
        void wake();

        /** Whether frames cannot be written at present. */
        boolean isFailing();
    }

    private final String name;
    private final Path path;
    private final long maxFrames;
    private final long endNs;
    private final BlockPool pool;
    private final RecordingClock clock;
    private final Listener disk;
    private final Queue<FrameBlock> blocks = new ConcurrentLinkedQueue<>();
    private final Thread thread;

    private ImageStream opened;
    private FrameReader reader;
    private PacedIdle idle;
    private StreamInstance instance;
    private FrameBlock block;
    private long expected;
    private int causes;
    private long lastArrivedNs;
    private long stopCount;
    private long drainUntilNs;
    private boolean draining;
    /** {@link #taken} with all frames that the stream had at the stop. */
    private long drainTaken;
    /** The last attempt to take a frame has found none, or had no memory for it. */
    private boolean tookNothing;

    private volatile StreamTotals.State state = StreamTotals.State.ABSENT;
    private volatile boolean stopRequested;
    private volatile long taken;
    private volatile long restarts;
    private volatile long firstCount;
    private volatile long lastCount;
    private volatile long missedAtEnd;
    private volatile int causesAtEnd;
    private volatile long endedNs;
    private volatile Optional<ShmException> failure = Optional.empty();

    /**
     * Prepares the intake of a stream.
     *
     * @param maxFrames ends after so many frames
     * @param endNs ends at this time of {@link System#nanoTime()}, compared by difference; {@link Long#MAX_VALUE}: never
     */
    FrameIntake(
            String name, Path path, long maxFrames, long endNs, BlockPool pool, RecordingClock clock, Listener disk) {
        this.name = name;
        this.path = path;
        this.maxFrames = maxFrames;
        this.endNs = endNs;
        this.pool = pool;
        this.clock = clock;
        this.disk = disk;
        this.thread = new Thread(this::run, "record-" + name);
        thread.setDaemon(true);
    }

    /**
     * Opens the stream. From here on, every frame counts.
     *
     * @throws NotFoundException if there is no stream
     */
    void open() {
        openReader();
        begin(reader.count() + 1);
    }

    private void openReader() {
        ImageStream found = ImageStream.open(path, Access.READ_ONLY);
        try {
            idle = new PacedIdle(found.layout().depth());
            reader = found.reader(WaitStrategy.idle(idle));
            opened = found;
        } catch (RuntimeException | Error e) {
            found.close();
            throw e;
        }
    }

    private void begin(long next) {
        instance = new StreamInstance(name, reader.stream());
        expected = next;
        if (firstCount == 0) {
            firstCount = next;
        }
        state = StreamTotals.State.RECORDING;
    }

    void start() {
        thread.start();
    }

    void stop() {
        stopRequested = true;
    }

    private void run() {
        try {
            while (!isComplete()) {
                if (reader == null) {
                    openLater();
                } else {
                    long takenBefore = taken;
                    step();
                    tookNothing = taken == takenBefore;
                }
            }
        } catch (ShmException e) {
            failure = Optional.of(e);
        } catch (RuntimeException | Error e) {
            failure = Optional.of(
                    new ShmException("unexpected failure while recording " + FileNames.text(path) + ": " + e, e));
        } finally {
            end();
        }
    }

    /** Whether this thread has nothing more to do. A stop first takes the frames that are published already. */
    private boolean isComplete() {
        if (taken >= maxFrames) {
            return true;
        }
        if (!draining) {
            long nowNs = System.nanoTime();
            if (!stopRequested && (endNs == Long.MAX_VALUE || nowNs - endNs < 0)) {
                return false;
            }
            if (reader == null) {
                return true;
            }
            draining = true;
            tookNothing = false;
            drainTaken = taken + reader.stream().layout().depth();
            drainUntilNs = nowNs + DRAIN_NS;
            stopCount = newestCount();
            lastCount = stopCount;
        }
        // Negative if the counter has gone back and the frames of the new sequence are still to be taken.
        long missing = stopCount - expected + 1;
        if (missing == 0) {
            return true;
        }
        // Not by the time alone: on a busy machine this thread may not have run since the stop.
        if ((tookNothing || taken >= drainTaken) && System.nanoTime() - drainUntilNs > 0) {
            causes |= lossCause();
            missedAtEnd = Math.max(0, missing);
            causesAtEnd = causes;
            return true;
        }
        return false;
    }

    private long newestCount() {
        try {
            return reader.stream().status().cnt0();
        } catch (ShmException e) {
            return expected - 1; // truncated or removed: nothing more will come of it
        }
    }

    private int lossCause() {
        return disk.isFailing()
                ? LossCause.DISK.bit()
                : pool.isFilling() ? LossCause.BUFFER_FULL.bit() : LossCause.OVERTAKEN.bit();
    }

    private void openLater() {
        try {
            openReader();
            begin(1); // the stream is newer than the recorder: its first frames count too
        } catch (NotFoundException | IncompatibleException e) {
            LockSupport.parkNanos(ABSENT_WAIT_NS); // not there yet, or incomplete
        }
    }

    private void step() {
        if (!hasRoom()) {
            disk.wake();
            LockSupport.parkNanos(MEMORY_WAIT_NS);
            return;
        }
        Verdict verdict = reader.awaitNext(draining ? MEMORY_WAIT_NS : WAIT_NS);
        switch (verdict) {
            case FRESH, SKIPPED, LAPPED -> take();
            case RESTARTED -> {
                restarted(reader.count());
                take();
            }
            case TIMED_OUT -> {
                // no frame yet
            }
            case STALE_WRITER -> LockSupport.parkNanos(ABSENT_WAIT_NS);
            case RECREATED, REMOVED -> follow();
            case CLOSED ->
                throw new ShmException("the stream " + FileNames.text(path) + " was closed while it was recorded");
        }
    }

    /** Makes sure that there is memory for a frame of the current instance of the stream. */
    private boolean hasRoom() {
        if (block != null && (block.isFull() || block.instance() != instance)) {
            block.seal();
            block = null;
            disk.wake();
        }
        if (block == null) {
            block = pool.take(instance);
            if (block == null) {
                causes |= disk.isFailing() ? LossCause.DISK.bit() : LossCause.BUFFER_FULL.bit();
                return false;
            }
            blocks.add(block);
        }
        return true;
    }

    private void restarted(long next) {
        restarts = reader.restarts() + reader.reattachments();
        causes |= LossCause.RESTARTED.bit();
        expected = next;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread takes
    private void take() {
        long arrivedNs = clock.nowNs();
        long count = reader.count();
        long writtenNs = reader.writtenNs();
        if (!reader.copyTo(block.next())) {
            causes |= LossCause.OVERTAKEN.bit(); // the next frame shows how many are missing
            return;
        }
        if (draining && count - stopCount > 0) {
            missedAtEnd = stopCount - expected + 1;
            causesAtEnd = causes | LossCause.OVERTAKEN.bit();
            expected = stopCount + 1;
            return;
        }
        long lost = count - expected;
        int why = causes & LossCause.RESTARTED.bit();
        if (lost > 0) {
            why |= causes == why ? LossCause.OVERTAKEN.bit() : causes;
        }
        ByteBuffer rows = block.rows();
        FrameRow.put(
                rows,
                count,
                reader.cnt1(),
                reader.frameId(),
                instance.utcNs(reader.acquiredNs()),
                instance.utcNs(writtenNs),
                arrivedNs,
                lost,
                why);
        block.added();
        taken++;
        expected = count + 1;
        lastCount = count;
        causes = 0;
        idle.interval(arrivedNs - lastArrivedNs);
        lastArrivedNs = arrivedNs;
    }

    /** Continues with the stream that is at the path now, once there is one. */
    private void follow() {
        state = StreamTotals.State.ABSENT;
        try {
            if (reader.reattach()) {
                begin(1);
                restarted(1);
                return;
            }
        } catch (IncompatibleException e) {
            // incomplete: DAO's library creates streams in place
        }
        if (draining) {
            // what was not copied before the removal does not exist any more
            missedAtEnd = stopCount - expected + 1;
            causesAtEnd = causes | LossCause.OVERTAKEN.bit();
            expected = stopCount + 1;
            return;
        }
        LockSupport.parkNanos(ABSENT_WAIT_NS);
    }

    private void end() {
        if (block != null) {
            block.seal();
        }
        endedNs = System.nanoTime();
        state = StreamTotals.State.ENDED;
        if (reader != null) {
            reader.close();
        }
        disk.wake();
    }

    /** Closes the stream, when nothing needs its description any more. */
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    boolean isEnded() {
        return state == StreamTotals.State.ENDED;
    }

    /** The stream that was opened. */
    ImageStream stream() {
        return opened;
    }

    /** When it ended, on the clock of {@link System#nanoTime()}; known once it has. */
    long endedNs() {
        return endedNs;
    }

    String name() {
        return name;
    }

    Path path() {
        return path;
    }

    /** The blocks that are filled or being filled, the oldest first. */
    Queue<FrameBlock> blocks() {
        return blocks;
    }

    StreamTotals.State state() {
        return state;
    }

    long taken() {
        return taken;
    }

    long restarts() {
        return restarts;
    }

    long firstCount() {
        return firstCount;
    }

    long lastCount() {
        return lastCount;
    }

    /** Frames that were published before the stop and not copied; known once the intake has ended. */
    long missedAtEnd() {
        return missedAtEnd;
    }

    int causesAtEnd() {
        return causesAtEnd;
    }

    Optional<ShmException> failure() {
        return failure;
    }
}

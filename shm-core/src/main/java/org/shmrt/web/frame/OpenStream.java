package org.shmrt.web.frame;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.inspect.StreamStatus;

/**
 * The stream at a path, mapped read-only with one reader, and opened again when the file is another one. The copies of
 * the newest frame are kept until there is a newer one, so that it is read once however many ask. The caller holds a
 * lock, except for {@link #hasFrame}, {@link #count}, {@link #generation}, {@link #isStuck} and {@link #lost}.
 */
public final class OpenStream implements AutoCloseable {
    private static final long READ_NS = 20_000_000L;
    private static final long IDLE_NS = 100_000L;
    private static final long CHECK_NS = 100_000_000L;
    /** After this time without a readable frame, the reader finds out whether the writer is alive. */
    private static final long STUCK_NS = 700_000_000L;

    private static final int SLICE_TRIES = 20;
    /** Smaller frames are always copied as one: other slices of them are asked for often. */
    private static final long SMALL_BYTES = 4L << 20;

    private final String name;
    private final Path path;
    private final FramePool pool;
    private final List<Frame> copies = new ArrayList<>();
    private ImageStream stream;
    private FrameReader reader;
    private FileId file;
    private long createdNs;
    private Frame.Source source;
    private FrameRates rates;
    private PastFrames past;
    private long nextCheckNs = System.nanoTime();
    private long unreadableSinceNs;
    private boolean unreadable;
    private long lastChangeNs;
    private long acquiredNs;
    private String problem = "";
    private volatile boolean hasFrame;
    private volatile boolean stuck;
    private volatile long count;
    private volatile String generation = "";
    private volatile long lost;

    /** A copy of a frame for one user, who releases it; else the reason why there is none. */
    record Copied(Frame frame, Viewer.Reason reason) {
        static Copied none(Viewer.Reason reason) {
            return new Copied(null, reason);
        }
    }

    OpenStream(String name, Path path, FramePool pool) {
        this.name = name;
        this.path = path;
        this.pool = pool;
    }

    boolean hasFrame() {
        return hasFrame;
    }

    /** Counter of the newest frame that was seen. */
    long count() {
        return count;
    }

    /** Identifies the file; empty while there is none. */
    String generation() {
        return generation;
    }

    /** Whether the writer died while it wrote the newest frame. */
    boolean isStuck() {
        return stuck;
    }

    long lost() {
        return lost;
    }

    String problem() {
        return problem;
    }

    FrameRates rates() {
        return rates;
    }

    Optional<Frame.Source> source() {
        return Optional.ofNullable(source);
    }

    /** When the newest frame was seen first; the time of opening for one that was there before. */
    long lastChangeNs() {
        return lastChangeNs;
    }

    Optional<StreamLayout> layout() {
        return stream == null ? Optional.empty() : Optional.of(stream.layout());
    }

    /** Acquisition time of the newest frame, 0 if there is none. */
    long acquiredNs() {
        return acquiredNs;
    }

    /** Looks for a new frame, and now and then whether the file is still the same one. */
    void poll(long nowNs, FrameRates.Looking looking) {
        if (nowNs - nextCheckNs >= 0) {
            nextCheckNs = nowNs + CHECK_NS;
            checkFile();
        }
        if (reader == null) {
            return;
        }
        Verdict verdict = reader.awaitNewest(0);
        if (verdict.hasFrame()) {
            saw(nowNs, looking);
        } else if (verdict == Verdict.RECREATED || verdict == Verdict.REMOVED || verdict == Verdict.CLOSED) {
            nextCheckNs = nowNs;
            checkFile();
        }
        if (rates != null) {
            rates.tick(nowNs);
        }
        if (past != null) {
            past.trim(nowNs);
        }
    }

    private void saw(long nowNs, FrameRates.Looking looking) {
        count = reader.count();
        acquiredNs = reader.acquiredNs();
        rates.record(count, acquiredNs, nowNs, looking);
        lost = rates.lost();
        hasFrame = count != 0;
        lastChangeNs = nowNs;
        stuck = false;
        unreadable = false;
    }

    private void checkFile() {
        try {
            FileId now = FileId.ofOrNull(path);
            if (now == null) {
                closeStream();
                problem = "";
            } else if (stream == null || !isSame(now)) {
                closeStream();
                open(now);
            }
        } catch (ShmException | IllegalArgumentException e) {
            // A program that creates a stream in place needs a moment; the next check tries again.
            closeStream();
            problem = e.getMessage();
        }
    }

    private boolean isSame(FileId now) {
        return now.isSameFile(file)
                && now.byteSize() == file.byteSize()
                && stream.status().createdNs() == createdNs;
    }

    private void open(FileId now) {
        ImageStream opened;
        try {
            opened = ImageStream.open(path, Access.READ_ONLY);
        } catch (NotFoundException e) {
            return; // it was removed since the check
        }
        try {
            StreamStatus status = opened.status();
            reader = opened.reader(WaitStrategy.idle(new SleepingIdleStrategy(IDLE_NS)));
            stream = opened;
            file = now;
            createdNs = status.createdNs();
            generation = now.inode() + "-" + createdNs;
            source = new Frame.Source(name, generation, opened.type(), opened.shape());
            long nowNs = System.nanoTime();
            rates = new FrameRates(nowNs);
            past = new PastFrames(opened, reader, source, pool);
            count = reader.count();
            acquiredNs = status.cnt0() == count ? status.acquiredNs() : 0;
            rates.record(count, acquiredNs, nowNs, FrameRates.Looking.RARELY);
            hasFrame = count != 0;
            lastChangeNs = nowNs;
            problem = "";
        } catch (RuntimeException | Error e) {
            opened.close();
            stream = null;
            reader = null;
            past = null;
            throw e;
        }
    }

    /** Copies the newest frame, or takes the copy of it that exists. */
    Copied copy(int slice) {
        requireOpen();
        if (stream == null) {
            return noStream();
        }
        if (slice != Frame.WHOLE && slice >= source.slices()) {
            throw new IllegalArgumentException(
                    "cannot show slice " + slice + " of " + name + ": it has slices 0 to " + (source.slices() - 1));
        }
        if (!hasFrame) {
            return Copied.none(Viewer.Reason.NEVER_WRITTEN);
        }
        int wanted = source.frameBytes() <= SMALL_BYTES ? Frame.WHOLE : slice;
        dropOldCopies();
        for (Frame copy : copies) {
            if (copy.contains(slice)) {
                copy.retain();
                return new Copied(copy, Viewer.Reason.TIMED_OUT);
            }
        }
        return read(wanted);
    }

    private Copied noStream() {
        if (!problem.isEmpty()) {
            throw new IncompatibleException(problem, null);
        }
        return Copied.none(Viewer.Reason.REMOVED);
    }

    /** Opens the stream if this was not tried yet, for a request that comes before the first poll. */
    private void requireOpen() {
        if (stream == null && problem.isEmpty()) {
            checkFile();
        }
    }

    private void dropOldCopies() {
        copies.removeIf(copy -> {
            boolean old =
                    copy.stamp().count() != count || !copy.source().generation().equals(generation);
            if (old) {
                copy.release();
            }
            return old;
        });
    }

    private Copied read(int slice) {
        Optional<FramePool.Block> taken = pool.takeFrame(name, source.bytes(slice));
        if (taken.isEmpty()) {
            return Copied.none(Viewer.Reason.TIMED_OUT); // slow viewers hold the memory: try again
        }
        FramePool.Block block = taken.get();
        MemorySegment target = block.memory(source.bytes(slice));
        boolean kept = false;
        try {
            Verdict verdict = slice == Frame.WHOLE ? reader.readNewest(target, READ_NS) : readSlice(target, slice);
            if (!verdict.hasFrame()) {
                return Copied.none(reason(verdict));
            }
            if (reader.count() != count) {
                saw(System.nanoTime(), FrameRates.Looking.RARELY);
                dropOldCopies();
            }
            unreadable = false;
            Frame frame = new Frame(source, stamp(), slice, pool, block);
            kept = true;
            copies.add(frame);
            frame.retain();
            return new Copied(frame, Viewer.Reason.TIMED_OUT);
        } finally {
            if (!kept) {
                pool.giveBack(block);
            }
        }
    }

    private Frame.Stamp stamp() {
        return new Frame.Stamp(
                reader.count(),
                reader.frameId(),
                reader.acquiredNs(),
                stream.layout().clock().nowNs());
    }

    private Verdict readSlice(MemorySegment target, int slice) {
        for (int i = 0; i < SLICE_TRIES; i++) {
            Verdict verdict = reader.newest();
            if (!verdict.hasFrame()) {
                return verdict;
            }
            try {
                GuardedCopy.copy(reader.frame(), slice * source.sliceBytes(), target, 0, source.sliceBytes());
                Faults.poll();
            } catch (InternalError e) {
                return Verdict.RECREATED; // truncated by another process
            }
            if (reader.validate()) {
                return verdict;
            }
        }
        return Verdict.TIMED_OUT;
    }

    private Viewer.Reason reason(Verdict verdict) {
        if (verdict == Verdict.RECREATED || verdict == Verdict.REMOVED) {
            nextCheckNs = System.nanoTime();
            return Viewer.Reason.TIMED_OUT; // the next poll finds out which
        }
        long nowNs = System.nanoTime();
        if (!unreadable) {
            unreadable = true;
            unreadableSinceNs = nowNs;
        }
        if (nowNs - unreadableSinceNs > STUCK_NS) {
            unreadableSinceNs = nowNs;
            stuck = reader.newest() == Verdict.STALE_WRITER;
        }
        return stuck ? Viewer.Reason.STALE_WRITER : Viewer.Reason.TIMED_OUT;
    }

    /** A copy with the picture for a thumbnail, to be released; null if there is none now. */
    Frame copyForThumbnail() {
        requireOpen();
        return source == null ? null : copy(Thumbnail.slice(source)).frame();
    }

    /** The frames that the stream keeps, oldest first; empty if it keeps one. */
    List<PastFrames.Slot> history() {
        requireOpen();
        return past == null ? List.of() : past.list();
    }

    /** A copy of the frame in a slot, to be released; empty while it is overwritten. */
    Optional<Frame> copySlot(int slot) {
        requireOpen();
        return past == null ? Optional.empty() : past.copy(slot);
    }

    /** Gives the memory of the copies back that nobody is likely to ask for. */
    void dropCopies() {
        if (!copies.isEmpty()) {
            copies.forEach(Frame::release);
            copies.clear();
        }
    }

    private void closeStream() {
        hasFrame = false;
        stuck = false;
        generation = "";
        count = 0;
        dropCopies();
        if (past != null) {
            past.release();
            past = null;
        }
        source = null;
        if (stream != null) {
            stream.close();
        }
        stream = null;
        reader = null;
    }

    @Override
    public void close() {
        closeStream();
    }
}

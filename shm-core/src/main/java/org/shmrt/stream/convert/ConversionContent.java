package org.shmrt.stream.convert;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.engine.EngineAccess;
import org.shmrt.stream.engine.FrameRing;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.SlotHeaders;
import org.shmrt.stream.engine.StreamCreation;
import org.shmrt.stream.format.CircularLayout;
import org.shmrt.stream.format.CubeLayout;
import org.shmrt.stream.inspect.StreamStatus;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.stream.keyword.table.KeywordEdit;
import org.shmrt.text.FileNames;

/**
 * Fills a new stream with the content of another. The frames are copied directly into the new stream's ring, oldest
 * first from slot 0, and then rotated to their slots, so there is no intermediate copy.
 */
final class ConversionContent implements StreamCreation.Content {
    private static final long RETRY_TIMEOUT_NS = 1_000_000_000L;
    /** How long a living writer may take for a frame: it can be without a processor for seconds. */
    private static final long FRAME_TIMEOUT_NS = 5_000_000_000L;

    private final ImageStream from;
    private final List<Keyword> keywords;
    private final List<String> dropped;

    private MappedStream to;
    private FrameReader reader;
    private FrameHistory past;
    private MemorySegment newest;
    private FrameRing ring;
    private int frames;
    private int keywordsKept;

    ConversionContent(ImageStream from, List<Keyword> keywords, List<String> dropped) {
        this.from = from;
        this.keywords = keywords;
        this.dropped = dropped;
    }

    @Override
    public boolean fill(MappedStream unnamed) {
        to = unnamed;
        past = from.history();
        ring = FrameRing.of(to);
        newest = to.segment().asSlice(to.layout().frameOffset(0), to.layout().frameBytes());
        try (FrameReader opened = from.reader(WaitStrategy.spin())) {
            reader = opened;
            copyFrames();
            long count = reader.count();
            int slot = ring == null ? 0 : ring.rotate(frames, count);
            setHeaders(to.layout().circular() == null ? slot : 0, count);
            if (to.layout().circular() != null && count != 0) {
                setRecords(slot, count);
            }
            setCube();
            if (count == 0) {
                frames = 0;
            }
        }
        setKeywords();
        return cnt0() != 0;
    }

    long cnt0() {
        return reader.count();
    }

    int frames() {
        return frames;
    }

    int keywordsKept() {
        return keywordsKept;
    }

    /** Copies a consistent set of frames: the newest frame, and the ring if there is one. */
    private void copyFrames() {
        boolean wholeCube = from.layout().cube() != null && from.layout().circular() == null;
        boolean wantsPast = ring != null && ring.size() > 1 && !wholeCube && past.capacity() > 1;
        long startNs = System.nanoTime();
        while (true) {
            boolean incomplete = copyNewest();
            if (incomplete || !wantsPast || Long.compareUnsigned(reader.count(), 1) <= 0) {
                listPast(incomplete ? "a writer died while it wrote the newest frame" : null);
                break;
            }
            PastResult past = copyPast();
            if (past == PastResult.COMPLETE) {
                return;
            }
            if (past == PastResult.BYPASSED || System.nanoTime() - startNs > RETRY_TIMEOUT_NS) {
                ring.clear();
                wantsPast = false;
                dropped.add("the frames before the newest: "
                        + (past == PastResult.RETRY
                                ? "the writer was too fast for a consistent copy of them"
                                : "the circular buffer does not end with the newest frame, because a writer has"
                                        + " bypassed it"));
                copyNewest();
                break;
            }
        }
        frames = 1;
        if (ring != null && to.layout().circular() != null) {
            ring.put(0, newest);
        }
    }

    /** Frames that a place for {@code capacity} frames holds: the counter has no sign. */
    private long held(int capacity) {
        return Long.compareUnsigned(reader.count(), capacity) < 0 ? reader.count() : capacity;
    }

    /** Lists the frames before the newest as dropped, if the source may have any. */
    private void listPast(String reason) {
        long held = held(from.layout().cube() != null && from.layout().circular() == null ? 1 : past.capacity());
        if (held > 1) {
            dropped.add(
                    "the frames before the newest: " + (reason == null ? "the new stream keeps one frame" : reason));
        }
    }

    /**
     * Copies the newest frame to the first slot.
     *
     * @return whether it is incomplete
     */
    private boolean copyNewest() {
        Verdict verdict = reader.readNewest(newest, FRAME_TIMEOUT_NS);
        if (verdict == Verdict.STALE_WRITER) {
            try {
                GuardedCopy.copy(reader.frame(), 0, newest, 0, newest.byteSize());
                Faults.poll();
            } catch (InternalError e) {
                throw EngineAccess.mapped(from).truncated(e);
            }
            dropped.add("the certainty that the newest frame is complete: its write flag was set, and no writer is "
                    + "known to be alive");
            return true;
        }
        if (!verdict.hasFrame()) {
            throw failure(verdict);
        }
        return false;
    }

    /** The result of one attempt to copy the frames before the newest. */
    private enum PastResult {
        /** The ring has all frames up to the newest. */
        COMPLETE,
        /** The source's buffer lacks the newest frame. */
        BYPASSED,
        /** The writer interfered. */
        RETRY
    }

    private PastResult copyPast() {
        Verdict verdict = past.read(ring.frames(), RETRY_TIMEOUT_NS);
        if (verdict == Verdict.TIMED_OUT || verdict == Verdict.STALE_WRITER) {
            return PastResult.RETRY;
        }
        if (!verdict.hasFrame()) {
            throw failure(verdict);
        }
        int length = past.length();
        if (length == 0 || past.count(length - 1) != reader.count()) {
            return PastResult.RETRY;
        }
        // pyMilk writes frames without updating the buffer, which then ends with an older one.
        if (from.layout().circular() != null && !isNewest(ring.frame(length - 1))) {
            return reader.validate() ? PastResult.BYPASSED : PastResult.RETRY;
        }
        frames = length;
        listOlder(length);
        return PastResult.COMPLETE;
    }

    private boolean isNewest(MemorySegment frame) {
        try {
            MemorySegment newest = reader.frame();
            boolean same =
                    frame.byteSize() == newest.byteSize() && GuardedCopy.isEqual(frame, 0, newest, 0, frame.byteSize());
            Faults.poll();
            return same;
        } catch (InternalError e) {
            throw EngineAccess.mapped(from).truncated(e);
        }
    }

    private void listOlder(int length) {
        long held = held(past.capacity());
        if (held > length) {
            dropped.add((held - length) + " of the " + held + " frames: the new stream keeps " + ring.size());
        }
        if (length > 1 && from.layout().depth() > 1) {
            dropped.add("cnt1 and cnt2 of the frames before the newest");
        }
    }

    private ShmException failure(Verdict verdict) {
        return switch (verdict) {
            case RECREATED ->
                new IncompatibleException(FileNames.text(from.path())
                        + " was re-created or resized while it was converted: convert it again");
            case REMOVED ->
                new IncompatibleException(FileNames.text(from.path()) + " was removed while it was converted");
            case TIMED_OUT ->
                new BusyException("cannot copy the newest frame of " + FileNames.text(from.path())
                        + ": its writer keeps claiming or "
                        + "overwriting it; convert the stream when it is written more slowly");
            default -> new ShmException("the conversion of " + FileNames.text(from.path()) + " was interrupted");
        };
    }

    private long toTargetClock(long sourceNs) {
        return sourceNs == 0
                ? 0
                : sourceNs
                        - from.layout().clock().offsetNs()
                        + to.layout().clock().offsetNs();
    }

    private long acquiredNs(int index) {
        return toTargetClock(frames == 1 ? reader.acquiredNs() : past.acquiredNs(index));
    }

    private void setHeaders(int newestSlot, long count) {
        SlotHeaders headers = to.headers(to.segment());
        boolean slots = to.layout().circular() == null;
        for (int back = 1; slots && back < frames; back++) {
            int slot = Math.floorMod(newestSlot - back, to.layout().depth());
            headers.countRelease(slot, count - back);
            headers.acquiredNs(slot, acquiredNs(frames - 1 - back));
        }
        headers.countRelease(newestSlot, count);
        headers.cnt1(newestSlot, reader.cnt1());
        headers.cnt2(newestSlot, reader.frameId());
        headers.acquiredNs(newestSlot, toTargetClock(reader.acquiredNs()));
        headers.writtenNs(newestSlot, writtenNs(count));
        headers.newestSlotRelease(newestSlot);
    }

    /**
     * The write time of the newest frame. If the source has none, it is the acquisition time, as in all DAO streams.
     */
    private long writtenNs(long count) {
        StreamStatus status = from.status();
        boolean known = from.layout().written().exists() && status.cnt0() == count;
        return toTargetClock(known ? status.writtenNs() : reader.acquiredNs());
    }

    private void setRecords(int newestSlot, long count) {
        MemorySegment file = to.segment();
        CircularLayout circular = to.layout().circular();
        for (int back = 0; back < frames; back++) {
            int slot = Math.floorMod(newestSlot - back, circular.size());
            long record = circular.recordOffset(slot);
            file.set(JAVA_LONG, record + circular.countOffset(), count - back);
            file.set(JAVA_LONG, record + circular.cnt1Offset(), back == 0 ? reader.cnt1() : 0);
            circular.acquired().set(file, record, acquiredNs(frames - 1 - back));
        }
        file.set(JAVA_INT, circular.indexOffset(), newestSlot);
        file.set(JAVA_LONG, circular.cycleOffset(), Long.divideUnsigned(count, circular.size()));
    }

    /** The lists of a rolling cube, where both streams have them. */
    private void setCube() {
        CubeLayout old = from.layout().cube();
        CubeLayout created = to.layout().cube();
        if (old == null || created == null || !old.hasLists() || !created.hasLists()) {
            return;
        }
        EngineAccess.mapped(from).read(source -> {
            MemorySegment target = to.segment();
            for (int slice = 0; slice < created.slices(); slice++) {
                long oldTime = (long) slice * old.timeBytes();
                long newTime = (long) slice * created.timeBytes();
                created.acquired()
                        .set(target, newTime, toTargetClock(old.acquired().get(source, oldTime)));
                created.written()
                        .set(target, newTime, toTargetClock(old.written().get(source, oldTime)));
                long offset = (long) slice * CubeLayout.COUNT_BYTES;
                target.set(
                        JAVA_LONG, created.countOffset() + offset, source.get(JAVA_LONG, old.countOffset() + offset));
            }
            return null;
        });
    }

    private void setKeywords() {
        KeywordEdit edit = new KeywordEdit(to.segment(), to.layout().keywords(), FileNames.text(to.path()));
        for (Keyword keyword : keywords) {
            try {
                edit.put(keyword);
                keywordsKept++;
            } catch (IllegalArgumentException e) {
                dropped.add("a keyword: " + e.getMessage());
            }
        }
        edit.store();
    }
}

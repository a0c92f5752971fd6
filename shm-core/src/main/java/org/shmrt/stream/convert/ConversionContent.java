package org.shmrt.stream.convert;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.StreamCreation;
import org.shmrt.stream.StreamStatus;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.engine.FrameRing;
import org.shmrt.stream.engine.SlotHeaders;
import org.shmrt.stream.format.CircularLayout;
import org.shmrt.stream.format.CubeLayout;
import org.shmrt.stream.format.TimeField;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.stream.keyword.KeywordEdit;

/**
 * Fills a new stream with what another holds. The frames are copied straight into the new stream's ring, oldest first
 * from its slot 0 on, and then turned to the slots they belong in; so there is no third copy of them.
 */
final class ConversionContent implements StreamCreation.Content {
    private static final long PATIENCE_NS = 1_000_000_000L;
    private static final TimeField TIMESPEC_16 = TimeField.at(16, TimeField.Encoding.TIMESPEC);

    private final ImageStream from;
    private final List<Keyword> keywords;
    private final List<String> notCarried;

    private ImageStream to;
    private FrameReader reader;
    private FrameHistory past;
    private MemorySegment newest;
    private FrameRing ring;
    private int frames;
    private int carriedKeywords;

    ConversionContent(ImageStream from, List<Keyword> keywords, List<String> notCarried) {
        this.from = from;
        this.keywords = keywords;
        this.notCarried = notCarried;
    }

    @Override
    public boolean fill(ImageStream unnamed) {
        to = unnamed;
        past = from.history();
        ring = FrameRing.of(to);
        newest = to.segment().asSlice(to.layout().frameOffset(0), to.layout().frameBytes());
        try (FrameReader opened = from.reader(WaitStrategy.spin())) {
            reader = opened;
            takeFrames();
            long count = reader.count();
            int slot = ring == null ? 0 : ring.turn(frames, count);
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

    int keywordsCarried() {
        return carriedKeywords;
    }

    /** Fills the ring, if there is one, and the newest frame, with frames of one moment. */
    private void takeFrames() {
        boolean wholeCube = from.layout().cube() != null && from.layout().circular() == null;
        boolean wantsPast = ring != null && ring.size() > 1 && !wholeCube && past.capacity() > 1;
        long startNs = System.nanoTime();
        while (true) {
            boolean half = takeNewest();
            if (half || !wantsPast || reader.count() <= 1) {
                tellPast(half ? "a writer died at the newest frame" : null);
                break;
            }
            Boolean done = takePast();
            if (Boolean.TRUE.equals(done)) {
                return;
            }
            if (done != null || System.nanoTime() - startNs > PATIENCE_NS) {
                ring.clear();
                wantsPast = false;
                notCarried.add("the frames before the newest: "
                        + (done == null
                                ? "the writer was too fast to take them all of one moment"
                                : "the circular buffer does not end with the newest frame, for a writer has"
                                        + " passed it by"));
                takeNewest();
                break;
            }
        }
        frames = 1;
        if (ring != null && to.layout().circular() != null) {
            ring.put(0, newest);
        }
    }

    /** Tells of frames the source may hold where only the newest is taken. */
    private void tellPast(String reason) {
        long held = Math.min(
                from.layout().cube() != null && from.layout().circular() == null ? 1 : past.capacity(), reader.count());
        if (held > 1) {
            notCarried.add(
                    "the frames before the newest: " + (reason == null ? "the new stream keeps one frame" : reason));
        }
    }

    /**
     * Copies the newest frame to where a stream of one slot has it.
     *
     * @return whether it is half written
     */
    private boolean takeNewest() {
        Verdict verdict = reader.readNewest(newest, 2 * PATIENCE_NS);
        if (verdict == Verdict.STALE_WRITER) {
            try {
                MemorySegment.copy(reader.frame(), 0, newest, 0, newest.byteSize());
                Faults.settle();
            } catch (InternalError e) {
                throw from.cutOff(e);
            }
            notCarried.add("certainty that the newest frame is whole: its write flag was up and no writer is known to "
                    + "live");
            return true;
        }
        if (!verdict.hasFrame()) {
            throw refusal(verdict);
        }
        return false;
    }

    /** True if the ring has the frames up to the newest; false if the source's ring lacks that; null to try again. */
    private Boolean takePast() {
        Verdict verdict = past.read(ring.frames(), PATIENCE_NS);
        if (verdict == Verdict.TIMED_OUT || verdict == Verdict.STALE_WRITER) {
            return null;
        }
        if (!verdict.hasFrame()) {
            throw refusal(verdict);
        }
        int length = past.length();
        if (length == 0 || past.count(length - 1) != reader.count()) {
            return null;
        }
        // pyMilk writes frames without telling the buffer, which then ends with an older one.
        if (from.layout().circular() != null && !isNewest(ring.frame(length - 1))) {
            return reader.validate() ? false : null;
        }
        frames = length;
        tellOlder(length);
        return true;
    }

    private boolean isNewest(MemorySegment frame) {
        try {
            boolean same = frame.mismatch(reader.frame()) < 0;
            Faults.settle();
            return same;
        } catch (InternalError e) {
            throw from.cutOff(e);
        }
    }

    private void tellOlder(int length) {
        long held = Math.min(past.capacity(), reader.count());
        if (held > length) {
            notCarried.add((held - length) + " of the " + held + " frames: the new stream keeps " + ring.size());
        }
        if (length > 1 && from.layout().depth() > 1) {
            notCarried.add("cnt1 and cnt2 of the frames before the newest");
        }
    }

    private ShmException refusal(Verdict verdict) {
        return switch (verdict) {
            case RECREATED ->
                new IncompatibleException(
                        from.path() + " was created anew or resized while it was " + "converted: convert it again");
            case REMOVED -> new IncompatibleException(from.path() + " was removed while it was converted");
            case TIMED_OUT ->
                new BusyException("the newest frame of " + from.path() + " is claimed or overwritten all "
                        + "the time: convert it again when its writer rests");
            default -> new ShmException("the conversion of " + from.path() + " was interrupted");
        };
    }

    private long shifted(long sourceNs) {
        return sourceNs == 0
                ? 0
                : sourceNs
                        - from.layout().clock().offsetNs()
                        + to.layout().clock().offsetNs();
    }

    private long acquiredNs(int index) {
        return shifted(frames == 1 ? reader.acquiredNs() : past.acquiredNs(index));
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
        headers.acquiredNs(newestSlot, shifted(reader.acquiredNs()));
        headers.writtenNs(newestSlot, writtenNs(count));
        headers.newestSlotRelease(newestSlot);
    }

    /** Where the source does not tell, a frame counts as written when it was acquired, as in all DAO streams. */
    private long writtenNs(long count) {
        StreamStatus status = from.status();
        boolean known = from.layout().written().exists() && status.cnt0() == count;
        return shifted(known ? status.writtenNs() : reader.acquiredNs());
    }

    private void setRecords(int newestSlot, long count) {
        MemorySegment file = to.segment();
        CircularLayout circular = to.layout().circular();
        for (int back = 0; back < frames; back++) {
            int slot = Math.floorMod(newestSlot - back, circular.size());
            long record = circular.recordsOffset() + (long) slot * CircularLayout.RECORD_BYTES;
            file.set(JAVA_LONG, record, count - back);
            file.set(JAVA_LONG, record + 8, back == 0 ? reader.cnt1() : 0);
            TIMESPEC_16.set(file, record, acquiredNs(frames - 1 - back));
        }
        file.set(JAVA_INT, circular.indexOffset(), newestSlot);
        file.set(JAVA_LONG, circular.cycleOffset(), Long.divideUnsigned(count, circular.size()));
    }

    /** The lists of a rolling cube that stays one. */
    private void setCube() {
        CubeLayout old = from.layout().cube();
        CubeLayout made = to.layout().cube();
        if (old == null || made == null || old.acquiredOffset() < 0) {
            return;
        }
        try {
            MemorySegment.copy(
                    from.segment(), old.acquiredOffset(), to.segment(), made.acquiredOffset(), 40L * made.slices());
            Faults.settle();
        } catch (InternalError e) {
            throw from.cutOff(e);
        }
    }

    private void setKeywords() {
        KeywordEdit edit =
                new KeywordEdit(to.segment(), to.layout().keywords(), to.path().toString());
        for (Keyword keyword : keywords) {
            try {
                edit.put(keyword);
                carriedKeywords++;
            } catch (IllegalArgumentException e) {
                notCarried.add("a keyword: " + e.getMessage());
            }
        }
        edit.store();
    }
}

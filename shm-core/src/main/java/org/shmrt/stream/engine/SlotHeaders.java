package org.shmrt.stream.engine;

import java.lang.foreign.MemorySegment;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.TimeField;

/**
 * The slot headers of one open stream, for its writer and its readers. Holds every offset as a final field. The memory
 * order of each access is that in {@link HeaderWords}. No call allocates.
 */
public final class SlotHeaders {
    private final MemorySegment file;
    private final int depth;
    private final long stride;
    private final long writeFlagOffset;
    private final long orderMarkOffset;
    private final boolean isMarkBesideFlag;
    private final long cnt0Offset;
    private final long cnt1Offset;
    private final long cnt2Offset;
    private final long lastWrittenOffset;
    private final TimeField acquired;
    private final TimeField written;
    private final long createdOffset;
    private final long createdWord;

    /**
     * The headers of a stream.
     *
     * @param createdWord the word of the creation time at opening, with which {@link #isSameInstance} compares
     */
    public SlotHeaders(MemorySegment file, StreamLayout layout, long createdWord) {
        this.file = file;
        this.depth = layout.depth();
        this.stride = layout.headerStride();
        this.writeFlagOffset = layout.writeFlagOffset();
        this.orderMarkOffset = layout.orderMarkOffset();
        this.isMarkBesideFlag = orderMarkOffset == writeFlagOffset + 1;
        this.cnt0Offset = layout.cnt0Offset();
        this.cnt1Offset = layout.cnt1Offset();
        this.cnt2Offset = layout.cnt2Offset();
        this.lastWrittenOffset = layout.lastWrittenOffset();
        this.acquired = layout.acquired();
        this.written = layout.written();
        this.createdOffset = layout.created().rawOffset();
        this.createdWord = createdWord;
    }

    public int depth() {
        return depth;
    }

    /**
     * Whether the file still contains the stream that was opened: DAO's own library re-creates a stream in the same
     * file.
     */
    public boolean isSameInstance() {
        return createdOffset < 0 || HeaderWords.longPlain(file, createdOffset) == createdWord;
    }

    /** Index of the newest slot. An index out of range, which another program may have written, is read as 0. */
    public int newestSlotAcquire() {
        // Not loaded at depth 1: the word shares a cache line with the frame's first bytes, which is in the caches of
        // the readers. Fetching it before the flag is set takes as long as the rest of a small frame.
        if (depth == 1) {
            return 0;
        }
        int last = HeaderWords.intAcquire(file, lastWrittenOffset);
        return Integer.compareUnsigned(last, depth) < 0 ? last : 0;
    }

    public void newestSlotRelease(int slot) {
        if (depth > 1) {
            HeaderWords.intRelease(file, lastWrittenOffset, slot);
        }
    }

    /** The slot before one in the ring. */
    public int before(int slot) {
        return slot == 0 ? depth - 1 : slot - 1;
    }

    /** The slot after one in the ring. */
    public int after(int slot) {
        return slot == depth - 1 ? 0 : slot + 1;
    }

    public long countAcquire(int slot) {
        return HeaderWords.longAcquire(file, slot * stride + cnt0Offset);
    }

    /**
     * The same by a plain load, for the writer. An acquire load is a compiler barrier, after which segment and session are
     * checked again for the next access.
     */
    public long count(int slot) {
        return HeaderWords.longPlain(file, slot * stride + cnt0Offset);
    }

    /**
     * Whether a slot that the index declares the newest still has an older counter, or none: DAO's library changes the
     * index before the counter, and may be stopped in between.
     */
    public boolean isIndexAhead(int slot, long count) {
        if (depth == 1) {
            return false;
        }
        long before = countAcquire(before(slot));
        return before == count + depth - 1 || (count == 0 && before != 0);
    }

    /**
     * Whether an older counter in the newest slot belongs to a new sequence. It does not if the index is ahead of it, or
     * if it has changed since it was read: then the writer has filled the slot meanwhile.
     */
    public boolean isNewSequence(int slot, long count) {
        return !isIndexAhead(slot, count) && countAcquire(slot) == count;
    }

    /**
     * Polls the count of the newest frame until it is at least the wanted one, at most {@code polls} times. Returns the
     * count loaded last.
     */
    public long pollCount(long wanted, int polls) {
        // In local variables, because the compiler reloads fields after each acquire load.
        MemorySegment mapped = file;
        long offset = cnt0Offset;
        long now;
        int left = polls;
        do {
            Thread.onSpinWait();
            now = HeaderWords.longAcquire(mapped, depth == 1 ? offset : newestSlotAcquire() * stride + offset);
        } while (Long.compareUnsigned(now, wanted) < 0 && --left > 0);
        return now;
    }

    public void countRelease(int slot, long count) {
        HeaderWords.longRelease(file, slot * stride + cnt0Offset, count);
    }

    public boolean isFlagDownAcquire(int slot) {
        return HeaderWords.flagAcquire(file, slot * stride + writeFlagOffset) == 0;
    }

    /** The flag in the low byte and the mark in the high byte, loaded atomically if they are adjacent in the file. */
    public short flagAndMarkAcquire(int slot) {
        long offset = slot * stride + writeFlagOffset;
        if (isMarkBesideFlag) {
            return HeaderWords.flagAndNextAcquire(file, offset);
        }
        return (short) ((HeaderWords.flagAcquire(file, offset) & 0xff) | mark(slot) << 8);
    }

    public void raiseFlag(int slot) {
        HeaderWords.raiseFlag(file, slot * stride + writeFlagOffset);
    }

    public void lowerFlag(int slot) {
        HeaderWords.lowerFlag(file, slot * stride + writeFlagOffset);
    }

    /**
     * Clears the flag of a slot whose memory was overwritten by something that is not a frame. Without a count, as before
     * its first frame, it holds none: to a reader that copies the old frame, the count has changed when the flag is
     * clear. Only for a slot other than the newest.
     */
    public void empty(int slot) {
        countRelease(slot, 0);
        lowerFlag(slot);
    }

    public long cnt1(int slot) {
        return HeaderWords.longPlain(file, slot * stride + cnt1Offset);
    }

    public void cnt1(int slot, long value) {
        HeaderWords.longPlain(file, slot * stride + cnt1Offset, value);
    }

    public long cnt2(int slot) {
        return HeaderWords.longPlain(file, slot * stride + cnt2Offset);
    }

    public void cnt2(int slot, long value) {
        HeaderWords.longPlain(file, slot * stride + cnt2Offset, value);
    }

    public long acquiredNs(int slot) {
        return acquired.get(file, slot * stride);
    }

    public void acquiredNs(int slot, long timeNs) {
        acquired.set(file, slot * stride, timeNs);
    }

    public long writtenNs(int slot) {
        return written.get(file, slot * stride);
    }

    public void writtenNs(int slot, long timeNs) {
        written.set(file, slot * stride, timeNs);
    }

    /** The mark of the strict order; 0 if there is none, or if the format has no place for it. */
    public byte mark(int slot) {
        return orderMarkOffset < 0 ? 0 : HeaderWords.bytePlain(file, slot * stride + orderMarkOffset);
    }

    public void mark(int slot, byte mark) {
        if (orderMarkOffset >= 0) {
            HeaderWords.bytePlain(file, slot * stride + orderMarkOffset, mark);
        }
    }
}

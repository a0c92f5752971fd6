package org.shmrt.stream.inspect;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.shmrt.stream.engine.HeaderWords;
import org.shmrt.stream.engine.OrderMark;
import org.shmrt.stream.format.StreamLayout;

/**
 * The header fields of a stream that change with each frame. While a writer runs, the fields may be from slightly
 * different moments. Immutable.
 *
 * @param newestSlot the slot written last
 * @param cnt0 its frame counter
 * @param cnt1 its second counter
 * @param cnt2 its third counter, usually a frame id
 * @param writing whether the write flag of the newest slot, or of the one after it, is set
 * @param strict whether the newest frame has the mark of the strict order
 * @param acquiredNs acquisition time of the newest frame, nanoseconds since 1970, 0 if there is none
 * @param writtenNs its write time, nanoseconds since 1970, 0 if there is none or the format does not store it
 * @param createdNs creation time of the stream, nanoseconds since 1970
 * @param creatorPid process that created it, 0 if the format does not store it
 * @param storedInode inode number of the file as stored in the header, 0 if the format does not store it
 * @param circularSlot slot of the circular buffer written last, -1 for a stream without one
 */
public record StreamStatus(
        int newestSlot,
        long cnt0,
        long cnt1,
        long cnt2,
        boolean writing,
        boolean strict,
        long acquiredNs,
        long writtenNs,
        long createdNs,
        int creatorPid,
        long storedInode,
        int circularSlot) {

    /**
     * Reads the header of a mapped stream. Allocates the result only.
     *
     * @param file the whole file
     * @param layout its layout
     * @return its status
     * @throws InternalError if another process truncated the file
     */
    public static StreamStatus of(MemorySegment file, StreamLayout layout) {
        int newest = layout.lastWrittenOffset() < 0 ? 0 : HeaderWords.intAcquire(file, layout.lastWrittenOffset());
        if (Integer.compareUnsigned(newest, layout.depth()) >= 0) {
            newest = 0;
        }
        long header = layout.headerOffset(newest);
        // Writers set the flag of the slot after the newest, and of further ones if they claim frames ahead. Reading
        // all
        // flags would load a page for each.
        long next = layout.headerOffset(newest + 1 == layout.depth() ? 0 : newest + 1);
        boolean writing = HeaderWords.flagAcquire(file, header + layout.writeFlagOffset()) != 0
                || HeaderWords.flagAcquire(file, next + layout.writeFlagOffset()) != 0;
        long cnt0 = HeaderWords.longAcquire(file, header + layout.cnt0Offset());
        return new StreamStatus(
                newest,
                cnt0,
                file.get(ValueLayout.JAVA_LONG, header + layout.cnt1Offset()),
                file.get(ValueLayout.JAVA_LONG, header + layout.cnt2Offset()),
                writing,
                layout.orderMarkOffset() >= 0
                        && cnt0 != 0
                        && file.get(ValueLayout.JAVA_BYTE, header + layout.orderMarkOffset()) == OrderMark.of(cnt0),
                layout.acquired().get(file, header),
                layout.written().get(file, header),
                layout.created().get(file, 0),
                layout.creatorPidOffset() < 0 ? 0 : file.get(ValueLayout.JAVA_INT, layout.creatorPidOffset()),
                layout.inodeOffset() < 0 ? 0 : file.get(ValueLayout.JAVA_LONG, layout.inodeOffset()),
                layout.circular() == null
                        ? -1
                        : Integer.remainderUnsigned(
                                file.get(ValueLayout.JAVA_INT, layout.circular().indexOffset()),
                                layout.circular().size()));
    }
}

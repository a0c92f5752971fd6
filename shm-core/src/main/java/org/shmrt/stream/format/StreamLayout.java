package org.shmrt.stream.format;

import java.util.List;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * The description of one stream from which the engine works: offsets, strides, slots, semaphores. It is computed once
 * when a stream is created or opened, from one copy of the header. It is never read from the file again, so another
 * process that overwrites the header later cannot change it. It does not depend on a format; the offset of a field that
 * a format lacks is -1.
 *
 * <p>A stream of depth N has N slots. Slot {@code s} has its header at {@code s * headerStride()} and its
 * frame at {@code dataOffset() + s * frameBytes()}. All {@code ...Offset} values are relative to the slot's
 * header, except {@link #lastWrittenOffset()}, which only slot 0 has.
 *
 * <p>Immutable; safe for any thread.
 */
public final class StreamLayout {
    private final String format;
    private final String variant;
    private final String storedName;
    private final DataType type;
    private final Shape shape;
    private final List<Long> axes;
    private final int depth;
    private final long headerStride;
    private final long dataOffset;
    private final long frameBytes;
    private final long fileBytes;
    private final long writeFlagOffset;
    private final long orderMarkOffset;
    private final long cnt0Offset;
    private final long cnt1Offset;
    private final long cnt2Offset;
    private final long lastWrittenOffset;
    private final long creatorPidOffset;
    private final TimeField created;
    private final TimeField acquired;
    private final KeywordLayout keywords;
    private final SemaphoreLayout semaphores;
    private final StreamClock clock;
    private final TimeField written;
    private final long inodeOffset;
    private final PacketLayout packets;
    private final CircularLayout circular;
    private final CubeLayout cube;
    private final TraceLayout traces;
    private final WriteHistoryLayout writeHistory;
    private final String readOnlyReason;
    private final String unreadableReason;
    private final List<String> warnings;

    StreamLayout(StreamLayoutBuilder b) {
        format = b.format;
        variant = b.variant;
        storedName = b.storedName;
        type = b.type;
        shape = b.shape;
        axes = List.copyOf(b.axes);
        depth = b.depth;
        headerStride = b.headerStride;
        dataOffset = b.dataOffset;
        frameBytes = b.shape.byteSize(b.type);
        fileBytes = b.fileBytes;
        writeFlagOffset = b.writeFlagOffset;
        orderMarkOffset = b.orderMarkOffset;
        cnt0Offset = b.cnt0Offset;
        cnt1Offset = b.cnt1Offset;
        cnt2Offset = b.cnt2Offset;
        lastWrittenOffset = b.lastWrittenOffset;
        creatorPidOffset = b.creatorPidOffset;
        created = b.created;
        acquired = b.acquired;
        keywords = b.keywords;
        semaphores = b.semaphores;
        clock = b.clock;
        written = b.written;
        inodeOffset = b.inodeOffset;
        packets = b.packets;
        circular = b.circular;
        cube = b.cube;
        traces = b.traces;
        writeHistory = b.writeHistory;
        readOnlyReason = b.readOnlyReason;
        unreadableReason = b.unreadableReason;
        warnings = List.copyOf(b.warnings);
    }

    /**
     * The format's name.
     *
     * @return for example {@code dao}
     */
    public String format() {
        return format;
    }

    /**
     * Which of the format's layouts this is.
     *
     * @return for example {@code fifo}
     */
    public String variant() {
        return variant;
    }

    /**
     * The name in the header.
     *
     * @return the text, possibly empty or truncated
     */
    public String storedName() {
        return storedName;
    }

    /**
     * Type of the elements.
     *
     * @return the type
     */
    public DataType type() {
        return type;
    }

    /**
     * Shape as numpy users of the format see it.
     *
     * @return 1 to 3 axes, none of length 0
     */
    public Shape shape() {
        return shape;
    }

    /**
     * Axis lengths in the order the file stores them.
     *
     * @return 1 to 3 lengths
     */
    public List<Long> axes() {
        return axes;
    }

    /**
     * Number of slots.
     *
     * @return 1 or more
     */
    public int depth() {
        return depth;
    }

    /**
     * Bytes from one slot's header to the next.
     *
     * @return bytes
     */
    public long headerStride() {
        return headerStride;
    }

    /**
     * Position of slot 0's frame in the file.
     *
     * @return bytes
     */
    public long dataOffset() {
        return dataOffset;
    }

    /**
     * Size of one frame, and distance between the frames of neighbouring slots.
     *
     * @return bytes
     */
    public long frameBytes() {
        return frameBytes;
    }

    /**
     * Size of the file.
     *
     * @return bytes
     */
    public long fileBytes() {
        return fileBytes;
    }

    /**
     * The write flag, a byte that is not 0 while a frame is written.
     *
     * @return offset in a slot's header
     */
    public long writeFlagOffset() {
        return writeFlagOffset;
    }

    /**
     * The padding byte where a writer of the strict order stores its mark, which is computed from the counter.
     *
     * @return offset in a slot's header, or -1
     */
    public long orderMarkOffset() {
        return orderMarkOffset;
    }

    /**
     * The frame counter.
     *
     * @return offset in a slot's header
     */
    public long cnt0Offset() {
        return cnt0Offset;
    }

    /**
     * The second counter. The format defines its meaning.
     *
     * @return offset in a slot's header
     */
    public long cnt1Offset() {
        return cnt1Offset;
    }

    /**
     * The third counter, where applications store the id of a frame.
     *
     * @return offset in a slot's header
     */
    public long cnt2Offset() {
        return cnt2Offset;
    }

    /**
     * Index of the newest slot, in slot 0's header.
     *
     * @return offset, or -1 if the format has none
     */
    public long lastWrittenOffset() {
        return lastWrittenOffset;
    }

    /**
     * Process that created the stream.
     *
     * @return offset in slot 0's header, or -1
     */
    public long creatorPidOffset() {
        return creatorPidOffset;
    }

    /**
     * When the stream was created.
     *
     * @return the field in slot 0's header
     */
    public TimeField created() {
        return created;
    }

    /**
     * When a frame was acquired.
     *
     * @return the field in each slot's header
     */
    public TimeField acquired() {
        return acquired;
    }

    /**
     * Where the keywords are.
     *
     * @return their table
     */
    public KeywordLayout keywords() {
        return keywords;
    }

    /**
     * The semaphores that announce frames.
     *
     * @return the set
     */
    public SemaphoreLayout semaphores() {
        return semaphores;
    }

    /**
     * The clock of its times.
     *
     * @return the clock
     */
    public StreamClock clock() {
        return clock;
    }

    /**
     * When a frame was written, if the format stores this in addition to the acquisition time.
     *
     * @return the field in each slot's header, {@link TimeField#NONE} if there is none
     */
    public TimeField written() {
        return written;
    }

    /**
     * The inode number of the stream's file, from which programs see that the stream was re-created.
     *
     * @return offset in slot 0's header, or -1
     */
    public long inodeOffset() {
        return inodeOffset;
    }

    /**
     * Where the packets of a frame are recorded.
     *
     * @return the fields, or null if the layout has none
     */
    public PacketLayout packets() {
        return packets;
    }

    /**
     * The buffer of the newest frames in addition to the current one.
     *
     * @return the buffer, or null if there is none
     */
    public CircularLayout circular() {
        return circular;
    }

    /**
     * The slices of a stream that is a rolling cube.
     *
     * @return the cube, or null if it is not one
     */
    public CubeLayout cube() {
        return cube;
    }

    /**
     * The processes that led to the newest frame.
     *
     * @return the records, or null if there are none
     */
    public TraceLayout traces() {
        return traces;
    }

    /**
     * The list of the last writes.
     *
     * @return the list, or null if there is none
     */
    public WriteHistoryLayout writeHistory() {
        return writeHistory;
    }

    /**
     * Why the pixels cannot be read: they are not in the file.
     *
     * @return a clause, or null if they can be read
     */
    public String unreadableReason() {
        return unreadableReason;
    }

    /**
     * Why the stream can be read but not written.
     *
     * @return a clause, or null for a writable stream
     */
    public String readOnlyReason() {
        return readOnlyReason;
    }

    /**
     * Warnings about the header: irregularities that do not prevent the use of the stream.
     *
     * @return sentences, empty if there are none
     */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Position of a slot's header.
     *
     * @param slot 0 to depth - 1
     * @return bytes from the start of the file
     */
    public long headerOffset(int slot) {
        return slot * headerStride;
    }

    /**
     * Position of a slot's frame.
     *
     * @param slot 0 to depth - 1
     * @return bytes from the start of the file
     */
    public long frameOffset(int slot) {
        return dataOffset + slot * frameBytes;
    }
}

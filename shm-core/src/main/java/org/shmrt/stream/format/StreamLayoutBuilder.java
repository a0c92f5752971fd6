package org.shmrt.stream.format;

import java.util.List;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/** Builds a layout, for formats. Fields that a format lacks keep their defaults. Not thread-safe. */
public final class StreamLayoutBuilder {
    final String format;
    final String variant;
    String storedName = "";
    DataType type;
    Shape shape;
    List<Long> axes;
    int depth = 1;
    long headerStride;
    long dataOffset;
    long fileBytes;
    long writeFlagOffset;
    long orderMarkOffset = -1;
    long cnt0Offset;
    long cnt1Offset;
    long cnt2Offset;
    long lastWrittenOffset = -1;
    long creatorPidOffset = -1;
    TimeField created = TimeField.NONE;
    TimeField acquired = TimeField.NONE;
    KeywordLayout keywords = new KeywordLayout(0, 0, 0, 0, 0);
    SemaphoreLayout semaphores = SemaphoreLayout.NONE;
    StreamClock clock = StreamClock.REALTIME;
    TimeField written = TimeField.NONE;
    long inodeOffset = -1;
    PacketLayout packets;
    CircularLayout circular;
    CubeLayout cube;
    TraceLayout traces;
    WriteHistoryLayout writeHistory;
    String readOnlyReason;
    String unreadableReason;
    List<String> warnings = List.of();

    /**
     * Starts a layout.
     *
     * @param format the format's name
     * @param variant name of the layout within the format
     */
    public StreamLayoutBuilder(String format, String variant) {
        this.format = format;
        this.variant = variant;
    }

    /**
     * Sets type and shape of the image.
     *
     * @param type type of the elements
     * @param shape shape as numpy users see it
     * @param axes axis lengths as stored
     * @return this
     */
    public StreamLayoutBuilder image(DataType type, Shape shape, List<Long> axes) {
        this.type = type;
        this.shape = shape;
        this.axes = axes;
        return this;
    }

    /**
     * Sets the name in the header.
     *
     * @param storedName the text
     * @return this
     */
    public StreamLayoutBuilder storedName(String storedName) {
        this.storedName = storedName;
        return this;
    }

    /**
     * Sets the slots.
     *
     * @param depth number of slots
     * @param headerStride bytes from one slot's header to the next
     * @param dataOffset position of slot 0's frame
     * @param fileBytes size of the file
     * @return this
     */
    public StreamLayoutBuilder slots(int depth, long headerStride, long dataOffset, long fileBytes) {
        this.depth = depth;
        this.headerStride = headerStride;
        this.dataOffset = dataOffset;
        this.fileBytes = fileBytes;
        return this;
    }

    /**
     * Sets the fields that tell readers whether a frame is complete.
     *
     * @param writeFlagOffset the write flag, a byte that is not 0 while a frame is written
     * @param orderMarkOffset the padding byte for the mark of the strict order, or -1
     * @param lastWrittenOffset index of the newest slot, or -1
     * @return this
     */
    public StreamLayoutBuilder progress(long writeFlagOffset, long orderMarkOffset, long lastWrittenOffset) {
        this.writeFlagOffset = writeFlagOffset;
        this.orderMarkOffset = orderMarkOffset;
        this.lastWrittenOffset = lastWrittenOffset;
        return this;
    }

    /**
     * Sets the counters.
     *
     * @param cnt0Offset frame counter
     * @param cnt1Offset second counter
     * @param cnt2Offset third counter
     * @return this
     */
    public StreamLayoutBuilder counters(long cnt0Offset, long cnt1Offset, long cnt2Offset) {
        this.cnt0Offset = cnt0Offset;
        this.cnt1Offset = cnt1Offset;
        this.cnt2Offset = cnt2Offset;
        return this;
    }

    /**
     * Sets the fields for the creator of the stream, its creation time and the acquisition time of a frame.
     *
     * @param creatorPidOffset process that created the stream, or -1
     * @param created creation time
     * @param acquired acquisition time of a frame
     * @return this
     */
    public StreamLayoutBuilder origin(long creatorPidOffset, TimeField created, TimeField acquired) {
        this.creatorPidOffset = creatorPidOffset;
        this.created = created;
        this.acquired = acquired;
        return this;
    }

    /**
     * Sets the keyword table.
     *
     * @param keywords where it is
     * @return this
     */
    public StreamLayoutBuilder keywords(KeywordLayout keywords) {
        this.keywords = keywords;
        return this;
    }

    /**
     * Sets the semaphores.
     *
     * @param semaphores the set
     * @return this
     */
    public StreamLayoutBuilder semaphores(SemaphoreLayout semaphores) {
        this.semaphores = semaphores;
        return this;
    }

    /**
     * Sets the clock, and the write time of a frame.
     *
     * @param clock the clock of all times
     * @param written write time of a frame
     * @return this
     */
    public StreamLayoutBuilder clock(StreamClock clock, TimeField written) {
        this.clock = clock;
        this.written = written;
        return this;
    }

    /**
     * Sets where the inode number of the stream's file is stored.
     *
     * @param inodeOffset offset in slot 0's header
     * @return this
     */
    public StreamLayoutBuilder inode(long inodeOffset) {
        this.inodeOffset = inodeOffset;
        return this;
    }

    /**
     * Sets where packets are recorded.
     *
     * @param packets the fields
     * @return this
     */
    public StreamLayoutBuilder packets(PacketLayout packets) {
        this.packets = packets;
        return this;
    }

    /**
     * Sets where frames before the newest are kept.
     *
     * @param circular the buffer of whole frames, or null
     * @param cube the slices of a rolling cube, or null
     * @return this
     */
    public StreamLayoutBuilder past(CircularLayout circular, CubeLayout cube) {
        this.circular = circular;
        this.cube = cube;
        return this;
    }

    /**
     * Sets the records of the processes that wrote.
     *
     * @param traces the processes that led to the newest frame, or null
     * @param writeHistory the list of the last writes, or null
     * @return this
     */
    public StreamLayoutBuilder writers(TraceLayout traces, WriteHistoryLayout writeHistory) {
        this.traces = traces;
        this.writeHistory = writeHistory;
        return this;
    }

    /**
     * Marks the stream as one whose pixels are not in the file, so that only its header can be read.
     *
     * @param reason a clause
     * @return this
     */
    public StreamLayoutBuilder headerOnly(String reason) {
        this.unreadableReason = reason;
        this.readOnlyReason = reason;
        return this;
    }

    /**
     * Marks the stream as one that ShmRT does not write.
     *
     * @param reason a clause
     * @return this
     */
    public StreamLayoutBuilder readOnly(String reason) {
        this.readOnlyReason = reason;
        return this;
    }

    /**
     * Sets the warnings about the header.
     *
     * @param warnings sentences
     * @return this
     */
    public StreamLayoutBuilder warnings(List<String> warnings) {
        this.warnings = warnings;
        return this;
    }

    /**
     * Builds the layout.
     *
     * @return the layout
     * @throws IllegalArgumentException if the file is too small for the frames or headers, or there are several slots
     *     and no index of the newest
     */
    public StreamLayout build() {
        StreamLayout layout = new StreamLayout(this);
        if (depth > 1 && lastWrittenOffset < 0) {
            throw new IllegalArgumentException(
                    "layout " + format + "/" + variant + " has " + depth + " slots and no index of the newest");
        }
        long dataEnd = unreadableReason != null ? dataOffset : layout.frameOffset(depth - 1) + layout.frameBytes();
        if (dataEnd > fileBytes || layout.headerOffset(depth) > fileBytes) {
            throw new IllegalArgumentException(
                    "layout " + format + "/" + variant + " needs more than the " + fileBytes + " bytes of the file");
        }
        return layout;
    }
}

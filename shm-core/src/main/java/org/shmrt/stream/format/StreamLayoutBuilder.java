package org.shmrt.stream.format;

import java.util.List;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/** Collects a layout; only formats need it. Fields that a format lacks keep their defaults. */
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
    String writeRefusal;
    String readRefusal;
    List<String> findings = List.of();

    /**
     * Starts a layout.
     *
     * @param format the format's name
     * @param variant which of its layouts
     */
    public StreamLayoutBuilder(String format, String variant) {
        this.format = format;
        this.variant = variant;
    }

    /**
     * Sets what the stream holds.
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
     * Sets where a frame's progress is told.
     *
     * @param writeFlagOffset the byte that is not 0 while a frame is written
     * @param orderMarkOffset padding for the strict order's mark, or -1
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
     * Sets who made the stream and when, and where frames are stamped.
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
     * Sets the clock, and the second time of a frame.
     *
     * @param clock what all times are of
     * @param written when a frame was written
     * @return this
     */
    public StreamLayoutBuilder clock(StreamClock clock, TimeField written) {
        this.clock = clock;
        this.written = written;
        return this;
    }

    /**
     * Sets where the number of the stream's file is kept.
     *
     * @param inodeOffset offset in slot 0's header
     * @return this
     */
    public StreamLayoutBuilder inode(long inodeOffset) {
        this.inodeOffset = inodeOffset;
        return this;
    }

    /**
     * Sets where packets are noted.
     *
     * @param packets the fields
     * @return this
     */
    public StreamLayoutBuilder packets(PacketLayout packets) {
        this.packets = packets;
        return this;
    }

    /**
     * Sets what is kept of frames before the newest.
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
     * Sets what is told of the processes that wrote.
     *
     * @param traces of the newest frame, or null
     * @param writeHistory of the last frames, or null
     * @return this
     */
    public StreamLayoutBuilder writers(TraceLayout traces, WriteHistoryLayout writeHistory) {
        this.traces = traces;
        this.writeHistory = writeHistory;
        return this;
    }

    /**
     * Tells that the pixels are not in the file, so that only the header can be looked at.
     *
     * @param reason a clause
     * @return this
     */
    public StreamLayoutBuilder headerOnly(String reason) {
        this.readRefusal = reason;
        this.writeRefusal = reason;
        return this;
    }

    /**
     * Forbids writing.
     *
     * @param reason a clause
     * @return this
     */
    public StreamLayoutBuilder readOnly(String reason) {
        this.writeRefusal = reason;
        return this;
    }

    /**
     * Sets what was odd about the header.
     *
     * @param findings sentences
     * @return this
     */
    public StreamLayoutBuilder findings(List<String> findings) {
        this.findings = findings;
        return this;
    }

    /**
     * Finishes the layout.
     *
     * @return the layout
     * @throws IllegalArgumentException if the file ends before a frame or a header, or several slots have no index
     */
    public StreamLayout build() {
        StreamLayout layout = new StreamLayout(this);
        if (depth > 1 && lastWrittenOffset < 0) {
            throw new IllegalArgumentException(
                    "layout " + format + "/" + variant + " has " + depth + " slots and no index of the newest");
        }
        long dataEnd = readRefusal != null ? dataOffset : layout.frameOffset(depth - 1) + layout.frameBytes();
        if (dataEnd > fileBytes || layout.headerOffset(depth) > fileBytes) {
            throw new IllegalArgumentException("layout " + format + "/" + variant + " ends after the file does");
        }
        return layout;
    }
}

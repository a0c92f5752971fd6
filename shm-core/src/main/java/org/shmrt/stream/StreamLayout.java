package org.shmrt.stream;

import java.util.List;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * The description of one stream that the engine works from: offsets, strides, slots, semaphores. Found once
 * when a stream is created or opened, from one copy of the header, and never read from the file again, so a
 * peer that scribbles over the header later cannot move anything. Knows nothing of formats; a field that a
 * format lacks is -1.
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
    private final String writeRefusal;
    private final List<String> findings;

    private StreamLayout(Builder b) {
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
        writeRefusal = b.writeRefusal;
        findings = List.copyOf(b.findings);
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
     * @return the text, possibly empty or shortened
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
     * The byte that is not 0 while a frame is written.
     *
     * @return offset in a slot's header
     */
    public long writeFlagOffset() {
        return writeFlagOffset;
    }

    /**
     * The padding byte where a writer of the strict order leaves its mark, see {@link OrderMark}.
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
     * The second counter; its meaning is the format's.
     *
     * @return offset in a slot's header
     */
    public long cnt1Offset() {
        return cnt1Offset;
    }

    /**
     * The third counter, where applications keep a frame's id.
     *
     * @return offset in a slot's header
     */
    public long cnt2Offset() {
        return cnt2Offset;
    }

    /**
     * Index of the newest slot, in slot 0's header.
     *
     * @return offset, or -1 where the format has none
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
     * Which semaphores announce frames.
     *
     * @return the set
     */
    public SemaphoreLayout semaphores() {
        return semaphores;
    }

    /**
     * Why the stream may be read but not written, where that is so.
     *
     * @return a clause, or null for a writable stream
     */
    public String writeRefusal() {
        return writeRefusal;
    }

    /**
     * What was odd about the header when it was read, though not bad enough to refuse the stream.
     *
     * @return sentences, empty if all was well
     */
    public List<String> findings() {
        return findings;
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

    /** Collects a layout; only formats need it. Fields that a format lacks keep their defaults. */
    public static final class Builder {
        private final String format;
        private final String variant;
        private String storedName = "";
        private DataType type;
        private Shape shape;
        private List<Long> axes;
        private int depth = 1;
        private long headerStride;
        private long dataOffset;
        private long fileBytes;
        private long writeFlagOffset;
        private long orderMarkOffset = -1;
        private long cnt0Offset;
        private long cnt1Offset;
        private long cnt2Offset;
        private long lastWrittenOffset = -1;
        private long creatorPidOffset = -1;
        private TimeField created = TimeField.NONE;
        private TimeField acquired = TimeField.NONE;
        private KeywordLayout keywords = new KeywordLayout(0, 0, 0, 0, 0);
        private SemaphoreLayout semaphores = SemaphoreLayout.NONE;
        private String writeRefusal;
        private List<String> findings = List.of();

        /**
         * Starts a layout.
         *
         * @param format the format's name
         * @param variant which of its layouts
         */
        public Builder(String format, String variant) {
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
        public Builder image(DataType type, Shape shape, List<Long> axes) {
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
        public Builder storedName(String storedName) {
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
        public Builder slots(int depth, long headerStride, long dataOffset, long fileBytes) {
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
        public Builder progress(long writeFlagOffset, long orderMarkOffset, long lastWrittenOffset) {
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
        public Builder counters(long cnt0Offset, long cnt1Offset, long cnt2Offset) {
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
        public Builder origin(long creatorPidOffset, TimeField created, TimeField acquired) {
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
        public Builder keywords(KeywordLayout keywords) {
            this.keywords = keywords;
            return this;
        }

        /**
         * Sets the semaphores.
         *
         * @param semaphores the set
         * @return this
         */
        public Builder semaphores(SemaphoreLayout semaphores) {
            this.semaphores = semaphores;
            return this;
        }

        /**
         * Forbids writing.
         *
         * @param reason a clause
         * @return this
         */
        public Builder readOnly(String reason) {
            this.writeRefusal = reason;
            return this;
        }

        /**
         * Sets what was odd about the header.
         *
         * @param findings sentences
         * @return this
         */
        public Builder findings(List<String> findings) {
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
                throw new IllegalArgumentException("layout " + format + "/" + variant + " has " + depth
                        + " slots and no index of the newest");
            }
            if (layout.frameOffset(depth - 1) + layout.frameBytes > fileBytes || layout.headerOffset(depth) > fileBytes) {
                throw new IllegalArgumentException("layout " + format + "/" + variant + " ends after the file does");
            }
            return layout;
        }
    }
}

package org.shmrt.stream;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.posix.GuardedCopy;

/**
 * A rectangular part of a frame: a range of indices along each of its last axes. Along the axes before them it has all
 * indices. The indices are numpy's: {@code y0:y1} contains y0 and not y1, a negative index counts from the end, and a
 * missing one is the start or the end of the axis. Unlike in numpy, a range that exceeds its axis is refused, and so is
 * one without an index.
 *
 * <pre>{@code
 * Region spots = Region.parse("100:140,200:260");      // 40 rows, 60 columns
 * RegionReader in = RegionReader.of(reader, spots);
 * }</pre>
 *
 * <p>Immutable; safe for any thread.
 */
public final class Region {
    private static final Pattern RANGE = Pattern.compile("(-?[0-9]{1,18})?:(-?[0-9]{1,18})?");
    private static final String SYNTAX = "write a range START:END for each of the last axes, separated by commas, "
            + "for example 100:140,200:260, or : for a whole axis";

    private final List<Range> ranges;

    /** Indices of one axis; the end is exclusive, and {@link #TO_END} for the end of the axis. */
    private record Range(long start, long end) {
        static final long TO_END = Long.MAX_VALUE;

        @Override
        public String toString() {
            return (start == 0 ? "" : start) + ":" + (end == TO_END ? "" : end);
        }
    }

    private Region(List<Range> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    /**
     * A part of an image.
     *
     * @param firstRow first row, negative from the end
     * @param endRow row after the last
     * @param firstColumn first column
     * @param endColumn column after the last
     * @return the region
     */
    public static Region of(long firstRow, long endRow, long firstColumn, long endColumn) {
        return new Region(List.of(new Range(firstRow, endRow), new Range(firstColumn, endColumn)));
    }

    /**
     * Parses a text.
     *
     * @param text for example {@code 100:140,200:260}: rows, then columns
     * @return the region
     * @throws IllegalArgumentException if the text has another form
     */
    public static Region parse(String text) {
        List<Range> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher matcher = RANGE.matcher(part.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException("'" + text + "' is not a region: " + SYNTAX);
            }
            ranges.add(new Range(
                    matcher.group(1) == null ? 0 : Long.parseLong(matcher.group(1)),
                    matcher.group(2) == null ? Range.TO_END : Long.parseLong(matcher.group(2))));
        }
        return new Region(ranges);
    }

    /**
     * The shape of the part of a frame.
     *
     * @param frame shape of the frame
     * @return a shape with the same number of axes
     * @throws IllegalArgumentException if the frame has too few axes, or a range exceeds its axis
     */
    public Shape shape(Shape frame) {
        long[] lengths = frame.lengths().clone();
        for (int axis = 0; axis < lengths.length; axis++) {
            lengths[axis] = end(frame, axis) - start(frame, axis);
        }
        return Shape.of(lengths);
    }

    /**
     * Copies the part of an image.
     *
     * @param image the image; may have further axes before those of a frame
     * @return a copy
     * @throws IllegalArgumentException if the image has too few axes, or a range exceeds its axis
     */
    public MemoryImage of(MemoryImage image) {
        Rows rows = rows(image.shape(), image.type());
        MemorySegment part = Arena.ofAuto().allocate(rows.byteSize(), Long.BYTES);
        rows.copy(image.data(), part);
        return new MemoryImage(image.type(), shape(image.shape()), part);
    }

    Rows rows(Shape frame, DataType type) {
        Shape part = shape(frame);
        long[] starts = new long[frame.rank()];
        for (int axis = 0; axis < starts.length; axis++) {
            starts[axis] = start(frame, axis);
        }
        return new Rows(frame, part, starts, type.itemBytes());
    }

    private Range range(Shape frame, int axis) {
        int first = frame.rank() - ranges.size();
        if (first < 0) {
            throw new IllegalArgumentException(
                    "the region " + this + " has " + ranges.size() + " ranges, but a frame of " + frame + " has only "
                            + frame.rank() + (frame.rank() == 1 ? " axis" : " axes"));
        }
        return axis < first ? new Range(0, Range.TO_END) : ranges.get(axis - first);
    }

    private long start(Shape frame, int axis) {
        Range range = range(frame, axis);
        long length = frame.length(axis);
        return checked(range.start < 0 ? range.start + length : range.start, frame, axis);
    }

    private long end(Shape frame, int axis) {
        Range range = range(frame, axis);
        long length = frame.length(axis);
        long end = range.end == Range.TO_END ? length : range.end < 0 ? range.end + length : range.end;
        if (checked(end, frame, axis) <= start(frame, axis)) {
            throw new IllegalArgumentException("the range " + range + " of the region " + this
                    + " contains no index of axis " + axis + " of a frame of " + frame);
        }
        return end;
    }

    private long checked(long index, Shape frame, int axis) {
        if (index < 0 || index > frame.length(axis)) {
            throw new IllegalArgumentException("the range " + range(frame, axis) + " of the region " + this
                    + " exceeds axis " + axis + " of a frame of " + frame + ", which has " + frame.length(axis)
                    + " indices");
        }
        return index;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Region region && ranges.equals(region.ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }

    /** {@return the text that {@link #parse} accepts} */
    @Override
    public String toString() {
        return ranges.stream().map(Range::toString).collect(Collectors.joining(","));
    }

    /** Where the bytes of a region are in a frame: runs of consecutive bytes at equal distances along each outer axis. */
    static final class Rows {
        /** Number of steps along each outer axis, the slowest first. */
        private final long[] counts;

        /** Bytes from one step to the next. */
        private final long[] strides;

        private final long first;
        private final long runBytes;
        private final long byteSize;

        Rows(Shape frame, Shape part, long[] starts, int itemBytes) {
            long[] axisStrides = new long[frame.rank()];
            long stride = itemBytes;
            long position = 0;
            for (int axis = frame.rank() - 1; axis >= 0; axis--) {
                axisStrides[axis] = stride;
                position += starts[axis] * stride;
                stride *= frame.length(axis);
            }
            // The last axis is consecutive, and so is each axis before it for which all later ones are complete.
            int inner = frame.rank() - 1;
            while (inner > 0 && part.length(inner) == frame.length(inner)) {
                inner--;
            }
            counts = new long[inner];
            strides = new long[inner];
            for (int axis = 0; axis < inner; axis++) {
                counts[axis] = part.length(axis);
                strides[axis] = axisStrides[axis];
            }
            first = position;
            runBytes = part.length(inner) * axisStrides[inner];
            byteSize = part.elementCount() * itemBytes;
        }

        long byteSize() {
            return byteSize;
        }

        /** Copies the region, back to back. */
        void copy(MemorySegment frame, MemorySegment target) {
            copy(0, frame, first, target, 0);
        }

        /** Copies one step along the axis before {@code axis}, and returns the position after it in the target. */
        private long copy(int axis, MemorySegment frame, long from, MemorySegment target, long to) {
            if (axis == counts.length) {
                GuardedCopy.copy(frame, from, target, to, runBytes);
                return to + runBytes;
            }
            long at = to;
            for (long step = 0; step < counts[axis]; step++) {
                at = copy(axis + 1, frame, from + step * strides[axis], target, at);
            }
            return at;
        }
    }
}

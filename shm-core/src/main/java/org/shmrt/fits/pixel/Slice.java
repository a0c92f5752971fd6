package org.shmrt.fits.pixel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.Shape;

/**
 * A part of an image as numpy users write it, slowest axis first: {@code 3,:,10:20}. An index takes one element and
 * drops the axis, {@code :} takes all, {@code from:to} takes a range without its end; axes left out at the end are
 * taken whole.
 *
 * @param text as it was written, for messages
 * @param entries one an axis
 */
public record Slice(String text, Entry[] entries) {
    private static final Pattern ENTRY = Pattern.compile("([0-9]{1,18})|([0-9]{1,18})?:([0-9]{1,18})?");

    /** What is taken of one axis. {@code to} is -1 for the end of the axis. */
    record Entry(long from, long to, boolean drops) {}

    public static Slice parse(String text) {
        String[] parts = text.split(",", -1);
        Entry[] entries = new Entry[parts.length];
        for (int i = 0; i < parts.length; i++) {
            Matcher matcher = ENTRY.matcher(parts[i].strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "'[" + text + "]' is no part of an image: write an index, : or from:to "
                                + "for each axis, slowest first, for example [3,:,:]");
            }
            if (matcher.group(1) != null) {
                long at = Long.parseLong(matcher.group(1));
                entries[i] = new Entry(at, at + 1, true);
            } else {
                entries[i] = new Entry(
                        matcher.group(2) == null ? 0 : Long.parseLong(matcher.group(2)),
                        matcher.group(3) == null ? -1 : Long.parseLong(matcher.group(3)),
                        false);
            }
        }
        return new Slice(text, entries);
    }

    /**
     * The part of an image of a shape.
     *
     * @param where the image, for messages
     */
    public ImageSection of(Shape shape, String where) {
        if (entries.length > shape.rank()) {
            throw new IncompatibleException(
                    "cannot take [" + text + "] of " + where + ": it has " + shape.rank() + " axes, " + shape);
        }
        long[] from = new long[shape.rank()];
        long[] counts = shape.lengths();
        boolean[] dropped = new boolean[shape.rank()];
        for (int axis = 0; axis < entries.length; axis++) {
            Entry entry = entries[axis];
            long to = entry.to() < 0 ? shape.length(axis) : entry.to();
            if (entry.from() >= to || to > shape.length(axis)) {
                throw new IncompatibleException("cannot take [" + text + "] of " + where + ": axis " + axis + " of "
                        + shape + " has " + shape.length(axis) + " elements, and none are left of it");
            }
            from[axis] = entry.from();
            counts[axis] = to - entry.from();
            dropped[axis] = entry.drops();
        }
        return new ImageSection(shape, from, counts, dropped);
    }
}

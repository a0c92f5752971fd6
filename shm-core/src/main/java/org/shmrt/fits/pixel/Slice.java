package org.shmrt.fits.pixel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.Shape;

/**
 * A section of an image in numpy's notation, slowest axis first: {@code 3,:,10:20}. An index selects one element and
 * drops the axis, {@code :} selects the whole axis, {@code from:to} selects a range without its end. Trailing axes that
 * are left out are selected whole.
 *
 * @param text the notation, for messages
 * @param selectors one per axis
 */
public record Slice(String text, List<Selector> selectors) {
    private static final Pattern SELECTOR = Pattern.compile("([0-9]{1,18})|([0-9]{1,18})?:([0-9]{1,18})?");

    /** Selects elements of one axis. */
    sealed interface Selector {
        long from();

        /** End of the selection, exclusive. */
        long to(long length);
    }

    /** One element; the axis is dropped. */
    record Index(long from) implements Selector {
        @Override
        public long to(long length) {
            return from + 1;
        }
    }

    /** A range; without an end it reaches to the end of the axis. */
    record Range(long from, OptionalLong end) implements Selector {
        @Override
        public long to(long length) {
            return end.orElse(length);
        }
    }

    /**
     * Parses the notation.
     *
     * @throws IllegalArgumentException if a part is not an index or a range
     */
    public static Slice parse(String text) {
        List<Selector> selectors = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher matcher = SELECTOR.matcher(part.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "'[" + text + "]' is not a section of an image: write an index, : or from:to "
                                + "for each axis, slowest first, for example [3,:,:]");
            }
            selectors.add(selector(matcher));
        }
        return new Slice(text, List.copyOf(selectors));
    }

    private static Selector selector(Matcher matcher) {
        if (matcher.group(1) != null) {
            return new Index(Long.parseLong(matcher.group(1)));
        }
        return new Range(
                matcher.group(2) == null ? 0 : Long.parseLong(matcher.group(2)),
                matcher.group(3) == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(matcher.group(3))));
    }

    /**
     * Applies the slice to an image.
     *
     * @param shape shape of the image
     * @param location file and HDU of the image, for messages
     * @throws IncompatibleException if the image has fewer axes or a selection is empty or beyond its axis
     */
    public ImageSection of(Shape shape, String location) {
        if (selectors.size() > shape.rank()) {
            throw new IncompatibleException(
                    "cannot select [" + text + "] of " + location + ": it has " + shape.rank() + " axes, " + shape);
        }
        long[] from = new long[shape.rank()];
        long[] counts = shape.lengths();
        int[] kept = new int[shape.rank()];
        int rank = 0;
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (axis < selectors.size()) {
                Selector selector = selectors.get(axis);
                long to = selector.to(shape.length(axis));
                if (selector.from() >= to || to > shape.length(axis)) {
                    throw new IncompatibleException("cannot select [" + text + "] of " + location + ": axis " + axis
                            + " of " + shape + " has " + shape.length(axis)
                            + " elements, and the selection is empty or beyond them");
                }
                from[axis] = selector.from();
                counts[axis] = to - selector.from();
            }
            if (axis >= selectors.size() || selectors.get(axis) instanceof Range) {
                kept[rank++] = axis;
            }
        }
        return new ImageSection(shape, from, counts, Arrays.copyOf(kept, rank));
    }
}

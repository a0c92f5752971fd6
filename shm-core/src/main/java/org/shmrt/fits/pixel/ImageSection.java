package org.shmrt.fits.pixel;

import java.util.stream.IntStream;
import org.shmrt.fits.header.AxisCards;
import org.shmrt.memory.Shape;

/** A section of an image, as runs of elements that are contiguous in the file. Immutable. */
public final class ImageSection {
    private final Shape whole;
    private final long[] from;
    private final long[] counts;
    private final int[] kept;
    private final Shape shape;

    /** Receives the runs of a section in order. */
    @FunctionalInterface
    public interface Run {
        /**
         * Receives one run.
         *
         * @param element index of its first element in the image
         * @param count number of elements
         * @param done number of elements in the previous runs
         */
        void at(long element, long count, long done);
    }

    /**
     * Creates a section.
     *
     * @param whole shape of the image
     * @param from first index on each axis
     * @param counts number of elements on each axis
     * @param kept the axes that the section keeps, in order; the others have one element
     */
    ImageSection(Shape whole, long[] from, long[] counts, int[] kept) {
        this.whole = whole;
        this.from = from;
        this.counts = counts;
        this.kept = kept;
        // a single element is an image of one element
        this.shape = kept.length == 0
                ? Shape.of(1)
                : Shape.of(IntStream.of(kept).mapToLong(axis -> counts[axis]).toArray());
    }

    /** The whole image. */
    public static ImageSection all(Shape shape) {
        return new ImageSection(
                shape,
                new long[shape.rank()],
                shape.lengths(),
                IntStream.range(0, shape.rank()).toArray());
    }

    /** Shape of the image. */
    public Shape whole() {
        return whole;
    }

    /** Shape of the section. */
    public Shape shape() {
        return shape;
    }

    /**
     * What becomes of the cards of the axes.
     *
     * @param ones number of leading axes of the section that are dropped too, because they have one element
     */
    public AxisCards cards(int ones) {
        int rank = whole.rank();
        int[] numbers = new int[rank];
        for (int i = ones; i < kept.length; i++) {
            // FITS counts from the fastest axis, and from 1
            numbers[rank - 1 - kept[i]] = kept.length - i;
        }
        long[] first = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            first[rank - 1 - axis] = from[axis];
        }
        return new AxisCards(numbers, first);
    }

    /** Whether the section is the whole image. */
    public boolean isAll() {
        return shape.elementCount() == whole.elementCount();
    }

    /** Visits the runs of the section in the order of the file. */
    public void forEachRun(Run run) {
        // The fastest axes that are selected whole form the runs, together with the axis before them.
        int axis = counts.length - 1;
        long runLength = 1;
        while (axis > 0 && counts[axis] == whole.length(axis)) {
            runLength *= counts[axis--];
        }
        long count = runLength * counts[axis];
        long[] strides = new long[counts.length];
        strides[counts.length - 1] = 1;
        for (int i = counts.length - 2; i >= 0; i--) {
            strides[i] = strides[i + 1] * whole.length(i + 1);
        }
        long start = 0;
        for (int i = 0; i < counts.length; i++) {
            start += from[i] * strides[i];
        }
        long[] index = new long[axis];
        long done = 0;
        while (true) {
            run.at(start, count, done);
            done += count;
            int i = axis - 1;
            while (i >= 0) {
                start += strides[i];
                if (++index[i] < counts[i]) {
                    break;
                }
                start -= strides[i] * counts[i];
                index[i--] = 0;
            }
            if (i < 0) {
                return;
            }
        }
    }
}

package org.shmrt.fits.pixel;

import java.util.Arrays;
import org.shmrt.memory.Shape;

/** What is taken of an image, as runs of elements that lie back to back in the file. */
public final class ImageSection {
    private final Shape whole;
    private final long[] from;
    private final long[] counts;
    private final Shape shape;

    /** Is told each run, in order. */
    @FunctionalInterface
    public interface Run {
        /**
         * One run.
         *
         * @param element its first element in the image
         * @param count its length
         * @param done elements of the runs before it
         */
        void at(long element, long count, long done);
    }

    ImageSection(Shape whole, long[] from, long[] counts, boolean[] dropped) {
        this.whole = whole;
        this.from = from;
        this.counts = counts;
        long[] kept = new long[counts.length];
        int rank = 0;
        for (int axis = 0; axis < counts.length; axis++) {
            if (!dropped[axis]) {
                kept[rank++] = counts[axis];
            }
        }
        // a single element is an image of one element
        this.shape = rank == 0 ? Shape.of(1) : Shape.of(Arrays.copyOf(kept, rank));
    }

    public static ImageSection all(Shape shape) {
        return new ImageSection(shape, new long[shape.rank()], shape.lengths(), new boolean[shape.rank()]);
    }

    /** The shape of the image it is taken from. */
    public Shape whole() {
        return whole;
    }

    /** The shape of what is taken. */
    public Shape shape() {
        return shape;
    }

    public boolean isAll() {
        return shape.elementCount() == whole.elementCount();
    }

    public void forEachRun(Run run) {
        // Axes taken whole, from the fastest on, and the one before them make the runs.
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

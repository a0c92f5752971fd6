package org.shmrt.image.picture;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/**
 * What the axes of an image mean in a picture. Leading axes of length 1 are ignored. Two axes are rows and columns; a
 * third one of length 3 at the end has red, green and blue. Stateless.
 */
public final class PictureShape {
    private static final int CHANNELS = 3;

    private PictureShape() {}

    /** The shape without leading axes of length 1, down to two axes. */
    private static Shape reduced(Shape shape) {
        int first = 0;
        while (shape.rank() - first > 2 && shape.length(first) == 1) {
            first++;
        }
        return Shape.of(Arrays.copyOfRange(shape.lengths(), first, shape.rank()));
    }

    /** Whether the image has at most one axis longer than 1, which is drawn as a line. */
    public static boolean isVector(Shape shape) {
        Shape reduced = reduced(shape);
        return reduced.rank() < 2 || (reduced.rank() == 2 && Math.min(reduced.length(0), reduced.length(1)) == 1);
    }

    /** Whether the last axis of the image has the colours. */
    public static boolean isColour(Shape shape) {
        Shape reduced = reduced(shape);
        return reduced.rank() == 3 && reduced.length(2) == CHANNELS;
    }

    /** Whether the image is one picture. */
    public static boolean isPicture(Shape shape) {
        return reduced(shape).rank() == 2 || isColour(shape);
    }

    /** An image of the same elements with two axes, or three of which the last has the colours. */
    static MemoryImage picture(MemoryImage image) {
        Shape shape = image.shape();
        if (shape.elementCount() == 0) {
            throw new IllegalArgumentException("an image of " + shape + " has no pixels: nothing can be drawn");
        }
        if (!isPicture(shape)) {
            throw new IllegalArgumentException("an image of " + shape + " has " + shape.rank()
                    + " axes, but a picture has 2, and 3 for colours, the last of length 3: select one slice of it");
        }
        return new MemoryImage(image.type(), reduced(shape), image.data());
    }

    /**
     * Selects a part of an image.
     *
     * @param image an image
     * @param indices an index of the first axis, or one for each of the first axes; negative from the end
     * @return the part, in the same memory
     * @throws IllegalArgumentException if the image has too few axes, or an index is not in its axis
     */
    public static MemoryImage slice(MemoryImage image, int... indices) {
        Shape shape = image.shape();
        if (indices.length >= shape.rank()) {
            throw new IllegalArgumentException("an image of " + shape + " has no slice of " + indices.length
                    + " indices: each index selects along one of its " + shape.rank() + " axes");
        }
        long part = 0;
        for (int axis = 0; axis < indices.length; axis++) {
            long length = shape.length(axis);
            long index = indices[axis] < 0 ? indices[axis] + length : indices[axis];
            if (index < 0 || index >= length) {
                throw new IllegalArgumentException("slice " + indices[axis] + " does not exist: an image of " + shape
                        + " has slices 0 to " + (length - 1) + " along axis " + axis + ", or -1 for the last");
            }
            part = part * length + index;
        }
        Shape slice = Shape.of(Arrays.copyOfRange(shape.lengths(), indices.length, shape.rank()));
        long bytes = slice.byteSize(image.type());
        MemorySegment data = image.data().asSlice(part * bytes, bytes);
        return new MemoryImage(image.type(), slice, data);
    }

    /**
     * The pictures of a cube as one axis: an image of 3 axes is a sequence of images with 2; one of 4 axes of which the
     * last has length 3 is a sequence of images in colours.
     *
     * @throws IllegalArgumentException if it has fewer axes, or no pixels
     */
    static MemoryImage sequence(MemoryImage cube) {
        Shape shape = cube.shape();
        if (shape.rank() < 3) {
            throw new IllegalArgumentException("an image of " + shape
                    + " is not a cube: a contact sheet shows the slices of an image with 3 axes or more");
        }
        if (shape.elementCount() == 0) {
            throw new IllegalArgumentException("an image of " + shape + " has no pixels: nothing can be drawn");
        }
        int sliceAxes = shape.rank() > 3 && shape.length(shape.rank() - 1) == CHANNELS ? 3 : 2;
        long[] lengths = new long[sliceAxes + 1];
        lengths[0] = 1;
        for (int axis = 0; axis < shape.rank() - sliceAxes; axis++) {
            lengths[0] *= shape.length(axis);
        }
        System.arraycopy(shape.lengths(), shape.rank() - sliceAxes, lengths, 1, sliceAxes);
        return new MemoryImage(cube.type(), Shape.of(lengths), cube.data());
    }
}

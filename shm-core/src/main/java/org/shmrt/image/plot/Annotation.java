package org.shmrt.image.plot;

import java.util.List;
import java.util.Optional;

/**
 * What is drawn around a picture.
 *
 * @param title title, empty for none
 * @param pixelsPerElement width and height of an element of the image in the picture; 0 for pictures without axes
 * @param bar key to the colours, if they have one
 * @param marks further colours that occur, with their meaning
 * @param labels texts in the picture
 */
public record Annotation(
        String title, int pixelsPerElement, Optional<ColourBar> bar, List<Mark> marks, List<Label> labels) {
    /** Copies the lists. */
    public Annotation {
        marks = List.copyOf(marks);
        labels = List.copyOf(labels);
    }

    /**
     * A colour with a meaning of its own.
     *
     * @param rgb the colour, {@code 0xRRGGBB}
     * @param text its meaning
     */
    public record Mark(int rgb, String text) {}

    /**
     * A text in the picture.
     *
     * @param x left end, in pixels of the picture
     * @param y top, in pixels of the picture
     * @param text the text
     */
    public record Label(int x, int y, String text) {}
}

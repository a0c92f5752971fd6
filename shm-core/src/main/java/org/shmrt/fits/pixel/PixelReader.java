package org.shmrt.fits.pixel;

import java.lang.foreign.MemorySegment;
import org.shmrt.memory.Shape;

/** Reads the pixels of one image of a file, whatever their stored form. For one thread at a time. */
public interface PixelReader {
    /** Stored form and type of the pixels. */
    PixelFormat format();

    /** Shape of the whole image, slowest axis first. */
    Shape shape();

    /**
     * Reads a section of the image.
     *
     * @param section the section
     * @param target native memory of exactly the size of the section
     */
    void read(ImageSection section, MemorySegment target);
}

package org.shmrt.image;

import java.util.List;
import org.shmrt.memory.MemoryImage;

/**
 * An image that was read from a file, with remarks about what the file contains beyond it. The record is immutable; the
 * pixels are as mutable as the memory they are in.
 *
 * @param image the image, in C order and little-endian
 * @param remarks remarks for the user, one line each, for example about further arrays in the file
 */
public record LoadedImage(MemoryImage image, List<String> remarks) {
    /** Copies the list. */
    public LoadedImage {
        remarks = List.copyOf(remarks);
    }
}

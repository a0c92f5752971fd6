package org.shmrt.cacao;

import java.nio.file.Path;
import org.shmrt.error.ShmException;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsImage;

/**
 * An image of a FITS file on its way into a stream.
 *
 * @param name as given, with what stands in brackets
 * @param address the same, in the working directory
 * @param file the file's own path, all links followed
 */
record FitsOrigin(String name, Path address, Path file) {
    private static final int ATTEMPTS = 3;

    static FitsOrigin of(Path directory, String name) {
        Path address = directory.resolve(name);
        return new FitsOrigin(name, address, WorkFiles.realPath(FitsFile.fileOf(address)));
    }

    /** Which image it is, and size and modification time of its file. */
    String info() {
        String part =
                address.toString().substring(FitsFile.fileOf(address).toString().length());
        return FileStamp.of(file, file + part) + "\n";
    }

    /**
     * What was read, and what the file was when that was done.
     *
     * @param image the pixels and the cards
     * @param info as {@link FitsOrigin#info()}
     */
    record Loaded(FitsImage image, String info) {}

    /** Reads the whole image. A file that is written to meanwhile is read again; its two halves may not fit. */
    Loaded read() {
        for (int i = 0; i < ATTEMPTS; i++) {
            String before = info();
            FitsImage image = FitsFile.read(address);
            if (before.equals(info())) {
                return new Loaded(image, before);
            }
        }
        throw new ShmException(
                name + " changed while it was read, " + ATTEMPTS + " times: load it when its writer is " + "done");
    }
}

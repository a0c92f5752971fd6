package org.shmrt.cacao;

import java.nio.file.Path;
import org.shmrt.error.ShmException;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsImage;
import org.shmrt.text.FileNames;

/**
 * The image of a FITS file that is loaded into a stream.
 *
 * @param name address as given, with brackets
 * @param address address in the working directory
 * @param file absolute path of the file, all links resolved
 * @param axes order of the last two axes
 * @param maxExpandedBytes what a compressed image may expand to
 */
record FitsOrigin(String name, Path address, Path file, LoadRequest.Axes axes, long maxExpandedBytes) {
    private static final int ATTEMPTS = 3;

    static FitsOrigin of(Path directory, String name, LoadRequest.Axes axes, long maxExpandedBytes) {
        Path address = FileNames.parse(directory, name);
        return new FitsOrigin(name, address, WorkFiles.realPath(FitsFile.fileOf(address)), axes, maxExpandedBytes);
    }

    /** Address of the image, and size and modification time of its file, in one line. */
    String info() {
        String part = FileNames.text(address)
                .substring(FileNames.text(FitsFile.fileOf(address)).length());
        String order = axes == LoadRequest.Axes.TRANSPOSED ? " (transposed)" : "";
        return FileStamp.of(file, FileNames.text(file) + part + order) + "\n";
    }

    /**
     * An image and the state of its file at that time.
     *
     * @param image pixels and cards
     * @param info the line of {@link FitsOrigin#info()}
     */
    record Loaded(FitsImage image, String info) {}

    /** Reads the image. If the file changes during that, it is read again, because old and new parts may be mixed. */
    Loaded read() {
        for (int i = 0; i < ATTEMPTS; i++) {
            String before = info();
            FitsImage image = FitsFile.read(address, maxExpandedBytes);
            if (before.equals(info())) {
                return new Loaded(axes == LoadRequest.Axes.TRANSPOSED ? image.transposed() : image, before);
            }
        }
        throw new ShmException(
                name + " changed while it was read, " + ATTEMPTS + " times: load it when its writer has finished");
    }
}

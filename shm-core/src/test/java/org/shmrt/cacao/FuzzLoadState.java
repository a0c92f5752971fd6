package org.shmrt.cacao;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.shmrt.fits.FitsInput;
import org.shmrt.fuzz.TextTarget;

/** Reads the name of a FITS file or a stream from a file under conf, as the loader and links do. */
final class FuzzLoadState extends TextTarget {
    private static final Path DIRECTORY = Path.of("target", "fuzz", "load-state-files");

    private final LoadState state = new LoadState(DIRECTORY, "s");

    // Kept open and overwritten: some file systems write a file to the disk each time it is truncated and closed.
    private final FileChannel nameFile;

    FuzzLoadState() {
        super(
                "ref.fits\n",
                "aol_wfsref.im.shm\n",
                "  x.fits[SCI][0,:,:]  \n",
                "\n",
                "",
                "\u0000",
                "../../x",
                "/abs/x.im.shm",
                "\r\n",
                "a/b\n",
                ".",
                "..");
        state.createDirectories();
        try {
            nameFile = FileChannel.open(
                    DIRECTORY.resolve("conf/shmim_s.name.txt"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void use(byte[] input) {
        try {
            nameFile.write(ByteBuffer.wrap(input), 0);
            nameFile.truncate(input.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String name = state.fitsName().orElseThrow();
        StreamTarget target = StreamTarget.of(name, "aol_").in(DIRECTORY);
        if (target.name().indexOf('/') >= 0) {
            throw new AssertionError("the name of the stream contains a slash: '" + target.name() + "'");
        }
        FitsOrigin.of(DIRECTORY, name, LoadRequest.Axes.AS_IN_FILE, FitsInput.DEFAULT_MAX_EXPANDED_BYTES)
                .info();
    }
}

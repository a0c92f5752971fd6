package org.shmrt.cacao;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.shmrt.fuzz.TextTarget;

/** The texts under conf and loadedSM: the name of a stream or a file in one, taken as the loader and links take it. */
final class FuzzBooks extends TextTarget {
    private static final Path DIRECTORY = Path.of("target", "fuzz", "books-files");

    private final LoadState books = new LoadState(DIRECTORY, "s");

    // Kept open and filled anew: a file system may send a file to the disk each time it is emptied and closed.
    private final FileChannel nameFile;

    FuzzBooks() {
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
        books.makeDirectories();
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
        String name = books.fitsNameOrNull();
        StreamTarget target = StreamTarget.of(name, "aol_").in(DIRECTORY);
        if (target.name().indexOf('/') >= 0) {
            throw new AssertionError("the stream '" + target.name() + "'");
        }
        FitsOrigin.of(DIRECTORY, name).info();
    }
}

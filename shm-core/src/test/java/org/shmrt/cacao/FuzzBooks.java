package org.shmrt.cacao;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.shmrt.fuzz.TextTarget;

/** The texts under conf and loadedSM: the name of a stream or a file in one, taken as the loader and links take it. */
final class FuzzBooks extends TextTarget {
    private static final Path DIRECTORY = Path.of("target", "fuzz", "books-files");

    private final StreamBooks books = new StreamBooks(DIRECTORY, "s");

    FuzzBooks() {
        super("ref.fits\n", "aol_wfsref.im.shm\n", "  x.fits[SCI][0,:,:]  \n", "\n", "", "\u0000", "../../x",
                "/abs/x.im.shm", "\r\n", "a/b\n", ".", "..");
        books.makeDirectories();
    }

    @Override
    public void use(byte[] input) {
        try {
            Files.write(DIRECTORY.resolve("conf/shmim_s.name.txt"), input);
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

package org.shmrt.stream.inspect;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.shmrt.error.NotFoundException;
import org.shmrt.posix.IoErrors;

/**
 * Where streams are looked up by name: {@code $MILK_SHM_DIR}, else {@code /milk/shm}, else {@code /tmp}, whichever
 * exists first, as milk does it. A stream NAME is the file {@code NAME.im.shm} there.
 */
public final class StreamDirectory {
    /** What the file name of a stream ends with. */
    public static final String SUFFIX = ".im.shm";

    private StreamDirectory() {}

    /**
     * The directory for streams given by a bare name.
     *
     * @return a directory that exists
     */
    public static Path get() {
        String configured = System.getenv("MILK_SHM_DIR");
        if (configured != null && !configured.isEmpty() && Files.isDirectory(Path.of(configured))) {
            return Path.of(configured);
        }
        Path milk = Path.of("/milk/shm");
        return Files.isDirectory(milk) ? milk : Path.of("/tmp");
    }

    /**
     * Whether milk keeps its streams in a directory: {@code $MILK_SHM_DIR}, or {@code /milk/shm}.
     *
     * @param directory a directory
     * @return true if it is one of those, whatever links lead there
     */
    public static boolean isMilk(Path directory) {
        String configured = System.getenv("MILK_SHM_DIR");
        return isSame(directory, Path.of("/milk/shm"))
                || (configured != null && !configured.isEmpty() && isSame(directory, Path.of(configured)));
    }

    private static boolean isSame(Path directory, Path other) {
        try {
            return Files.isSameFile(directory, other);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * What a user means by a stream's name.
     *
     * @param text a path (with a slash, or ending in {@code .im.shm}) or a bare name
     * @return the path of its file
     * @throws IllegalArgumentException if it can be neither
     */
    public static Path resolve(String text) {
        if (text.isEmpty() || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a stream's name is not empty and has no NUL in it");
        }
        return text.indexOf('/') >= 0 || text.endsWith(SUFFIX) ? Path.of(text) : get().resolve(text + SUFFIX);
    }

    /**
     * The files of a directory that are named like streams, sorted by name.
     *
     * @param directory the directory
     * @return their paths, links included
     * @throws NotFoundException if there is no such directory
     */
    public static List<Path> list(Path directory) {
        List<Path> files = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            throw new NotFoundException("there is no directory " + directory);
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (entry.toString().endsWith(SUFFIX)) {
                    files.add(entry);
                }
            }
        } catch (IOException e) {
            throw IoErrors.failure("list", directory, e);
        } catch (DirectoryIteratorException e) {
            throw IoErrors.failure("list", directory, e.getCause());
        }
        Collections.sort(files);
        return files;
    }
}

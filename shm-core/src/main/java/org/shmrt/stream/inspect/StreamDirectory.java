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
import org.shmrt.text.FileNames;

/**
 * The directory where streams are looked up by name: the first of {@code $MILK_SHM_DIR}, {@code /milk/shm} and
 * {@code /tmp} that exists, as in milk. The stream NAME is the file {@code NAME.im.shm} in it. Stateless.
 */
public final class StreamDirectory {
    /** The suffix of the file name of a stream. */
    public static final String SUFFIX = ".im.shm";

    /** The end of the name of the file that ImageStreamIO 2.01 fills before it renames it to that of the stream. */
    private static final String UNFINISHED_SUFFIX = "_tmpcreate" + SUFFIX;

    private StreamDirectory() {}

    /**
     * The directory for streams that are given by a name without a path.
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
     * Whether a directory is one where milk keeps its streams: {@code $MILK_SHM_DIR} or {@code /milk/shm}.
     *
     * @param directory a directory
     * @return true if it is one of those, also through links
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
     * Resolves the name of a stream.
     *
     * @param text a path (with a slash, or ending in {@code .im.shm}), or a name without a path; {@code \xe9} stands for
     *     a byte that is not UTF-8, if there is no file of exactly this name
     * @return the path of its file
     * @throws IllegalArgumentException if it is empty or contains a NUL
     */
    public static Path resolve(String text) {
        if (text.isEmpty() || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the name of a stream must not be empty or contain a NUL");
        }
        return text.indexOf('/') >= 0 || text.endsWith(SUFFIX)
                ? FileNames.parse(text)
                : FileNames.parse(get(), text + SUFFIX);
    }

    /**
     * The name of a stream without its directory: the reverse of {@link #resolve}.
     *
     * @param file the file of a stream
     * @return its file name without {@code .im.shm}
     */
    public static String name(Path file) {
        String name = FileNames.lastText(file);
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }

    /**
     * Whether a file name is that of a stream.
     *
     * @param fileName a name without a directory
     * @return true if it has the suffix of streams, and is not that of a stream that milk's library is creating
     *     ({@code NAME_tmpcreate.im.shm})
     */
    public static boolean isStreamName(String fileName) {
        return fileName.endsWith(SUFFIX) && !fileName.endsWith(UNFINISHED_SUFFIX);
    }

    /**
     * The files of a directory whose names are those of streams, see {@link #isStreamName}, sorted by name.
     *
     * @param directory the directory
     * @return their paths, links included
     * @throws NotFoundException if there is no such directory
     */
    public static List<Path> list(Path directory) {
        List<Path> files = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            throw new NotFoundException("there is no directory " + FileNames.text(directory) + " with streams");
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (isStreamName(entry.toString())) {
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

package org.shmrt.cacao;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.files.OutputFile;
import org.shmrt.posix.IoErrors;
import org.shmrt.posix.TempName;

/**
 * Small files that other programs may read at any moment: each is written beside its place and moved there, so that
 * nobody sees half of one.
 */
final class WorkFiles {
    /** More than any of these files has; what claims to be one and is larger is not read to its end. */
    private static final int MOST_BYTES = 1 << 16;

    private WorkFiles() {}

    /** Makes a directory with those above it, if it is not there. */
    static void makeDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw new IncompatibleException(
                    "cannot make the directory " + directory + ": " + e.getFile() + " is there and is no directory", e);
        } catch (IOException e) {
            throw IoErrors.writing(directory, e);
        }
    }

    /** Makes an empty file; one that is there stays as it is. */
    static void makeOnce(Path file) {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            // another run was faster
        } catch (IOException e) {
            throw IoErrors.writing(file, e);
        }
    }

    static void write(Path file, String text) {
        OutputFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The text of a file, or null if there is none. */
    static String readOrNull(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // before it is opened: a pipe would keep who opens it
            throw new IncompatibleException("cannot read " + file + ": it is a "
                    + (Files.isDirectory(file) ? "directory" : "pipe or device") + ", not a text");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw IoErrors.reading(file, e);
        }
    }

    /** The first line of the first of these files that is there, as scripts read it; null if none is. */
    static String firstLineOrNull(Path... files) {
        for (Path file : files) {
            String text = readOrNull(file);
            if (text != null) {
                String line = text.lines().findFirst().orElse("").strip();
                if (line.isEmpty()) {
                    throw new IncompatibleException(file + " names nothing: its first line is empty");
                }
                return line;
            }
        }
        return null;
    }

    /** Removes a file or a link, if it is there. */
    static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (DirectoryNotEmptyException e) {
            throw new IncompatibleException("cannot remove " + file + ": it is a directory with files in it", e);
        } catch (IOException e) {
            throw IoErrors.writing(file, e);
        }
    }

    /** Makes the one empty file exist and the other not; at every moment in between there is one of them. */
    static void mark(Path present, Path absent) {
        try {
            if (Files.isRegularFile(absent, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(absent, present, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.deleteIfExists(absent);
                write(present, "");
            }
        } catch (IOException e) {
            throw IoErrors.writing(present, e);
        }
    }

    /** Makes a symbolic link, in place of one that is there. */
    static void link(Path link, Path target) {
        Path hidden = TempName.beside(link);
        boolean moved = false;
        try {
            Files.createSymbolicLink(hidden, target);
            Files.move(hidden, link, StandardCopyOption.ATOMIC_MOVE);
            moved = true;
        } catch (IOException e) {
            throw IoErrors.writing(link, e);
        } finally {
            if (!moved) {
                removeQuietly(hidden);
            }
        }
    }

    private static void removeQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // the failure that led here says more
        }
    }

    /** Where a link leads, in its own words. */
    static Path linkTarget(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            throw IoErrors.reading(link, e);
        }
    }

    /** The file's own absolute path, all links followed. */
    static Path realPath(Path file) {
        try {
            return file.toRealPath();
        } catch (NoSuchFileException e) {
            throw new NotFoundException(
                    Files.isSymbolicLink(file)
                            ? file + " is a link that leads nowhere: to " + linkTarget(file)
                            : "there is no file " + file,
                    e);
        } catch (IOException e) {
            throw IoErrors.reading(file, e);
        }
    }
}

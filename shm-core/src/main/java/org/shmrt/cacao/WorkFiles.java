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
import java.util.Optional;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.files.OutputFile;
import org.shmrt.posix.FileOpening;
import org.shmrt.posix.IoErrors;
import org.shmrt.text.FileNames;

/**
 * Small text files and links that other programs may read at any time. Each is created under a temporary name and moved
 * into place, so that no reader sees a partial file.
 */
final class WorkFiles {
    /** Larger than any of these files. A larger file is not read to its end. */
    private static final int MAX_BYTES = 1 << 16;

    private WorkFiles() {}

    /** Creates a directory and its parents if they do not exist. */
    static void createDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw new IncompatibleException(
                    "cannot create the directory " + FileNames.text(directory)
                            + ": it, or a directory above it, exists as another kind of file",
                    e);
        } catch (IOException e) {
            throw IoErrors.writing(directory, e);
        }
    }

    /** Creates an empty file; an existing file stays as it is. */
    static void createIfAbsent(Path file) {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            // another run created it first
        } catch (IOException e) {
            throw IoErrors.writing(file, e);
        }
    }

    /**
     * Writes a file.
     *
     * @return a remark for the user if the owner of the file changes
     */
    static Optional<String> write(Path file, String text) {
        return OutputFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)))
                .map(remark -> FileNames.text(file) + ": " + remark);
    }

    /** The text of a file; empty if the file does not exist. */
    static Optional<String> read(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // checked first, because opening a pipe blocks
            throw new IncompatibleException("cannot read " + FileNames.text(file) + ": it is a "
                    + (Files.isDirectory(file) ? "directory" : "pipe or device") + ", not a text file");
        }
        try (InputStream in = FileOpening.stream(file)) {
            return Optional.of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw IoErrors.reading(file, e);
        }
    }

    /** The first line of the first of these files that exists, as scripts read it; empty if none exists. */
    static Optional<String> firstLine(Path... files) {
        for (Path file : files) {
            Optional<String> text = read(file);
            if (text.isPresent()) {
                String line = text.get().lines().findFirst().orElse("").strip();
                if (line.isEmpty()) {
                    throw new IncompatibleException("the first line of " + FileNames.text(file)
                            + " is empty: write the name of a file or stream into it");
                }
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }

    /** Removes a file or a link if it exists. */
    static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (DirectoryNotEmptyException e) {
            throw new IncompatibleException(
                    "cannot remove " + FileNames.text(file) + ": it is a directory that contains files", e);
        } catch (IOException e) {
            throw IoErrors.writing(file, e);
        }
    }

    /**
     * Creates one empty file and removes another, in such an order that at least one of them exists at any time.
     *
     * @return a remark for the user if the owner of the file changes
     */
    static Optional<String> mark(Path present, Path absent) {
        try {
            if (Files.isRegularFile(absent, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(absent, present, StandardCopyOption.ATOMIC_MOVE);
                return Optional.empty();
            }
            Files.deleteIfExists(absent);
            return write(present, "");
        } catch (IOException e) {
            throw IoErrors.writing(present, e);
        }
    }

    /** The path that a link contains. */
    static Path linkTarget(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            throw IoErrors.reading(link, e);
        }
    }

    /** The absolute path of a file with all links resolved. */
    static Path realPath(Path file) {
        try {
            return file.toRealPath();
        } catch (NoSuchFileException e) {
            throw new NotFoundException(
                    Files.isSymbolicLink(file)
                            ? FileNames.text(file) + " is a broken link to " + FileNames.text(linkTarget(file))
                            : "there is no file " + FileNames.text(file),
                    e);
        } catch (IOException e) {
            throw IoErrors.reading(file, e);
        }
    }
}

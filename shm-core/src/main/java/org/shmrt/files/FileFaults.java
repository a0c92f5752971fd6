package org.shmrt.files;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NoSpaceException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.SystemReason;

/** Failures of reading and writing files as typed exceptions with one line for a person. */
public final class FileFaults {
    /** A file system with less than this left is called full, whatever the language of its message. */
    private static final long FULL_BELOW_BYTES = 256 << 10;

    private FileFaults() {}

    /**
     * A file could not be read.
     *
     * @param file the file
     * @param e what java.nio says
     * @return what to throw
     */
    public static ShmException reading(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new NotFoundException("there is no file " + file, e);
        }
        if (e instanceof java.nio.file.AccessDeniedException) {
            return new AccessDeniedException(
                    "permission denied to read " + file + ": ask its owner, or change its permissions (chmod)", e);
        }
        return new ShmException("cannot read " + file + ": " + SystemReason.of(e), e);
    }

    /**
     * An input that may be no file could not be read.
     *
     * @param name what it is called
     * @param e what java.io says
     * @return what to throw
     */
    public static ShmException reading(String name, IOException e) {
        return new ShmException("cannot read " + name + ": " + SystemReason.of(e), e);
    }

    /**
     * A file could not be written. Looks at the file system for the space that is left.
     *
     * @param file the file
     * @param e what java.nio says
     * @return what to throw
     */
    public static ShmException writing(Path file, IOException e) {
        Path directory = file.toAbsolutePath().getParent();
        if (e instanceof NoSuchFileException) {
            return new NotFoundException(
                    "cannot write " + file + ": there is no directory " + directory + ", create it first", e);
        }
        if (e instanceof java.nio.file.AccessDeniedException) {
            return new AccessDeniedException(
                    "permission denied to write " + file + ": " + directory
                            + " may not be written by you, choose another directory or change its permissions (chmod)",
                    e);
        }
        String reason = SystemReason.of(e);
        if (reason.equals("Operation not permitted")) {
            return new AccessDeniedException(
                    "permission denied to write " + file + ": it belongs to another user, and " + directory
                            + " lets nobody replace what is another's; choose another name or directory",
                    e);
        }
        if (reason.contains("No space left") || reason.contains("quota exceeded") || isFull(directory)) {
            return new NoSpaceException(
                    "no space for " + file + " on its file system" + free(directory)
                            + ": remove what is not needed there, or choose another directory",
                    e);
        }
        return new ShmException("cannot write " + file + ": " + reason, e);
    }

    /**
     * An output that may be no file could not be written.
     *
     * @param name what it is called
     * @param e what java.io says
     * @return what to throw
     */
    public static ShmException writing(String name, IOException e) {
        return new ShmException("cannot write " + name + ": " + SystemReason.of(e), e);
    }

    /**
     * A directory was named where a file is needed.
     *
     * @param doing what was tried, {@code read} or {@code write}
     * @param file the directory
     * @return what to throw
     */
    public static IncompatibleException directory(String doing, Path file) {
        return new IncompatibleException("cannot " + doing + " " + file + ": it is a directory, name a file in it");
    }

    private static boolean isFull(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace() < FULL_BELOW_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    private static String free(Path directory) {
        try {
            FileStore store = Files.getFileStore(directory);
            return ", free are " + (store.getUsableSpace() >> 20) + " of " + (store.getTotalSpace() >> 20) + " MiB";
        } catch (IOException e) {
            // the figures are a help, not the point
            return "";
        }
    }
}

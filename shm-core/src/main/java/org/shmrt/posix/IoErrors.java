package org.shmrt.posix;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NoSpaceException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;

/** Translates the exceptions of java.io and java.nio into ShmRT's, each with one line for a person. Cold. */
public final class IoErrors {
    /** A file system with less than this left is called full, whatever the language of its message. */
    private static final long FULL_BELOW_BYTES = 256 << 10;

    private IoErrors() {}

    /**
     * A call on a stream, array, block or their directory failed.
     *
     * @param doing what was tried, for example {@code read}
     * @param path on which file
     */
    public static ShmException failure(String doing, Path path, IOException e) {
        // java.nio has no exceptions for these cases, only the C library's text.
        String why = e instanceof FileSystemException failed ? String.valueOf(failed.getReason()) : "";
        if (e instanceof NoSuchFileException || why.equals("Not a directory")) {
            return Errno.notFound(path);
        }
        if (e instanceof java.nio.file.AccessDeniedException || why.equals("Operation not permitted")) {
            return Errno.accessDenied(doing, path);
        }
        if (e instanceof FileSystemLoopException || why.startsWith("Too many levels of symbolic links")) {
            return new ShmException("cannot " + doing + " " + path + ": its links lead in a circle", e);
        }
        if (e.getCause() instanceof OutOfMemoryError) {
            // java.nio has no other sign of a failed mapping
            return new ShmException("cannot map " + path + ": " + MapLimit.advice(), e);
        }
        return new ShmException("cannot " + doing + " " + path + ": " + reason(e), e);
    }

    /**
     * The system's reason in one line, with advice where there is any. The file's name, which the message has already,
     * is left out.
     */
    public static String reason(IOException e) {
        if (e instanceof FileSystemLoopException) {
            return ErrorAdvice.with("Too many levels of symbolic links");
        }
        String text = e instanceof FileSystemException failed && failed.getReason() != null
                ? failed.getReason()
                : e.getMessage();
        if (text == null || text.isBlank()) {
            return e.getClass().getSimpleName();
        }
        String line = text.lines().findFirst().orElse(text);
        // a stream of java.io says "NAME (REASON)"
        String reason = line.endsWith(")") ? line.substring(line.lastIndexOf('(') + 1, line.length() - 1) : line;
        return ErrorAdvice.isKnown(reason) ? ErrorAdvice.with(reason) : line;
    }

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
        return new ShmException("cannot read " + file + ": " + reason(e), e);
    }

    /**
     * An input that may be no file could not be read.
     *
     * @param name what it is called
     * @param e what java.io says
     * @return what to throw
     */
    public static ShmException reading(String name, IOException e) {
        return new ShmException("cannot read " + name + ": " + reason(e), e);
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
        String reason = reason(e);
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
        return new ShmException("cannot write " + name + ": " + reason(e), e);
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
            return ", free: " + (store.getUsableSpace() >> 20) + " of " + (store.getTotalSpace() >> 20) + " MiB";
        } catch (IOException e) {
            // the figures are a help, not the point
            return "";
        }
    }
}

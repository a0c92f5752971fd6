package org.shmrt.posix;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
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
import org.shmrt.text.FileNames;

/**
 * Translates the exceptions of java.io and java.nio into those of ShmRT, each with a message of one line. Not for hot
 * paths.
 */
public final class IoErrors {
    /**
     * A file system with less free space than this counts as full. This does not depend on the language of its
     * messages.
     */
    private static final long FULL_BELOW_BYTES = 256 << 10;

    private IoErrors() {}

    /**
     * A call on a stream, array, block or their directory failed.
     *
     * @param action the attempted action, for example {@code read}
     * @param path the file
     */
    public static ShmException failure(String action, Path path, IOException e) {
        if (e instanceof NoSuchFileException || SystemError.NOT_A_DIRECTORY.isReportedBy(e)) {
            return Errno.notFound(path);
        }
        if (e instanceof java.nio.file.AccessDeniedException || SystemError.NOT_PERMITTED.isReportedBy(e)) {
            return Errno.accessDenied(action, path);
        }
        if (e instanceof FileSystemLoopException || SystemError.LINK_CIRCLE.isReportedBy(e)) {
            return new ShmException(
                    "cannot " + action + " " + FileNames.text(path) + ": its links lead in a circle", e);
        }
        if (e.getCause() instanceof OutOfMemoryError) {
            // java.nio has no other sign of a failed mapping.
            return new ShmException("cannot map " + FileNames.text(path) + ": " + MapLimit.advice(), e);
        }
        return new ShmException("cannot " + action + " " + FileNames.text(path) + ": " + reason(e), e);
    }

    /** There is no space for a file. The message gives the needed and the free space. */
    public static NoSpaceException noSpace(Path path, long neededBytes, Throwable cause) {
        NoSpaceException failure = Errno.noSpace(path, neededBytes);
        if (cause != null) {
            failure.initCause(cause);
        }
        return failure;
    }

    /**
     * The system's reason in one line, with advice if there is any. The name of the file is omitted, because the
     * message already contains it.
     */
    public static String reason(IOException e) {
        if (e instanceof FileSystemLoopException) {
            return SystemError.LINK_CIRCLE.advise(SystemError.LINK_CIRCLE.text());
        }
        if (e instanceof ClosedByInterruptException) {
            return "the thread was interrupted (clear its interrupt first)";
        }
        String text = e instanceof FileSystemException failed && failed.getReason() != null
                ? failed.getReason()
                : e.getMessage();
        if (text == null || text.isBlank()) {
            return e.getClass().getSimpleName();
        }
        String reason = SystemError.reasonOf(e);
        return SystemError.of(reason)
                .map(error -> error.advise(reason))
                .orElseGet(() -> text.lines().findFirst().orElse(text));
    }

    /**
     * A file could not be read.
     *
     * @param file the file
     * @param e the exception of java.nio
     * @return the exception to throw
     */
    public static ShmException reading(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new NotFoundException("there is no file " + FileNames.text(file), e);
        }
        if (e instanceof java.nio.file.AccessDeniedException) {
            return new AccessDeniedException(
                    "permission denied to read " + FileNames.text(file)
                            + ": ask its owner, or change its permissions (chmod)",
                    e);
        }
        return new ShmException("cannot read " + FileNames.text(file) + ": " + reason(e), e);
    }

    /**
     * An input, which may be a stream and not a file, could not be read.
     *
     * @param name its name in the message
     * @param e the exception of java.io
     * @return the exception to throw
     */
    public static ShmException reading(String name, IOException e) {
        return new ShmException("cannot read " + name + ": " + reason(e), e);
    }

    /**
     * A file could not be written. Reads the free space of the file system.
     *
     * @param file the file
     * @param e the exception of java.nio
     * @return the exception to throw
     */
    public static ShmException writing(Path file, IOException e) {
        Path directory = file.toAbsolutePath().getParent();
        if (e instanceof NoSuchFileException) {
            return new NotFoundException(
                    "cannot write " + FileNames.text(file) + ": there is no directory " + FileNames.text(directory)
                            + ", create it first",
                    e);
        }
        if (e instanceof java.nio.file.AccessDeniedException) {
            return new AccessDeniedException(
                    "permission denied to write " + FileNames.text(file) + ": " + FileNames.text(directory)
                            + " is not writable for you, choose another directory or change its permissions (chmod)",
                    e);
        }
        if (SystemError.NOT_PERMITTED.isReportedBy(e)) {
            return new AccessDeniedException(
                    "permission denied to write " + FileNames.text(file) + ": it belongs to another user, and "
                            + FileNames.text(directory)
                            + " does not permit replacing files of other users; choose another name or directory",
                    e);
        }
        if (SystemError.NO_SPACE.isReportedBy(e) || SystemError.QUOTA_EXCEEDED.isReportedBy(e) || isFull(directory)) {
            return new NoSpaceException(
                    "no space for " + FileNames.text(file) + " on its file system" + free(directory)
                            + ": remove files that are not needed there, or choose another directory",
                    e);
        }
        return new ShmException("cannot write " + FileNames.text(file) + ": " + reason(e), e);
    }

    /**
     * An output, which may be a stream and not a file, could not be written.
     *
     * @param name its name in the message
     * @param e the exception of java.io
     * @return the exception to throw
     */
    public static ShmException writing(String name, IOException e) {
        return new ShmException("cannot write " + name + ": " + reason(e), e);
    }

    /**
     * A directory was given where a file is required.
     *
     * @param action the attempted action, {@code read} or {@code write}
     * @param file the directory
     * @return the exception to throw
     */
    public static IncompatibleException directory(String action, Path file) {
        return new IncompatibleException(
                "cannot " + action + " " + FileNames.text(file) + ": it is a directory, name a file in it");
    }

    /**
     * The exception for an access fault in a mapped file. Either another process truncated the file, or the file is
     * sparse, still has its size, and its file system has no space for the page.
     *
     * @param path leads to the file, if it still has a name
     * @param mapped the file, with its size when it was mapped
     * @param truncated the message if the file was truncated
     * @param fault the fault
     * @return the exception to throw
     */
    public static ShmException accessFault(Path path, FileId mapped, String truncated, Throwable fault) {
        return isWholeAndFull(path, mapped)
                ? noSpace(path, mapped.byteSize(), fault)
                : new IncompatibleException(truncated, fault);
    }

    private static boolean isWholeAndFull(Path path, FileId mapped) {
        try {
            FileId found = FileId.ofOrNull(path);
            return found != null && found.isSameFile(mapped) && found.byteSize() >= mapped.byteSize() && isFull(path);
        } catch (ShmException e) {
            // It cannot be looked up any more: a directory may not be searched now, for example.
            return false;
        }
    }

    /** Whether the file system of a file or directory has almost no free space. */
    public static boolean isFull(Path path) {
        try {
            return Files.getFileStore(path).getUsableSpace() < FULL_BELOW_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    private static String free(Path directory) {
        try {
            FileStore store = Files.getFileStore(directory);
            return ", free: " + (store.getUsableSpace() >> 20) + " of " + (store.getTotalSpace() >> 20) + " MiB";
        } catch (IOException e) {
            // The message is useful without the figures.
            return "";
        }
    }
}

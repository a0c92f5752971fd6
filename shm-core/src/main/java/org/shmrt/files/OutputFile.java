package org.shmrt.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.posix.IoErrors;
import org.shmrt.posix.TempName;

/**
 * Writes a file completely or not at all: under a temporary name in the target's directory, and renamed when complete.
 * A symbolic link at the target is replaced and not followed, so a link cannot redirect the data.
 */
public final class OutputFile {
    /** Writes the content of the file. */
    @FunctionalInterface
    public interface Body {
        /**
         * Writes the whole content.
         *
         * @param out the output, not buffered; the caller closes it
         * @throws IOException if writing fails
         */
        void writeTo(OutputStream out) throws IOException;
    }

    private OutputFile() {}

    /**
     * Writes a file. A device or pipe is written to directly and never replaced.
     *
     * @param target the file, replaced if it exists; its permissions are kept
     * @param body writes the content; if it throws, the target is unchanged and no temporary file remains
     * @throws org.shmrt.error.ShmException if the file cannot be written
     */
    public static void write(Path target, Body body) {
        try {
            Path directory = target.toAbsolutePath().getParent();
            if (directory == null || Files.isDirectory(target)) {
                throw IoErrors.directory("write", target);
            }
            if (isDevice(target)) {
                // Replacing /dev/null by a file would break other programs on the machine.
                try (OutputStream out =
                        Files.newOutputStream(target, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                    body.writeTo(out);
                }
                return;
            }
            if (Files.notExists(directory)) {
                throw new NotFoundException(
                        "cannot write " + target + ": there is no directory " + directory + ", create it first");
            }
            if (!Files.isDirectory(directory)) {
                throw new IncompatibleException("cannot write " + target + ": " + directory + " is not a directory");
            }
            replace(target, temporary -> writeContent(target, temporary, body));
        } catch (IOException e) {
            throw IoErrors.writing(target, e);
        }
    }

    /**
     * Creates a symbolic link. An existing link or file is replaced in one step.
     *
     * @param link the link
     * @param target the path that the link contains; need not exist
     * @throws org.shmrt.error.ShmException if the link cannot be created
     */
    public static void writeLink(Path link, Path target) {
        replace(link, temporary -> Files.createSymbolicLink(temporary, target));
    }

    private static void writeContent(Path target, Path temporary, Body body) throws IOException {
        try (OutputStream out =
                Files.newOutputStream(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            keepPermissions(target, temporary);
            body.writeTo(out);
        }
    }

    /** Creates a file under a temporary name. */
    @FunctionalInterface
    private interface Creation {
        void create(Path temporary) throws IOException;
    }

    /** Creates a file under a temporary name in the same directory, and moves it to the target in one step. */
    private static void replace(Path target, Creation creation) {
        Path hidden = TempName.beside(target.toAbsolutePath());
        boolean moved = false;
        try {
            creation.create(hidden);
            Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE);
            moved = true;
        } catch (IOException e) {
            // Before the temporary file is removed and frees its space: the message reports the free space.
            throw IoErrors.writing(target, e);
        } finally {
            if (!moved) {
                remove(hidden);
            }
        }
    }

    private static void remove(Path hidden) {
        try {
            Files.deleteIfExists(hidden);
        } catch (IOException e) {
            // The failure that led here is more informative.
        }
    }

    /** Copies the permissions of the target, so that a private file remains private. */
    private static void keepPermissions(Path target, Path hidden) throws IOException {
        if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.setPosixFilePermissions(hidden, Files.getPosixFilePermissions(target));
            } catch (FileSystemException | UnsupportedOperationException e) {
                // A file system without permissions.
            }
        }
    }

    /**
     * Whether the target is a pipe, a terminal or another device, or is reached through /dev/stdout or /proc/self/fd.
     */
    private static boolean isDevice(Path target) {
        if (!Files.exists(target)) {
            return false;
        }
        Path absolute = target.toAbsolutePath().normalize();
        return !Files.isRegularFile(target)
                || absolute.startsWith("/proc")
                || (absolute.startsWith("/dev") && !absolute.startsWith("/dev/shm"));
    }
}

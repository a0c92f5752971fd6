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
 * Writes a file whole or not at all: under a hidden name beside the target, moved into place when complete.
 * A symbolic link in place of the target is replaced and not followed, so nobody's link can redirect the data.
 */
public final class OutputFile {
    /** What goes into the file. */
    @FunctionalInterface
    public interface Body {
        /**
         * Writes all of it.
         *
         * @param out where to; not buffered, and closed by the caller
         * @throws IOException if that fails
         */
        void writeTo(OutputStream out) throws IOException;
    }

    private OutputFile() {}

    /**
     * Writes a file. A device or pipe is written into, never replaced.
     *
     * @param target the file, replaced if it exists; its permissions are kept
     * @param body what to write; if it throws, nothing is left behind
     * @throws org.shmrt.error.ShmException if it cannot be written
     */
    public static void write(Path target, Body body) {
        try {
            Path directory = target.toAbsolutePath().getParent();
            if (directory == null || Files.isDirectory(target)) {
                throw IoErrors.directory("write", target);
            }
            if (isDevice(target)) {
                // replacing /dev/null by a file would harm the whole machine
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
            writeBeside(target, directory, body);
        } catch (IOException e) {
            throw IoErrors.writing(target, e);
        }
    }

    private static void writeBeside(Path target, Path directory, Body body) {
        Path hidden = TempName.beside(directory.resolve(target.getFileName()));
        boolean moved = false;
        try {
            try (OutputStream out =
                    Files.newOutputStream(hidden, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                keepPermissions(target, hidden);
                body.writeTo(out);
            }
            Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE);
            moved = true;
        } catch (IOException e) {
            // before the rest of the file goes, and makes room: the message tells how much there was
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
            // the failure that led here says more
        }
    }

    /** A private file stays private when it is replaced. */
    private static void keepPermissions(Path target, Path hidden) throws IOException {
        if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.setPosixFilePermissions(hidden, Files.getPosixFilePermissions(target));
            } catch (FileSystemException | UnsupportedOperationException e) {
                // a file system without permissions
            }
        }
    }

    /** Pipes, terminals and the like, and what /dev/stdout and /proc/self/fd/1 lead to. */
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

package org.shmrt.posix;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.shmrt.error.IncompatibleException;
import org.shmrt.text.FileNames;

/**
 * Opens files for reading that other users may own. A program with a lease on a file delays an ordinary open by
 * {@code /proc/sys/fs/lease-break-time}, 45 seconds, and can acquire the lease again and again. These methods do not
 * wait for it. They wait for the writer of a pipe, as every program does that reads one.
 */
public final class FileOpening {
    /** What the kernel permits by default. */
    private static final int PIPE_BYTES = 1 << 20;

    private static final List<Path> DESCRIPTORS = List.of(Path.of("/dev/fd"), Path.of("/proc/self/fd"));

    private FileOpening() {}

    /**
     * Opens a channel.
     *
     * @throws org.shmrt.error.BusyException if a program has a lease on the file
     */
    public static FileChannel channel(Path file) throws IOException {
        return channel(file, guard(file));
    }

    /**
     * Opens a channel of a file that is known to be a regular one.
     *
     * @throws org.shmrt.error.BusyException if a program has a lease on the file
     */
    public static FileChannel channelOfRegular(Path file) throws IOException {
        return channel(file, PosixFile.guard(file));
    }

    private static FileChannel channel(Path file, PosixFile guard) throws IOException {
        try (guard) {
            return FileChannel.open(opened(file, guard), StandardOpenOption.READ);
        }
    }

    /**
     * Opens a stream, not buffered.
     *
     * @throws org.shmrt.error.BusyException if a program has a lease on the file
     */
    public static InputStream stream(Path file) throws IOException {
        try (PosixFile guard = guard(file)) {
            return Files.newInputStream(opened(file, guard));
        }
    }

    /**
     * Opens a stream that is faster to open than that of {@link #stream} and slower to read.
     *
     * @throws org.shmrt.error.BusyException if a program has a lease on the file
     */
    public static InputStream plainStream(Path file) throws IOException {
        try (PosixFile guard = guard(file)) {
            Path opened = opened(file, guard);
            // java.io cannot name a file whose name is no UTF-8.
            return guard == null && !FileNames.isUtf8(file)
                    ? Files.newInputStream(opened)
                    : new FileInputStream(opened.toFile());
        }
    }

    /**
     * Reads a small regular file, such as a text of settings. Waits for no other program, and never reads more than the
     * limit: a link to a pipe would block, and one to a device may have no end. A descriptor that this program was
     * given, as {@code /dev/fd/63} of {@code <(COMMAND)} in a shell, may be a pipe: the
     * program that passed it also writes it.
     *
     * @param maxBytes the most that the file may have
     * @return its bytes
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws IncompatibleException if it is a directory, a pipe or a device, or larger
     * @throws org.shmrt.error.BusyException if a program has a lease on the file
     */
    public static byte[] bytesOfRegular(Path file, int maxBytes) {
        try {
            if (DESCRIPTORS.stream().anyMatch(file::startsWith)) {
                return bytes(file, file, maxBytes);
            }
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                throw notRegular(file);
            }
            try (PosixFile guard = PosixFile.guard(file)) {
                return bytes(file, opened(file, guard), maxBytes);
            }
        } catch (IOException e) {
            throw IoErrors.failure("read", file, e);
        }
    }

    private static byte[] bytes(Path file, Path opened, int maxBytes) throws IOException {
        try (InputStream in = Files.newInputStream(opened)) {
            byte[] bytes = in.readNBytes(maxBytes);
            if (in.read() >= 0) {
                throw new IncompatibleException("cannot read " + FileNames.text(file) + ": it has more than " + maxBytes
                        + " bytes, the limit for such a file: check that it is the right one");
            }
            return bytes;
        }
    }

    private static IncompatibleException notRegular(Path file) {
        return new IncompatibleException("cannot read " + FileNames.text(file) + ": it is a "
                + (Files.isDirectory(file) ? "directory" : "pipe or device") + ", not a file");
    }

    /**
     * Lets a pipe on standard input hold up to 1 MiB in place of 64 KiB, so that its writer and its reader wait for each
     * other less often. Does nothing if standard input is no pipe or the kernel does not permit it.
     */
    public static void enlargeStandardInput() {
        if (OwnProcess.HAS_NATIVE_ACCESS) {
            PosixFile.pipeBytes(0, PIPE_BYTES);
        }
    }

    /**
     * The path by which to open a file for which there is a guard: not its name again, by which another user could have
     * put a pipe since.
     */
    static Path opened(Path file, PosixFile guard) {
        if (guard == null) {
            return file;
        }
        Path self = guard.self();
        if (!Files.isRegularFile(self)) {
            throw notRegular(file);
        }
        return self;
    }

    /** Only regular files have leases. */
    private static PosixFile guard(Path file) {
        return Files.isRegularFile(file) ? PosixFile.guard(file) : null;
    }
}

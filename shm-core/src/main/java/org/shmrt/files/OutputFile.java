package org.shmrt.files;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.posix.IoErrors;
import org.shmrt.posix.TempName;
import org.shmrt.text.FileNames;

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
        void writeTo(Output out) throws IOException;
    }

    /** The output of a file under construction. */
    public static class Output extends FilterOutputStream {
        private final Path file;

        private Output(OutputStream out, Path file) {
            super(out);
            this.file = file;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        /**
         * Writes memory.
         *
         * @param data the bytes
         * @throws IOException if writing fails
         */
        public void write(MemorySegment data) throws IOException {
            Bytes.write(this, data);
        }

        /**
         * Replaces the first bytes, for example a header that has become wrong.
         *
         * @param bytes the new bytes; not more than have been written
         * @throws IOException if the output is a pipe, or writing fails
         */
        public final void rewriteStart(byte[] bytes) throws IOException {
            if (!Files.isRegularFile(file)) {
                throw new IOException("what was written to a pipe or device cannot be corrected");
            }
            try (OutputStream start = openStream(file, file, EXISTING)) {
                start.write(bytes);
            }
        }
    }

    /** Writes native memory without a copy. */
    private static final class ChannelOutput extends Output {
        /** The size of a buffer is an int. */
        private static final long MAX_BUFFER_BYTES = 1 << 30;

        private final FileChannel channel;

        private ChannelOutput(FileChannel channel, Path file) {
            super(Channels.newOutputStream(channel), file);
            this.channel = channel;
        }

        @Override
        public void write(MemorySegment data) throws IOException {
            for (long at = 0; at < data.byteSize(); at += MAX_BUFFER_BYTES) {
                long count = Math.min(MAX_BUFFER_BYTES, data.byteSize() - at);
                ByteBuffer part = data.asSlice(at, count).asByteBuffer();
                while (part.hasRemaining()) {
                    int ignored = channel.write(part);
                }
            }
        }
    }

    /** Opens a file that exists for writing. */
    @FunctionalInterface
    private interface Opening {
        Output open(Path file, Path shown, OpenOption... options) throws IOException;
    }

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final OpenOption[] EXISTING = {StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS};

    private OutputFile() {}

    /**
     * Writes a file. A device or pipe is written to directly and never replaced.
     *
     * @param target the file, replaced if it exists; owner, group and permissions are kept. A new file has the
     *     permissions that the umask leaves. Nobody else can read the file before it is complete
     * @param body writes the content; if it throws, the target is unchanged and no temporary file remains
     * @return a remark for the user, if the owner could not be kept
     * @throws org.shmrt.error.ShmException if the file cannot be written
     */
    public static Optional<String> write(Path target, Body body) {
        return write(target, body, OutputFile::openStream);
    }

    /**
     * Writes a file as {@link #write} does, and native memory in it without a copy. In an interrupted thread this fails.
     *
     * @param target as in {@link #write}
     * @param body as in {@link #write}
     * @return as in {@link #write}
     * @throws org.shmrt.error.ShmException if the file cannot be written, or the thread is interrupted
     */
    public static Optional<String> writeInterruptibly(Path target, Body body) {
        return write(target, body, OutputFile::openChannel);
    }

    /** Not a channel, which an interrupt of the thread would close. */
    private static Output openStream(Path file, Path shown, OpenOption... options) throws IOException {
        return new Output(Files.newOutputStream(file, options), shown);
    }

    private static Output openChannel(Path file, Path shown, OpenOption... options) throws IOException {
        return new ChannelOutput(FileChannel.open(file, options), shown);
    }

    private static Optional<String> write(Path target, Body body, Opening opening) {
        try {
            Path directory = target.toAbsolutePath().getParent();
            if (directory == null || Files.isDirectory(target)) {
                throw IoErrors.directory("write", target);
            }
            Optional<Path> device = device(target);
            if (device.isPresent()) {
                // Replacing /dev/null by a file would break other programs on the machine.
                try (Output out = openDevice(device.get(), target, opening)) {
                    body.writeTo(out);
                }
                return Optional.empty();
            }
            if (Files.notExists(directory)) {
                throw new NotFoundException("cannot write " + FileNames.text(target) + ": there is no directory "
                        + FileNames.text(directory) + ", create it first");
            }
            if (!Files.isDirectory(directory)) {
                throw new IncompatibleException("cannot write " + FileNames.text(target) + ": "
                        + FileNames.text(directory) + " is not a directory");
            }
            return replace(target, temporary -> writeContent(target, temporary, body, opening));
        } catch (IOException e) {
            throw IoErrors.writing(target, e);
        }
    }

    /**
     * Creates a symbolic link. An existing link or file is replaced in one step.
     *
     * @param link the link
     * @param target the path that the link contains; need not exist
     * @return a remark for the user in one line, if the link that was replaced belonged to another user
     * @throws org.shmrt.error.ShmException if the link cannot be created
     */
    public static Optional<String> writeLink(Path link, Path target) {
        return replace(link, temporary -> {
            Files.createSymbolicLink(temporary, target);
            return OutputPermissions.linkOwner(link, temporary);
        });
    }

    private static Optional<String> writeContent(Path target, Path temporary, Body body, Opening opening)
            throws IOException {
        Files.createFile(temporary, PRIVATE);
        try (Output out = opening.open(temporary, temporary, EXISTING)) {
            body.writeTo(out);
            return OutputPermissions.settle(target, temporary);
        }
    }

    /** Creates a file under a temporary name. */
    @FunctionalInterface
    private interface Creation {
        /** Returns a remark for the user. */
        Optional<String> create(Path temporary) throws IOException;
    }

    /** Creates a file under a temporary name in the same directory, and moves it to the target in one step. */
    private static Optional<String> replace(Path target, Creation creation) {
        Path hidden = TempName.beside(target.toAbsolutePath());
        boolean moved = false;
        try {
            Optional<String> remark = creation.create(hidden);
            Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE);
            moved = true;
            return remark;
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

    /**
     * The path of the target without links if it is a pipe, a terminal or another device, or in /dev or /proc, such as
     * /dev/stdout. Looks at it once: in a directory that others may write, a second look could find something else.
     */
    private static Optional<Path> device(Path target) throws IOException {
        if (isOfSystem(target)) {
            return Files.exists(target) ? Optional.of(target) : Optional.empty();
        }
        try {
            return Files.readAttributes(target, BasicFileAttributes.class).isOther()
                    ? Optional.of(target.toRealPath())
                    : Optional.empty();
        } catch (FileSystemException e) {
            return Optional.empty(); // no file, or one that the write reports as a failure
        }
    }

    /** Whether only the system creates names there. */
    private static boolean isOfSystem(Path target) {
        Path absolute = target.toAbsolutePath().normalize();
        return absolute.startsWith("/proc") || (absolute.startsWith("/dev") && !absolute.startsWith("/dev/shm"));
    }

    /** A pipe may have been replaced by a link since it was looked at: it is not followed, and nothing is truncated. */
    private static Output openDevice(Path device, Path shown, Opening opening) throws IOException {
        return isOfSystem(device)
                ? opening.open(device, shown, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                : opening.open(device, shown, EXISTING);
    }
}

package org.shmrt.testing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.shmrt.error.NoSpaceException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.UnlinkedFile;

/**
 * A tmpfs of 1 MiB, mounted in the scratch directory of each test. Tests are skipped where this user may not mount it.
 * Its field needs an {@code @Order} after that of the scratch directory.
 */
public final class SmallFileSystem implements BeforeEachCallback, AfterEachCallback {
    private final Scratch scratch;
    private Path directory;

    public SmallFileSystem(Scratch scratch) {
        this.scratch = scratch;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "only root can mount a small tmpfs");
        directory = Files.createDirectory(scratch.directory().resolve("small"));
        Assumptions.assumeTrue(
                ExternalCommand.succeeds("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory.toString()),
                "mounting a small tmpfs is not permitted here");
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (directory != null) {
            ExternalCommand.succeeds("umount", directory.toString());
            directory = null;
        }
    }

    /** The root directory of the file system. */
    public Path directory() {
        return directory;
    }

    /**
     * Frees the pages of a file from a position on, except the last bytes; the file keeps its size. As a program leaves
     * it that sets the size of a file and reserves nothing.
     */
    public static void makeSparse(Path file, long from, int lastBytes) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(from);
            int kept = whole.length - lastBytes;
            channel.write(ByteBuffer.wrap(whole, kept, lastBytes), kept);
        }
    }

    /** Takes all free space until the returned file is closed. */
    public UnlinkedFile fill() throws IOException {
        long freeBytes = Files.getFileStore(directory).getUsableSpace();
        UnlinkedFile filler = UnlinkedFile.in(directory.resolve("filler"), Permissions.withUmask(0600));
        filler.reserve(freeBytes);
        return filler;
    }

    /** Checks that an exception names the needed and the free space of this file system. */
    public void assertNoSpace(ShmException failure) {
        String message = failure.getMessage();
        assertTrue(failure instanceof NoSpaceException, () -> failure.getClass() + ": " + message);
        assertTrue(message.contains(" on " + directory + ": needed: ") && message.contains(", free: "), message);
        assertFalse(message.contains("truncated"), message);
    }

    /** The files in its root directory. */
    public List<Path> files() {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

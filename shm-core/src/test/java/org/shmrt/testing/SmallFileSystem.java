package org.shmrt.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A tmpfs of one megabyte for each test, which is skipped where it cannot be mounted. */
public final class SmallFileSystem implements BeforeEachCallback, AfterEachCallback {
    private Path directory;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "only root can mount a small tmpfs");
        directory = Files.createTempDirectory("shmrt-small-");
        if (!ChildProcess.works("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory.toString())) {
            Files.delete(directory);
            directory = null;
            Assumptions.abort("mounting a small tmpfs is not permitted here");
        }
    }

    /** The root of the file system. */
    public Path directory() {
        return directory;
    }

    /** A file in it that need not exist. */
    public Path resolve(String name) {
        return directory.resolve(name);
    }

    /** The files in it. */
    public List<Path> files() {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        if (directory != null) {
            ChildProcess.works("umount", directory.toString());
            Files.delete(directory);
        }
    }
}

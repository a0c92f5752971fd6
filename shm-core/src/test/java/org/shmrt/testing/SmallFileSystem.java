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

    /** The files in its root directory. */
    public List<Path> files() {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

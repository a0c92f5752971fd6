package org.shmrt.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Names of shared memory objects for one test, unique among all tests and processes. The test fails if it leaves an
 * object with such a name, a temporary file or a mapping of one behind.
 */
public final class BlockScratch implements BeforeEachCallback, AfterEachCallback {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final AtomicInteger NEXT = new AtomicInteger();

    private String prefix;

    @Override
    public void beforeEach(ExtensionContext context) {
        prefix = "tb" + Long.toString(ProcessHandle.current().pid(), 36) + "-" + NEXT.incrementAndGet() + "-";
    }

    /** Returns a name for this test. */
    public String name(String what) {
        return prefix + what;
    }

    /** Returns the file of an object. */
    public static Path file(String name) {
        return SHARED_MEMORY.resolve(name);
    }

    /** Creates an object with given bytes, as another system would, and returns its name. */
    public String put(String what, byte[] bytes) {
        try {
            Files.write(file(name(what)), bytes);
            return name(what);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the bytes of an object. */
    public static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes all objects of this test, for tests of objects that nobody else removes. */
    public void removeAll() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(SHARED_MEMORY, prefix + "*")) {
            for (Path file : files) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Truncates an object. */
    public static void truncate(String name, long bytes) {
        FileTruncation.truncate(file(name), bytes);
    }

    /** Removes an object if it is there. */
    public static void remove(String name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of the existing objects of this test. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(SHARED_MEMORY, prefix + "*")) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        names.sort(null);
        return names;
    }

    /** Mappings of this process to objects of this test, including removed ones. */
    public List<String> mappings() {
        try {
            return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                    .filter(line -> line.contains(prefix))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<String> left = new ArrayList<>(mappings());
        for (String name : names()) {
            left.add(name);
            remove(name);
        }
        if (!left.isEmpty()) {
            throw new AssertionError("left behind by " + context.getDisplayName() + ": " + left);
        }
    }
}

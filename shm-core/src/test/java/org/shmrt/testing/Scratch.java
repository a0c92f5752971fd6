package org.shmrt.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.ImageStream;

/**
 * A directory for one test, and names that are unique among all tests and processes. After the test the streams in the
 * directory are removed, and the test fails if it left a semaphore, another object of shared memory, a temporary file, an
 * open descriptor or a mapping behind. What it left is removed, also if it failed or its child processes were killed.
 */
public final class Scratch implements BeforeEachCallback, AfterEachCallback {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final Path parent;
    private Path directory;
    private String prefix;

    private Scratch(Path parent) {
        this.parent = parent;
    }

    /** Creates the directory on tmpfs if possible. */
    public static Scratch inSharedMemory() {
        return Files.isWritable(SHARED_MEMORY) ? new Scratch(SHARED_MEMORY) : inTmp();
    }

    /** Creates the directory in the directory for temporary files, which is often on a disk. */
    public static Scratch inTmp() {
        return new Scratch(Path.of(System.getProperty("java.io.tmpdir")));
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        prefix = "t" + Long.toString(ProcessHandle.current().pid(), 36) + "-" + NEXT.incrementAndGet() + "-";
        directory = Files.createTempDirectory(parent, "shmrt-" + prefix);
    }

    /** The directory, initially empty. */
    public Path directory() {
        return directory;
    }

    /** The prefix of the names of this test's streams. */
    public String prefix() {
        return prefix;
    }

    /** Returns the path for a new stream. */
    public Path stream(String name) {
        return directory.resolve(prefix + name + ".im.shm");
    }

    /** Copies a file into the directory, under a name with the prefix. */
    public Path copy(Path original) {
        try {
            return Files.write(directory.resolve(prefix + original.getFileName()), Files.readAllBytes(original));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of the existing semaphores of this test's streams. */
    public List<String> semaphores() {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(SHARED_MEMORY, "sem." + prefix + "*")) {
            for (Path file : files) {
                names.add(file.getFileName().toString().substring("sem.".length()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        names.sort(null);
        return names;
    }

    /** Other objects of this test in shared memory: arrays, blocks, and the pages of loops and meters. */
    private List<Path> sharedObjects() {
        Pattern own = Pattern.compile("(?:.*[^0-9a-z])?" + Pattern.quote(prefix) + ".*");
        try (Stream<Path> files = Files.list(SHARED_MEMORY)) {
            return files.filter(
                            file -> own.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of all files in the directory. */
    public List<String> files() {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Open descriptors and mappings of this process that refer to the directory or to a semaphore of this test. */
    public List<String> stillOpen() {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    addIfOwn(found, "open: ", Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException e) {
                    // another thread, of an HTTP client for example, closed it in the meantime
                }
            }
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                addIfOwn(found, "mapped: ", line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private void addIfOwn(List<String> found, String kind, String text) {
        if (text.contains(directory.toString()) || text.contains("/sem." + prefix)) {
            found.add(kind + text);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        List<String> left = stillOpen();
        for (String name : files()) {
            if (name.startsWith(".shmrt-")) {
                left.add("temporary file: " + name);
            }
            if (name.endsWith(".im.shm")) {
                removeStream(directory.resolve(name));
            }
        }
        delete(directory);
        for (String name : semaphores()) {
            left.add("semaphore: " + name);
            Semaphore.unlink(name);
        }
        for (Path object : sharedObjects()) {
            left.add("shared memory: " + object);
            delete(object);
        }
        if (!left.isEmpty()) {
            throw new AssertionError("left behind by " + context.getDisplayName() + ": " + left);
        }
    }

    private void removeStream(Path path) {
        try {
            ImageStream.remove(path);
        } catch (ShmException e) {
            // the test damaged its stream, for example, so its semaphores are found by their names
            String file = path.getFileName().toString();
            String local = file.substring(0, file.indexOf('.'));
            semaphores().stream()
                    .filter(name -> name.startsWith(local + "_sem"))
                    .forEach(Semaphore::unlink);
        }
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}

package org.shmrt.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.ImageStream;

/**
 * A directory for one test, and names that no other test uses, in any process. After the test the streams in it
 * are removed, and the test fails if a semaphore of them, a hidden file, an open descriptor or a mapping is left.
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

    /** On tmpfs where there is one. */
    public static Scratch inSharedMemory() {
        return Files.isWritable(SHARED_MEMORY) ? new Scratch(SHARED_MEMORY) : inTmp();
    }

    /** In the directory for temporary files, which is often on a disk. */
    public static Scratch inTmp() {
        return new Scratch(Path.of(System.getProperty("java.io.tmpdir")));
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        prefix = "t" + Long.toString(ProcessHandle.current().pid(), 36) + "-" + NEXT.incrementAndGet() + "-";
        directory = Files.createTempDirectory(parent, "shmrt-" + prefix);
    }

    /** The directory, empty at first. */
    public Path directory() {
        return directory;
    }

    /** What the names of this test's streams begin with. */
    public String prefix() {
        return prefix;
    }

    /** The path of a stream that does not exist yet. */
    public Path stream(String name) {
        return directory.resolve(prefix + name + ".im.shm");
    }

    /** Copies a file into the directory under a name of this test. */
    public Path copy(Path original) {
        try {
            return Files.write(directory.resolve(prefix + original.getFileName()), Files.readAllBytes(original));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of the semaphores that streams of this test have at the moment. */
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

    /** Names of all files in the directory. */
    public List<String> files() {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Descriptors and mappings of this process that lead into the directory or to a semaphore of this test. */
    public List<String> stillOpen() {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS)) {
                    addIfOurs(
                            found, "open: ", Files.readSymbolicLink(descriptor).toString());
                }
            }
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                addIfOurs(found, "mapped: ", line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private void addIfOurs(List<String> found, String kind, String text) {
        if (text.contains(directory.toString()) || text.contains("/sem." + prefix)) {
            found.add(kind + text);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        List<String> left = stillOpen();
        for (String name : files()) {
            if (name.startsWith(".shmrt-")) {
                left.add("hidden file: " + name);
            }
            if (name.endsWith(".im.shm")) {
                removeStream(directory.resolve(name));
            }
        }
        deleteDirectory();
        for (String name : semaphores()) {
            left.add("semaphore: " + name);
            Semaphore.unlink(name);
        }
        if (!left.isEmpty()) {
            throw new AssertionError("left behind by " + context.getDisplayName() + ": " + left);
        }
    }

    private void removeStream(Path path) {
        try {
            ImageStream.remove(path);
        } catch (IncompatibleException e) {
            // a test that spoilt its own stream: its semaphores are known by their names only
            String file = path.getFileName().toString();
            String local = file.substring(0, file.indexOf('.'));
            semaphores().stream()
                    .filter(name -> name.startsWith(local + "_sem"))
                    .forEach(Semaphore::unlink);
        }
    }

    private void deleteDirectory() throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}

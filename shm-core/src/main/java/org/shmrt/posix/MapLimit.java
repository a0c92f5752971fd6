package org.shmrt.posix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.shmrt.error.PosixException;
import org.shmrt.text.FileNames;

/**
 * The kernel's limit for the number of mappings of a process. A JVM that reaches it dies at its own next allocation of
 * memory, so ShmRT stops mapping a little earlier. Counting the mappings requires a read of {@code /proc/self/maps}; it
 * is done after every 4096 mappings, and more often near the limit.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_sys_vm.5.html">proc_sys_vm(5), max_map_count</a>
 */
final class MapLimit {
    private static final Path LIMIT = Path.of("/proc/sys/vm/max_map_count");
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final long UNCOUNTED = 4096;
    /** Mappings reserved for the JVM itself; an eighth of a small limit. */
    private static final long KEPT = 2000;
    /** The same number on x86-64 and aarch64. Reading it from the bindings would require native access. */
    private static final int ENOMEM = 12;

    private static final AtomicLong UNTIL_COUNT = new AtomicLong(UNCOUNTED);

    private MapLimit() {}

    /**
     * Called before a mapping is created.
     *
     * @param object the file to be mapped
     * @throws PosixException if the process is so near the limit that the JVM could not continue
     */
    static void checkMapCount(Path object) {
        if (UNTIL_COUNT.decrementAndGet() >= 0) {
            return;
        }
        try {
            long limit = limit();
            long used = used();
            long left = limit - Math.min(KEPT, limit / 8) - used;
            UNTIL_COUNT.set(Math.min(UNCOUNTED, Math.max(0, left / 2)));
            if (left <= 0) {
                throw new PosixException("mmap", FileNames.text(object), ENOMEM, reached(limit, used));
            }
        } catch (IOException | NumberFormatException e) {
            UNTIL_COUNT.set(UNCOUNTED); // the limit cannot be read: the kernel will report it
        }
    }

    /** What to do if the kernel had no memory for a mapping. */
    static String advice() {
        try {
            long limit = limit();
            long used = used();
            if (used >= limit - KEPT) {
                return reached(limit, used);
            }
        } catch (IOException | NumberFormatException e) {
            // The general advice follows.
        }
        return "free memory, or raise the limit of address space (ulimit -v) or of mappings (sysctl vm.max_map_count)";
    }

    private static String reached(long limit, long used) {
        return "this process has " + used + " mappings, and the limit vm.max_map_count is " + limit
                + ": close arrays, blocks or streams that are not needed, or raise the limit: sysctl -w"
                + " vm.max_map_count="
                + 2 * limit;
    }

    private static long limit() throws IOException {
        // Read at once: after a short first read, the kernel does not continue this file at the right position.
        return Long.parseLong(Files.readAllLines(LIMIT).getFirst().strip());
    }

    private static long used() throws IOException {
        // The name of a mapped file may have any bytes; a decoder that reports errors would stop at one that is not
        // UTF-8.
        try (Stream<String> maps = Files.lines(MAPS, StandardCharsets.ISO_8859_1)) {
            return maps.count();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}

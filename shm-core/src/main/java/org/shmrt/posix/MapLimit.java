package org.shmrt.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.shmrt.error.PosixException;

/**
 * The kernel's limit of mappings a process may have. A JVM that reaches it dies with its next own need of memory, so
 * mapping stops a little before. Counting them costs a read of {@code /proc/self/maps}, so it is done after every 4096
 * mappings, and more often near the limit.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_sys_vm.5.html">proc_sys_vm(5), max_map_count</a>
 */
final class MapLimit {
    private static final Path LIMIT = Path.of("/proc/sys/vm/max_map_count");
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final long UNCOUNTED = 4096;
    /** What the JVM keeps for itself; of a small limit an eighth. */
    private static final long KEPT = 2000;
    /** The same number on every Linux; asking the bindings would need native access. */
    private static final int ENOMEM = 12;

    private static final AtomicLong UNTIL_COUNT = new AtomicLong(UNCOUNTED);

    private MapLimit() {}

    /**
     * Called before a mapping is made.
     *
     * @param object what is to be mapped
     * @throws PosixException if the process is so near the limit that the JVM could not go on
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
                throw new PosixException("mmap", object.toString(), ENOMEM, reached(limit, used));
            }
        } catch (IOException | NumberFormatException e) {
            UNTIL_COUNT.set(UNCOUNTED); // a system that does not say has its say when it refuses
        }
    }

    /** What to do where the kernel had no memory for a mapping. */
    static String advice() {
        try {
            long limit = limit();
            long used = used();
            if (used >= limit - KEPT) {
                return reached(limit, used);
            }
        } catch (IOException | NumberFormatException e) {
            // the general advice will do
        }
        return "free memory, or raise the limit of address space (ulimit -v) or of mappings (sysctl vm.max_map_count)";
    }

    private static String reached(long limit, long used) {
        return "this process has " + used + " mappings, and the limit vm.max_map_count is " + limit
                + ": close arrays, blocks or streams that are not needed, or raise it: sysctl -w vm.max_map_count="
                + 2 * limit;
    }

    private static long limit() throws IOException {
        // read in one piece: the kernel does not go on where a first short read of this file ended
        return Long.parseLong(Files.readAllLines(LIMIT).getFirst().strip());
    }

    private static long used() throws IOException {
        try (Stream<String> maps = Files.lines(MAPS)) {
            return maps.count();
        }
    }
}

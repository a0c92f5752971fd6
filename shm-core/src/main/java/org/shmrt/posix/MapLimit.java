package org.shmrt.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The kernel's limit of mappings a process may have. Cold: asked after a mapping failed only.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_sys_vm.5.html">proc_sys_vm(5), max_map_count</a>
 */
final class MapLimit {
    private static final Path LIMIT = Path.of("/proc/sys/vm/max_map_count");
    private static final Path MAPS = Path.of("/proc/self/maps");
    /** Java's own calls may have come and gone since. */
    private static final long NEAR = 128;

    private MapLimit() {
    }

    /** What there is no memory for, and what to do about it. */
    static String advice() {
        try (Stream<String> maps = Files.lines(MAPS)) {
            long limit = Long.parseLong(Files.readString(LIMIT).strip());
            long used = maps.count();
            if (used >= limit - NEAR) {
                return "this process has " + used + " mappings, and the limit vm.max_map_count is " + limit
                        + ": close arrays and streams that are not needed, or raise it: sysctl -w vm.max_map_count="
                        + 2 * limit;
            }
        } catch (IOException | NumberFormatException e) {
            // the general advice will do
        }
        return "free memory, or raise the limit of address space (ulimit -v) or of mappings (sysctl vm.max_map_count)";
    }
}

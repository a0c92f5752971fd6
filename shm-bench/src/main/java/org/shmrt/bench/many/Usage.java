package org.shmrt.bench.many;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process uses at one moment.
 *
 * @param heapBytes memory of live objects, after a collection
 * @param mappings entries in the kernel's list of its mappings
 * @param descriptors open files
 */
record Usage(long heapBytes, long mappings, long descriptors) {
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    static Usage now() {
        System.gc();
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        try (Stream<String> maps = Files.lines(MAPS);
                Stream<Path> files = Files.list(DESCRIPTORS)) {
            return new Usage(heap, maps.count(), files.count());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The difference for each of several objects that were created since, rounded. */
    Usage per(int count, Usage before) {
        return new Usage(
                Math.round((double) (heapBytes - before.heapBytes) / count),
                Math.round((double) (mappings - before.mappings) / count),
                Math.round((double) (descriptors - before.descriptors) / count));
    }
}

package org.shmrt.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What this process holds at one moment, as the kernel counts it.
 *
 * @param heap bytes of live objects, after a collection
 * @param resident bytes of memory in use, all kinds
 * @param descriptors open ones
 * @param mappings all of them
 * @param sharedMappings those of files in shared memory or in the directory given
 * @param threads of the process, the virtual machine's own included
 */
record ResourceUsage(long heap, long resident, int descriptors, int mappings, int sharedMappings, int threads) {
    private static final long MIB = 1 << 20;
    /** Live objects: a leak of a few bytes at each step would be more, even in a short run. */
    private static final long MAX_HEAP_GROWTH = MIB;
    /** The heap has all its pages from the start, so this is the compilers' work and what malloc keeps. */
    private static final long MAX_RESIDENT_GROWTH = 24 * MIB;
    /** Stacks of the virtual machine's threads, and malloc's regions. */
    private static final int MAX_OTHER_MAPPINGS = 8;

    private static final int LOOKS = 5;
    private static final long LOOK_NS = 5_000_000L;

    /** Asserts that a process holds as much as before, as far as that can be told of one that compiles itself. */
    static void assertNoGrowth(String who, ResourceUsage before, ResourceUsage after) {
        String both = who + ": " + before + " has become " + after;
        assertEquals(before.descriptors, after.descriptors, both);
        assertEquals(before.sharedMappings, after.sharedMappings, both);
        assertTrue(after.mappings - before.mappings <= MAX_OTHER_MAPPINGS, both);
        assertTrue(after.threads <= before.threads, both);
        assertTrue(after.heap - before.heap <= MAX_HEAP_GROWTH, both);
        assertTrue(after.resident - before.resident <= MAX_RESIDENT_GROWTH, both);
    }

    /** Measures this process; {@code directory} is where its streams are. */
    static ResourceUsage measure(Path directory) {
        // Twice, so that what the first collection hands to reference handling is gone after the second.
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long heap = runtime.totalMemory() - runtime.freeMemory();
        List<String> maps = lines("/proc/self/maps");
        int shared = (int) maps.stream()
                .filter(line -> line.contains("/dev/shm/") || line.contains(directory.toString()))
                .count();
        return new ResourceUsage(heap, residentBytes(), descriptorCount(), maps.size(), shared, (int) status("Threads:"));
    }

    static long residentBytes() {
        return 1024 * status("VmRSS:");
    }

    /** The least of a few looks: a reader that looks after its writer or its file has one more for a moment. */
    private static int descriptorCount() {
        int least = Integer.MAX_VALUE;
        for (int look = 0; look < LOOKS; look++) {
            least = Math.min(least, descriptorsNow());
            LockSupport.parkNanos(LOOK_NS);
        }
        return least;
    }

    private static int descriptorsNow() {
        int count = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path ignored : entries) {
                count++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return count;
    }

    private static long status(String name) {
        for (String line : lines("/proc/self/status")) {
            if (line.startsWith(name)) {
                return Long.parseLong(
                        line.substring(name.length()).replace("kB", "").strip());
            }
        }
        throw new IllegalStateException("/proc/self/status has no " + name);
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

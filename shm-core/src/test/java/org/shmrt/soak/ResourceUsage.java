package org.shmrt.soak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The resources of this process at one moment.
 *
 * @param heap bytes of live objects after a garbage collection
 * @param allocated bytes that Java code has allocated outside of the heap, for example by arenas
 * @param resident bytes of resident memory
 * @param descriptors number of open file descriptors
 * @param mappings number of memory mappings
 * @param sharedMappings number of mappings of files in shared memory or in the given directory
 * @param threads number of threads, including those of the JVM
 */
record ResourceUsage(
        long heap, long allocated, long resident, int descriptors, int mappings, int sharedMappings, int threads) {
    private static final long MIB = 1 << 20;
    /** Even in a short run a leak of a few bytes per operation exceeds this. */
    private static final long MAX_HEAP_GROWTH = MIB;
    /** What Java code allocates natively is counted exactly; this allows for buffers of the JDK. */
    private static final long MAX_ALLOCATED_GROWTH = MIB / 4;
    /**
     * The heap is resident from the start, so this allows for the compilers: one method can take tens of MiB, whenever
     * the machine finds time for it, and malloc keeps a part.
     */
    private static final long MAX_RESIDENT_GROWTH = 96 * MIB;
    /** Allows for thread stacks of the JVM and for malloc arenas. */
    private static final int MAX_OTHER_MAPPINGS = 8;

    private static final Pattern OTHER = Pattern.compile("Other \\(reserved=(\\d+)");

    private static final int SAMPLES = 5;
    private static final long SAMPLE_INTERVAL_NS = 5_000_000L;

    /**
     * Asserts that the resources of a process have not grown, with tolerance for the work of the JIT compilers. The
     * numbers of descriptors and shared mappings may fall, but not grow: on a busy machine, a thread that is not scheduled
     * can hold a file open throughout the first measurement.
     */
    static void assertNoGrowth(String who, ResourceUsage before, ResourceUsage after) {
        String both = who + ": " + before + " became " + after;
        assertTrue(after.descriptors <= before.descriptors, both);
        assertTrue(after.sharedMappings <= before.sharedMappings, both);
        assertTrue(after.mappings - before.mappings <= MAX_OTHER_MAPPINGS, both);
        assertTrue(after.threads <= before.threads, both);
        assertTrue(after.heap - before.heap <= MAX_HEAP_GROWTH, both);
        assertTrue(after.allocated - before.allocated <= MAX_ALLOCATED_GROWTH, both);
        assertTrue(after.resident - before.resident <= MAX_RESIDENT_GROWTH, both);
    }

    /** Measures this process, whose streams are in a directory. */
    static ResourceUsage measure(Path directory) {
        // First, for the first call loads classes.
        long allocated = allocatedBytes();
        // Twice, since the first collection only enqueues references to some objects.
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long heap = runtime.totalMemory() - runtime.freeMemory();
        List<String> maps = lines("/proc/self/maps");
        int shared = (int) maps.stream()
                .filter(line -> line.contains("/dev/shm/") || line.contains(directory.toString()))
                .count();
        return new ResourceUsage(
                heap, allocated, residentBytes(), descriptorCount(), maps.size(), shared, (int) status("Threads:"));
    }

    static long residentBytes() {
        return 1024 * status("VmRSS:");
    }

    /** What the JVM's tracking of native memory, which the flags of the child process turn on, counts for Java code. */
    private static long allocatedBytes() {
        try {
            String summary = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "vmNativeMemory",
                            new Object[] {new String[] {"summary", "scale=B"}},
                            new String[] {String[].class.getName()});
            Matcher other = OTHER.matcher(summary);
            if (!other.find()) {
                throw new IllegalStateException("no line for the memory of Java code in: " + summary);
            }
            return Long.parseLong(other.group(1));
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The minimum of several samples: a reader that checks its writer or its file briefly has one more descriptor open.
     */
    private static int descriptorCount() {
        int least = Integer.MAX_VALUE;
        for (int sample = 0; sample < SAMPLES; sample++) {
            least = Math.min(least, descriptorsNow());
            LockSupport.parkNanos(SAMPLE_INTERVAL_NS);
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
        throw new IllegalStateException("/proc/self/status has no line " + name);
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.shmrt.bench.rig.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.bindings.posix.Posix;

/**
 * The two cores of a measurement, and how a thread is tied to one.
 */
public final class Cores {
    private static final int MASK_BYTES = Posix.CPU_SETSIZE() / 8;

    private Cores() {}

    /**
     * Two cores this process may use, not two threads of the same one if that can be had.
     *
     * @return two indices, or an empty list if there is only one
     */
    public static List<Integer> choose() {
        List<Integer> allowed = allowed();
        if (allowed.size() < 2) {
            return List.of();
        }
        int first = allowed.get(0);
        List<Integer> siblings =
                listFrom(Path.of("/sys/devices/system/cpu/cpu" + first + "/topology/thread_siblings_list"), null);
        int second = allowed.stream()
                .skip(1)
                .filter(cpu -> !siblings.contains(cpu))
                .findFirst()
                .orElse(allowed.get(1));
        return List.of(first, second);
    }

    private static List<Integer> allowed() {
        return listFrom(Path.of("/proc/self/status"), "Cpus_allowed_list:");
    }

    /** A kernel list such as {@code 0-3,8}; the whole file, or the line of that start. */
    private static List<Integer> listFrom(Path file, String start) {
        List<Integer> cpus = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                if (start != null && !line.startsWith(start)) {
                    continue;
                }
                for (String range : (start == null ? line : line.substring(start.length()))
                        .strip()
                        .split(",")) {
                    String[] ends = range.split("-");
                    for (int cpu = Integer.parseInt(ends[0]); cpu <= Integer.parseInt(ends[ends.length - 1]); cpu++) {
                        cpus.add(cpu);
                    }
                }
            }
        } catch (IOException | NumberFormatException e) {
            return List.of(); // no such knowledge on this machine
        }
        return cpus;
    }

    /** Ties the calling thread, not its process, to a core: compiler and collector stay free to use any. */
    public static void pin(int cpu) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, 8);
            mask.set(ValueLayout.JAVA_BYTE, cpu / 8, (byte) (1 << cpu % 8));
            if (Posix.sched_setaffinity(0, MASK_BYTES, mask) != 0) {
                throw new IllegalArgumentException("core " + cpu + " is not there, or not allowed to this process");
            }
        }
    }
}

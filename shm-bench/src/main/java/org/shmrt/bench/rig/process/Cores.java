package org.shmrt.bench.rig.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.posix.thread.Scheduling;

/** Chooses the two cores of a measurement and pins threads to them. */
public final class Cores {
    private static final String ANY_LINE = "";

    private Cores() {}

    /**
     * Two logical CPUs that this process may use. They are hardware threads of different cores if possible.
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
                read(Path.of("/sys/devices/system/cpu/cpu" + first + "/topology/thread_siblings_list"), ANY_LINE);
        int second = allowed.stream()
                .skip(1)
                .filter(cpu -> !siblings.contains(cpu))
                .findFirst()
                .orElse(allowed.get(1));
        return List.of(first, second);
    }

    private static List<Integer> allowed() {
        return read(Path.of("/proc/self/status"), "Cpus_allowed_list:");
    }

    /** Reads CPU lists such as {@code 0-3,8} from the lines with a prefix; empty if the machine has no such file. */
    private static List<Integer> read(Path file, String prefix) {
        List<Integer> cpus = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(prefix)) {
                    addRanges(line.substring(prefix.length()).strip(), cpus);
                }
            }
        } catch (IOException | NumberFormatException e) {
            return List.of();
        }
        return cpus;
    }

    private static void addRanges(String list, List<Integer> cpus) {
        for (String range : list.split(",")) {
            String[] ends = range.split("-");
            for (int cpu = Integer.parseInt(ends[0]); cpu <= Integer.parseInt(ends[ends.length - 1]); cpu++) {
                cpus.add(cpu);
            }
        }
    }

    /**
     * Pins the calling thread, not its process: the JIT compiler and the garbage collector can use any core.
     *
     * @throws IllegalArgumentException if this process must not use the core
     */
    public static void pin(int cpu) {
        if (!Scheduling.tryAffinity(Scheduling.CALLER, cpu)) {
            throw new IllegalArgumentException(
                    "core " + cpu + " does not exist, or this process must not use it: choose one of " + allowed());
        }
    }
}

package org.shmrt.doctor;

import static org.shmrt.doctor.FindingKind.CONTAINER_CPU;
import static org.shmrt.doctor.FindingKind.CONTAINER_MEMORY;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Limits of the control groups that this process is in, as containers and services have them. */
final class ContainerChecks {
    private static final String GROUP = "control group";
    private static final double NEARLY_FULL = 0.8;

    private ContainerChecks() {}

    static void run(Machine machine, Findings findings) {
        cpu(machine.files(), findings);
        memory(machine.files(), findings);
    }

    private static void cpu(SystemFiles files, Findings findings) {
        Optional<CpuQuota> tightest = CpuQuota.tightest(files);
        if (tightest.isEmpty()) {
            findings.ok(CONTAINER_CPU, GROUP, "no limit on processor time in the control groups of this process");
            return;
        }
        CpuQuota quota = tightest.get();
        findings.add(
                CONTAINER_CPU,
                Severity.WARNING,
                GROUP,
                String.format(Locale.ROOT, "this process may use %.2f processors", quota.cpus()),
                quota.file() + ": " + quota.quotaUs() + " us in each " + quota.periodUs() + " us",
                "when the quota is used up, all threads are stopped until the period of " + quota.periodUs() / 1000
                        + " ms ends. Real-time threads do not count",
                "# start the container without --cpus, and with --cpuset-cpus=N for processors of its own");
    }

    private static void memory(SystemFiles files, Findings findings) {
        Cgroup group = Cgroup.of(files);
        long machineBytes = machineBytes(files);
        String tightest = "";
        long least = Long.MAX_VALUE;
        List<String> limits = new ArrayList<>(group.unified("memory.max"));
        limits.addAll(group.files("memory", "memory.limit_in_bytes"));
        for (String file : limits) {
            // "max", or in version 1 a number near 2^63, mean no limit
            long bytes = files.number(file).orElse(Long.MAX_VALUE);
            if (bytes < least && bytes < machineBytes) {
                least = bytes;
                tightest = file;
            }
        }
        if (tightest.isEmpty()) {
            findings.ok(CONTAINER_MEMORY, GROUP, "no limit on memory in the control groups of this process");
            return;
        }
        String usageFile = tightest.replace("memory.max", "memory.current").replace("limit_in_bytes", "usage_in_bytes");
        long used = files.number(usageFile).orElse(0);
        boolean full = used > NEARLY_FULL * least;
        findings.add(
                CONTAINER_MEMORY,
                full ? Severity.WARNING : Severity.INFO,
                GROUP,
                "the memory of this container or service is limited to " + mega(least) + ", of which " + mega(used)
                        + " are used",
                tightest + ": " + least + "; " + usageFile.substring(usageFile.lastIndexOf('/') + 1) + ": " + used,
                "streams in /dev/shm count as memory of the container; beyond the limit the kernel kills a process",
                "# start the container with a larger --memory, or without");
    }

    static String mega(long bytes) {
        return bytes >> 20 >= 10_000 ? (bytes >> 30) + " GiB" : (bytes >> 20) + " MiB";
    }

    private static long machineBytes(SystemFiles files) {
        // "MemTotal:       24684084 kB"
        return files.field("/proc/meminfo", "MemTotal")
                .map(text -> SystemFiles.parse(text.split("\\s+")[0]).orElse(0) << 10)
                .filter(bytes -> bytes > 0)
                .orElse(Long.MAX_VALUE / 2);
    }
}

package org.shmrt.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.shmrt.doctor.Machine.Space;

/**
 * The files of a machine that is set up for real-time loops on processor 3 of 4, below a directory. Tests change single
 * files of it.
 */
final class FakeMachine {
    static final String UDP_HEAD =
            "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref"
                    + " pointer drops\n";

    static final int CPU = 3;
    static final String THREAD = "/proc/77/task/77/";

    private final Path root;
    private final Map<String, Space> spaces = new HashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Map<String, String> afterPause = new LinkedHashMap<>();
    private String streamDirectory = "/milk/shm";
    private int javaFeature = 25;

    FakeMachine(Path root) {
        this.root = root;
        kernel();
        processor();
        user();
        memory();
        environment.put("USER", "ao");
        spaces.put("/dev/shm", new Space(8L << 30, 7L << 30));
        spaces.put("/milk/shm", new Space(8L << 30, 7L << 30));
    }

    private void kernel() {
        put("/proc/version", "Linux version 6.12.9-rt5 (b@h) (gcc 14) #1 SMP PREEMPT_RT Tue Jan 7 2026\n");
        put("/proc/sys/kernel/osrelease", "6.12.9-rt5\n");
        put("/sys/kernel/realtime", "1\n");
        put("/proc/cmdline", "root=/dev/sda1 isolcpus=2,3\n");
        put("/proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu sse2 avx2\n");
        put("/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
        put("/proc/sys/kernel/sched_rt_runtime_us", "-1\n");
        put("/proc/sys/kernel/sched_rt_period_us", "1000000\n");
        put("/sys/kernel/debug/sched/fair_server/cpu3/runtime", "0\n");
        put("/proc/self/cgroup", "0::/user.slice/loop.scope\n");
        put("/sys/fs/cgroup/user.slice/loop.scope/cpu.max", "max 100000\n");
        put("/sys/fs/cgroup/user.slice/loop.scope/memory.max", "max\n");
        put("/sys/fs/cgroup/user.slice/loop.scope/memory.current", "1000000\n");
        put("/proc/interrupts", interrupts(5_000_000, 700));
        put("/proc/stat", stat(1000, 0));
        for (String resource : List.of("cpu", "memory", "io")) {
            put("/proc/pressure/" + resource, "some avg10=0.00 avg60=1.00 avg300=1.00 total=99\n");
        }
    }

    private void processor() {
        put("/sys/devices/system/cpu/online", "0-3\n");
        put("/sys/devices/system/cpu/isolated", "2-3\n");
        put("/sys/devices/system/cpu/nohz_full", "2-3\n");
        put("/sys/devices/system/cpu/cpu3/topology/thread_siblings_list", "3\n");
        put("/sys/devices/system/cpu/cpu3/cpufreq/scaling_governor", "performance\n");
        idleState(0, "POLL", 0, 0);
        idleState(1, "C1", 2, 0);
        idleState(2, "C6", 133, 1);
        irq(24, "0", "nvme0q0");
        irq(30, "1-2", "eth0");
    }

    private void user() {
        put("/proc/self/status", """
            Name:	java
            Uid:	1001	1001	1001	1001
            CapEff:	0000000000000000
            Cpus_allowed_list:	0-3
            """);
        put("/proc/self/limits", limits("95", "unlimited"));
        put("/proc/self/mounts", """
            proc /proc proc rw,nosuid 0 0
            /dev/sda1 / ext4 rw 0 0
            tmpfs /dev/shm tmpfs rw 0 0
            tmpfs /milk/shm tmpfs rw 0 0
            """);
        thread("camera (1) x", 0, 0, "0-3");
        put("/run/systemd/system/x", "");
        put("/etc/systemd/logind.conf", "[Login]\n#RemoveIPC=yes\n RemoveIPC = no\n");
    }

    private void memory() {
        put("/proc/sys/vm/max_map_count", "65530\n");
        put("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
        put("/proc/swaps", "Filename\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
        put("/sys/kernel/mm/ksm/run", "0\n");
        put("/proc/sys/kernel/numa_balancing", "0\n");
        put("/proc/sys/vm/compact_unevictable_allowed", "0\n");
        put("/proc/sys/net/core/rmem_max", "67108864\n");
        put("/proc/net/udp", UDP_HEAD);
        put("/proc/meminfo", "MemTotal:       16000000 kB\n");
        try {
            Files.createDirectories(root.resolve("dev/shm"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FakeMachine put(String path, String text) {
        Path file = root.resolve(path.substring(1));
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    FakeMachine remove(String path) {
        try {
            Files.delete(root.resolve(path.substring(1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** A file that changes between the two readings of a rate. */
    FakeMachine putAfterPause(String path, String text) {
        afterPause.put(path, text);
        return this;
    }

    FakeMachine idleState(int number, String name, int latencyUs, int disabled) {
        String at = "/sys/devices/system/cpu/cpu3/cpuidle/state" + number + "/";
        return put(at + "name", name + "\n")
                .put(at + "latency", latencyUs + "\n")
                .put(at + "disable", disabled + "\n");
    }

    FakeMachine irq(int number, String cpus, String device) {
        return put("/proc/irq/" + number + "/effective_affinity_list", cpus + "\n")
                .put("/proc/irq/" + number + "/" + device + "/x", "");
    }

    /** The only thread of process 77. */
    FakeMachine thread(String name, int policy, int priority, String cpus) {
        String zeros = "0 ".repeat(37 - 7);
        return put(
                        THREAD + "stat",
                        "77 (" + name + ") S 1 77 77 0 -1 4194304 " + zeros + priority + " " + policy + " 0\n")
                .put(THREAD + "status", "Name:\tx\nCpus_allowed_list:\t" + cpus + "\n");
    }

    FakeMachine capabilities(String mask) {
        return put(
                "/proc/self/status", "Uid:\t1001\t1001\t1001\t1001\nCapEff:\t" + mask + "\nCpus_allowed_list:\t0-3\n");
    }

    FakeMachine user(int id) {
        return put(
                "/proc/self/status",
                "Uid:\t" + id + "\t" + id + "\t" + id + "\t" + id + "\nCapEff:\t0\nCpus_allowed_list:\t0-3\n");
    }

    FakeMachine space(String directory, long totalBytes, long freeBytes) {
        spaces.put(directory, new Space(totalBytes, freeBytes));
        return this;
    }

    FakeMachine streamDirectory(String directory) {
        streamDirectory = directory;
        return this;
    }

    FakeMachine environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    FakeMachine java(int feature) {
        javaFeature = feature;
        return this;
    }

    static String limits(String priority, String lockedBytes) {
        return "Limit                     Soft Limit           Hard Limit           Units     \n"
                + "Max locked memory         " + lockedBytes + "  " + lockedBytes + "  bytes\n"
                + "Max realtime priority     " + priority + "                   95                   \n";
    }

    static String interrupts(long timer, long network) {
        return "            CPU0       CPU1       CPU2       CPU3       \n"
                + "  30:          1          2          3  " + network + "  PCI-MSI 524288-edge      eth0\n"
                + " LOC:          9          9          9  " + timer + "   Local timer interrupts\n"
                + " ERR:          0\n";
    }

    static String stat(long user, long stolen) {
        return "cpu  9 9 9 9 9 9 9 9 0 0\ncpu3 " + user + " 0 0 100000 0 0 0 " + stolen + " 0 0\nintr 5\n";
    }

    /** All files. */
    List<Path> files() {
        try (Stream<Path> tree = Files.walk(root)) {
            return new ArrayList<>(tree.filter(Files::isRegularFile).sorted().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Machine machine() {
        return new Machine(
                SystemFiles.below(root),
                CPU,
                Path.of(streamDirectory),
                directory -> Optional.ofNullable(spaces.get(directory)),
                environment,
                javaFeature,
                ns -> afterPause.forEach(this::put));
    }

    /** Runs all checks. */
    List<Finding> examine() {
        Findings findings = new Findings();
        MachineChecks.run(machine(), findings);
        return findings.all();
    }
}

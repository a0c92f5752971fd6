package org.shmrt.doctor;

import static org.shmrt.doctor.FindingKind.*;
import static org.shmrt.doctor.Severity.ERROR;
import static org.shmrt.doctor.Severity.INFO;
import static org.shmrt.doctor.Severity.WARNING;

import java.util.function.Consumer;
import java.util.stream.Stream;

/** Changes of a machine that is set up well, and the finding about each. */
final class MachineFaults {
    private static final String CLOCK = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    private static final String GROUP = "/sys/fs/cgroup/user.slice/loop.scope/";
    private static final String CPU3 = "/sys/devices/system/cpu/cpu3/";

    private MachineFaults() {}

    /**
     * One change of the machine that is set up well.
     *
     * @param object what the finding is about
     * @param evidence part of the finding's evidence
     */
    record Fault(FindingKind kind, Severity severity, String object, String evidence, Consumer<FakeMachine> change) {
        @Override
        public String toString() {
            return kind.id() + ": " + evidence;
        }
    }

    private static Fault fault(
            FindingKind kind, Severity severity, String object, String evidence, Consumer<FakeMachine> change) {
        return new Fault(kind, severity, object, evidence, change);
    }

    private static FakeMachine generic(FakeMachine machine, String model) {
        return machine.put("/proc/version", "Linux version 6.12.9 #1 SMP PREEMPT_DYNAMIC x\n")
                .put("/sys/kernel/realtime", "0\n")
                .put("/sys/kernel/debug/sched/preempt", model + "\n");
    }

    static Stream<Fault> kernelFaults() {
        return Stream.of(
                fault(PREEMPTION, WARNING, "kernel", ": none", m -> generic(m, "(none) voluntary full")),
                fault(PREEMPTION, WARNING, "kernel", "voluntary", m -> generic(m, "none (voluntary) full")),
                fault(PREEMPTION, INFO, "kernel", "full", m -> generic(m, "none voluntary (full)")),
                fault(
                        PREEMPTION,
                        WARNING,
                        "kernel",
                        "voluntary",
                        m -> generic(m, "").put("/proc/cmdline", "quiet preempt=voluntary")),
                fault(PREEMPTION, INFO, "kernel", "PREEMPT_DYNAMIC", m -> generic(m, "")),
                fault(
                        PREEMPTION,
                        WARNING,
                        "kernel",
                        "no preemption",
                        m -> m.put("/proc/version", "Linux version 5.4 #1 SMP").put("/sys/kernel/realtime", "0")),
                fault(
                        HYPERVISOR,
                        INFO,
                        "kernel",
                        "flag 'hypervisor'",
                        m -> m.put("/proc/cpuinfo", "flags\t: fpu hypervisor\n")),
                fault(HYPERVISOR, INFO, "kernel", "xen", m -> m.put("/sys/hypervisor/type", "xen\n")),
                fault(
                        STEAL,
                        WARNING,
                        "cpu 3",
                        "5.0 % of the last second",
                        m -> m.putAfterPause("/proc/stat", FakeMachine.stat(1095, 5))),
                fault(STEAL, INFO, "cpu 3", "since the start", m -> m.put("/proc/stat", FakeMachine.stat(1, 9000))),
                fault(CLOCKSOURCE, WARNING, "kernel", "hpet", m -> m.put(CLOCK, "hpet\n")),
                fault(
                        RT_THROTTLING,
                        INFO,
                        "kernel",
                        "950000 of 1000000",
                        m -> m.put("/proc/sys/kernel/sched_rt_runtime_us", "950000\n")),
                fault(
                        RT_THROTTLING,
                        WARNING,
                        "kernel",
                        ": 0 of",
                        m -> m.put("/proc/sys/kernel/sched_rt_runtime_us", "0\n")),
                fault(
                        FAIR_SERVER,
                        INFO,
                        "cpu 3",
                        "50000000 ns",
                        m -> m.put("/sys/kernel/debug/sched/fair_server/cpu3/runtime", "50000000\n")),
                fault(
                        FAIR_SERVER,
                        INFO,
                        "cpu 3",
                        "cannot be read",
                        m -> m.remove("/sys/kernel/debug/sched/fair_server/cpu3/runtime")),
                fault(
                        RT_GROUP_BUDGET,
                        WARNING,
                        "kernel",
                        "/sys/fs/cgroup/cpu,cpuacct/app/cpu.rt_runtime_us: 0",
                        m -> m.put("/proc/self/cgroup", "4:cpu,cpuacct:/app\n0::/\n")
                                .put("/sys/fs/cgroup/cpu,cpuacct/app/cpu.rt_runtime_us", "0\n")));
    }

    static Stream<Fault> processorFaults() {
        return Stream.of(
                fault(
                        CPU_AFFINITY,
                        INFO,
                        "cpu 3",
                        "0,1",
                        m -> m.put("/proc/self/status", "Uid:\t1001 1001\nCpus_allowed_list:\t0-1\n")),
                fault(ISOLATION, INFO, "cpu 3", "isolated: 1", m -> m.put("/sys/devices/system/cpu/isolated", "1\n")),
                fault(NOHZ_FULL, INFO, "cpu 3", "(null)", m -> m.put("/sys/devices/system/cpu/nohz_full", "(null)\n")),
                fault(NOHZ_FULL, INFO, "cpu 3", "absent", m -> m.remove("/sys/devices/system/cpu/nohz_full")),
                fault(SIBLINGS, INFO, "cpu 3", "1,3", m -> m.put(CPU3 + "topology/thread_siblings_list", "1,3\n")),
                fault(
                        GOVERNOR,
                        WARNING,
                        "cpu 3",
                        "powersave",
                        m -> m.put(CPU3 + "cpufreq/scaling_governor", "powersave\n")),
                fault(IDLE_STATES, WARNING, "cpu 3", "C6 (133 us)", m -> m.idleState(2, "C6", 133, 0)),
                fault(IRQS, INFO, "cpu 3", "30 (eth0)", m -> m.irq(30, "2-3", "eth0")),
                fault(
                        IRQS,
                        INFO,
                        "cpu 3",
                        "31 (eth1)",
                        m -> m.irq(31, "", "eth1").put("/proc/irq/31/smp_affinity_list", "0-3\n")),
                fault(
                        INTERRUPT_RATE,
                        WARNING,
                        "cpu 3",
                        "4250 in one second: 4000 LOC: Local timer interrupts; 250 30: PCI-MSI",
                        m -> m.putAfterPause("/proc/interrupts", FakeMachine.interrupts(5_004_000, 950))),
                fault(
                        RT_THREADS,
                        WARNING,
                        "cpu 3",
                        "grab) (1) (process 77, FIFO 95)",
                        m -> m.thread("grab) (1)", 1, 95, "2-3")),
                fault(RT_THREADS, WARNING, "cpu 3", "RR 10", m -> m.thread("x", 2, 10, "3")),
                fault(
                        RT_THREADS,
                        INFO,
                        "cpu 3",
                        "irq/30-eth0 (kernel, FIFO 50)",
                        m -> m.thread("irq/30-eth0", 1, 50, "3")
                                .put(
                                        FakeMachine.THREAD + "stat",
                                        "77 (irq/30-eth0) S 2 0 0 0 -1 2129984 " + "0 ".repeat(30) + "50 1 0")),
                fault(
                        PRESSURE,
                        WARNING,
                        "cpu",
                        "avg10=91.27",
                        m -> m.put("/proc/pressure/cpu", "some avg10=91.27 avg60=1\n")),
                fault(
                        PRESSURE,
                        WARNING,
                        "memory",
                        "avg10=7.5",
                        m -> m.put("/proc/pressure/memory", "some avg10=7.50 avg60=1\n")));
    }

    static Stream<Fault> limitFaults() {
        return Stream.of(
                fault(
                        RTPRIO_LIMIT,
                        WARNING,
                        "this user",
                        "Max realtime priority 0",
                        m -> m.put("/proc/self/limits", FakeMachine.limits("0", "unlimited"))),
                fault(
                        MEMLOCK_LIMIT,
                        WARNING,
                        "this user",
                        "8388608 bytes",
                        m -> m.put("/proc/self/limits", FakeMachine.limits("95", "8388608"))),
                fault(MAX_MAP_COUNT, WARNING, "kernel", "30000", m -> m.put("/proc/sys/vm/max_map_count", "30000\n")),
                fault(
                        CONTAINER_CPU,
                        WARNING,
                        "control group",
                        "150000 us in each 100000 us",
                        m -> m.put(GROUP + "cpu.max", "150000 100000\n")),
                fault(
                        CONTAINER_CPU,
                        WARNING,
                        "control group",
                        "/sys/fs/cgroup/cpu.max: 50000 us",
                        m -> m.put("/sys/fs/cgroup/cpu.max", "50000 100000\n")),
                fault(
                        CONTAINER_CPU,
                        WARNING,
                        "control group",
                        "/sys/fs/cgroup/cpu/cpu.cfs_quota_us: 20000 us in each 100000 us",
                        m -> m.put("/proc/self/cgroup", "3:cpu:/docker/abc\n")
                                .put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "20000\n")
                                .put("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n")),
                fault(
                        CONTAINER_MEMORY,
                        INFO,
                        "control group",
                        "memory.max: 536870912",
                        m -> m.put(GROUP + "memory.max", "536870912\n")),
                fault(
                        CONTAINER_MEMORY,
                        WARNING,
                        "control group",
                        "memory.current: 536000000",
                        m -> m.put(GROUP + "memory.max", "536870912\n").put(GROUP + "memory.current", "536000000\n")),
                fault(
                        CONTAINER_MEMORY,
                        INFO,
                        "control group",
                        "memory.limit_in_bytes: 1048576000; memory.usage_in_bytes: 5",
                        m -> m.put("/proc/self/cgroup", "3:memory:/app\n")
                                .put("/sys/fs/cgroup/memory/app/memory.limit_in_bytes", "1048576000\n")
                                .put("/sys/fs/cgroup/memory/app/memory.usage_in_bytes", "5\n")));
    }

    static Stream<Fault> memoryFaults() {
        return Stream.of(
                fault(
                        THP,
                        INFO,
                        "kernel",
                        "always",
                        m -> m.put("/sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never\n")),
                fault(
                        SWAP,
                        INFO,
                        "kernel",
                        "/swapfile file",
                        m -> m.put("/proc/swaps", "Filename Type\n/swapfile\tfile\t2097148\t\t0\t-2\n")),
                fault(
                        SWAP,
                        WARNING,
                        "kernel",
                        "2097148 4096",
                        m -> m.put("/proc/swaps", "Filename Type\n/swapfile\tfile\t2097148\t\t4096\t-2\n")),
                fault(KSM, INFO, "kernel", "run: 1", m -> m.put("/sys/kernel/mm/ksm/run", "1\n")),
                fault(
                        NUMA_BALANCING,
                        INFO,
                        "kernel",
                        "numa_balancing: 1",
                        m -> m.put("/proc/sys/kernel/numa_balancing", "1\n")),
                fault(
                        COMPACTION,
                        INFO,
                        "kernel",
                        "compact_unevictable_allowed: 1",
                        m -> m.put("/proc/sys/vm/compact_unevictable_allowed", "1\n")),
                fault(
                        SOCKET_BUFFERS,
                        INFO,
                        "kernel",
                        "rmem_max: 212992",
                        m -> m.put("/proc/sys/net/core/rmem_max", "212992\n")),
                fault(
                        DROPPED_PACKETS,
                        WARNING,
                        "kernel",
                        "port 5000: 17",
                        m -> m.put(
                                "/proc/net/udp",
                                FakeMachine.UDP_HEAD
                                        + "  77: 00000000:1388 00000000:0000 07 00000000:00000000 00:00000000 00000000"
                                        + "     0        0 21034 2 0000000000000000 17\n"
                                        + "  78: 00000000:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000"
                                        + "     0        0 21035 2 0000000000000000 0\n")),
                fault(SHM_MISSING, ERROR, "/dev/shm", "/dev/shm", m -> m.remove("/dev/shm")),
                fault(SHM_SIZE, WARNING, "/dev/shm", "64 MiB", m -> m.space("/dev/shm", 64L << 20, 60L << 20)),
                fault(
                        FILE_SYSTEM_FULL,
                        WARNING,
                        "/dev/shm",
                        "100 MiB free",
                        m -> m.space("/dev/shm", 8L << 30, 100L << 20)),
                fault(FILE_SYSTEM_FULL, ERROR, "/milk/shm", "0 MiB free", m -> m.space("/milk/shm", 8L << 30, 4096)),
                fault(
                        STREAM_DIRECTORY,
                        WARNING,
                        "/tmp",
                        "ext4; $MILK_SHM_DIR: not set",
                        m -> m.streamDirectory("/tmp")),
                fault(
                        REMOVE_IPC,
                        WARNING,
                        "systemd-logind",
                        "the default",
                        m -> m.put("/etc/systemd/logind.conf", "#RemoveIPC=no\n")),
                fault(
                        REMOVE_IPC,
                        WARNING,
                        "systemd-logind",
                        "/etc/systemd/logind.conf.d/z.conf: RemoveIPC=yes",
                        m -> m.put("/etc/systemd/logind.conf.d/z.conf", "[Login]\nRemoveIPC=yes\n")),
                fault(
                        REMOVE_IPC,
                        INFO,
                        "systemd-logind",
                        "the default",
                        m -> m.user(0).put("/etc/systemd/logind.conf", "")),
                fault(
                        HIDDEN_PROCESSES,
                        INFO,
                        "/proc",
                        "hidepid",
                        m -> m.put(
                                "/proc/self/mounts",
                                "proc /proc proc rw,hidepid=invisible 0 0\ntmpfs /milk tmpfs rw\n")),
                fault(JVM, INFO, "JDK 22", "22", m -> m.java(22)),
                fault(
                        JVM,
                        WARNING,
                        "$JAVA_TOOL_OPTIONS",
                        "-Xmx1g -Xint",
                        m -> m.environment("JAVA_TOOL_OPTIONS", "-Xmx1g -Xint")));
    }
}

package org.shmrt.doctor;

import static org.shmrt.doctor.FindingKind.CLOCKSOURCE;
import static org.shmrt.doctor.FindingKind.FAIR_SERVER;
import static org.shmrt.doctor.FindingKind.HYPERVISOR;
import static org.shmrt.doctor.FindingKind.PREEMPTION;
import static org.shmrt.doctor.FindingKind.RT_GROUP_BUDGET;
import static org.shmrt.doctor.FindingKind.RT_THROTTLING;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernel: preemption, virtualisation, clock, and how it limits real-time threads. */
final class KernelChecks {
    private static final String KERNEL = "kernel";
    private static final String CLOCK_FILE = "/sys/devices/system/clocksource/clocksource0/current_clocksource";

    /** Clock sources that programs read without a system call. */
    private static final Set<String> FAST_CLOCKS =
            Set.of("tsc", "arch_sys_counter", "kvm-clock", "hyperv_clocksource_tsc_page");

    private static final Pattern PREEMPT_WORD = Pattern.compile("PREEMPT(_[A-Z]+)?");
    private static final Pattern PREEMPT_CHOICE = Pattern.compile("\\((none|voluntary|full|lazy)\\)");
    private static final Pattern PREEMPT_OPTION = Pattern.compile("(?:^|\\s)preempt=(\\w+)");

    /** Kernels since 6.12 have a fair server. */
    private static final int FAIR_SERVER_SINCE = 6012;

    private KernelChecks() {}

    static void run(Machine machine, Findings findings) {
        preemption(machine.files(), findings);
        hypervisor(machine.files(), findings);
        clockSource(machine.files(), findings);
        throttling(machine.files(), findings);
        fairServer(machine, findings);
        groupBudget(machine.files(), findings);
    }

    private static void preemption(SystemFiles files, Findings findings) {
        String version = files.text("/proc/version").orElse("");
        Matcher word = PREEMPT_WORD.matcher(version);
        String built = word.find() ? word.group() : "no preemption";
        if (built.equals("PREEMPT_RT") || files.number("/sys/kernel/realtime").orElse(0) == 1) {
            findings.ok(PREEMPTION, KERNEL, "/proc/version: PREEMPT_RT");
            return;
        }
        if (version.isEmpty()) {
            findings.unknown(PREEMPTION, KERNEL, "/proc/version cannot be read");
            return;
        }
        // Only root can read the model in use; else the kernel's command line may give it.
        Optional<String> model = first(PREEMPT_CHOICE, files.text("/sys/kernel/debug/sched/preempt"))
                .or(() -> first(PREEMPT_OPTION, files.text("/proc/cmdline")))
                .or(() -> built.equals("PREEMPT") ? Optional.of("full") : Optional.empty());
        boolean full = model.filter("full"::equals).isPresent();
        boolean unknown = model.isEmpty() && built.equals("PREEMPT_DYNAMIC");
        findings.add(
                PREEMPTION,
                full || unknown ? Severity.INFO : Severity.WARNING,
                KERNEL,
                "it is not a real-time kernel; preemption model: " + model.orElse(unknown ? "not known" : "none"),
                "/proc/version: " + built
                        + model.map(text -> "; /sys/kernel/debug/sched/preempt or preempt=: " + text)
                                .orElse(""),
                "a thread with real-time priority waits until the kernel's work on its processor ends: up to some ms "
                        + "under load",
                full
                        ? "# for deadlines below 1 ms install a kernel with PREEMPT_RT"
                        : "# add preempt=full to the kernel's command line, or install a kernel with PREEMPT_RT");
    }

    private static Optional<String> first(Pattern pattern, Optional<String> text) {
        return text.map(pattern::matcher).filter(Matcher::find).map(matcher -> matcher.group(1));
    }

    private static void hypervisor(SystemFiles files, Findings findings) {
        Optional<String> type = files.text("/sys/hypervisor/type").filter(text -> !text.isEmpty());
        boolean flag = files.lines("/proc/cpuinfo").stream()
                .anyMatch(line -> line.startsWith("flags") && (line + " ").contains(" hypervisor "));
        if (!flag && type.isEmpty()) {
            findings.ok(HYPERVISOR, KERNEL, "/proc/cpuinfo: no flag 'hypervisor'");
            return;
        }
        findings.add(
                HYPERVISOR,
                Severity.INFO,
                KERNEL,
                "this is a virtual machine",
                type.map(text -> "/sys/hypervisor/type: " + text).orElse("/proc/cpuinfo: flag 'hypervisor'"),
                "the host can take a processor away at any time, for some ms, and no setting in here prevents that",
                "# run loops on the host itself, or have the host reserve processors for this machine");
    }

    private static void clockSource(SystemFiles files, Findings findings) {
        Optional<String> found = files.text(CLOCK_FILE);
        if (found.isEmpty()) {
            findings.unknown(CLOCKSOURCE, KERNEL, CLOCK_FILE + " cannot be read");
            return;
        }
        String evidence = CLOCK_FILE + ": " + found.get();
        if (FAST_CLOCKS.contains(found.get())) {
            findings.ok(CLOCKSOURCE, KERNEL, evidence);
            return;
        }
        findings.add(
                CLOCKSOURCE,
                Severity.WARNING,
                KERNEL,
                "the clock source is " + found.get(),
                evidence,
                "each reading of the clock is a system call of 1 us or more; each frame that is written or read needs "
                        + "several",
                "dmesg | grep -i -e tsc -e clocksource    # why the kernel rejected tsc",
                "echo tsc > " + CLOCK_FILE);
    }

    private static void throttling(SystemFiles files, Findings findings) {
        String file = "/proc/sys/kernel/sched_rt_runtime_us";
        OptionalLong runtime = files.number(file);
        long period = files.number("/proc/sys/kernel/sched_rt_period_us").orElse(1_000_000);
        if (runtime.isEmpty()) {
            findings.unknown(RT_THROTTLING, KERNEL, file + " cannot be read");
            return;
        }
        long us = runtime.getAsLong();
        String evidence = file + ": " + us + " of " + period;
        if (us < 0 || us >= period) {
            findings.ok(RT_THROTTLING, KERNEL, evidence);
            return;
        }
        boolean small = us < period * 9 / 10;
        findings.add(
                RT_THROTTLING,
                small ? Severity.WARNING : Severity.INFO,
                KERNEL,
                "real-time threads may use " + Math.round(100.0 * us / Math.max(1, period)) + " % of the time at most",
                evidence,
                us == 0
                        ? "no thread can run with real-time priority"
                        : "a real-time thread that spins without a pause is stopped for " + (period - us) / 1000
                                + " ms in each " + period / 1000 + " ms",
                "# let the loop sleep a little in each period; or, where each loop has a processor of its own:",
                "sysctl -w kernel.sched_rt_runtime_us=-1");
    }

    private static void fairServer(Machine machine, Findings findings) {
        String file = "/sys/kernel/debug/sched/fair_server/cpu" + machine.cpu() + "/runtime";
        OptionalLong runtimeNs = machine.files().number(file);
        if (runtimeNs.isPresent() && runtimeNs.getAsLong() == 0) {
            findings.ok(FAIR_SERVER, machine.cpuName(), file + ": 0");
        } else if (runtimeNs.isEmpty() && machine.kernelVersion() < FAIR_SERVER_SINCE) {
            findings.ok(FAIR_SERVER, machine.cpuName(), "kernels before 6.12 have none");
        } else {
            findings.add(
                    FAIR_SERVER,
                    Severity.INFO,
                    machine.cpuName(),
                    "the kernel reserves time for threads without real-time priority (fair server)",
                    runtimeNs.isPresent()
                            ? file + ": " + runtimeNs.getAsLong() + " ns in each second"
                            : "kernels since 6.12 have a fair server of 50 ms in each second; " + file
                                    + " cannot be read",
                    "a real-time thread that spins without a pause is interrupted while another thread waits for its "
                            + "processor",
                    "# let the loop sleep a little in each period, and keep other threads off its processor; or:",
                    "mount -t debugfs none /sys/kernel/debug; echo 0 > " + file);
        }
    }

    private static void groupBudget(SystemFiles files, Findings findings) {
        Optional<String> file = Cgroup.of(files).file("cpu", "cpu.rt_runtime_us");
        OptionalLong runtime = file.isPresent() ? files.number(file.get()) : OptionalLong.empty();
        if (runtime.isEmpty()) {
            findings.ok(RT_GROUP_BUDGET, KERNEL, "the control group has no budget for real-time threads");
        } else if (runtime.getAsLong() != 0) {
            findings.ok(RT_GROUP_BUDGET, KERNEL, file.get() + ": " + runtime.getAsLong());
        } else {
            findings.add(
                    RT_GROUP_BUDGET,
                    Severity.WARNING,
                    KERNEL,
                    "the control group of this process has no time for real-time threads",
                    file.get() + ": 0",
                    "no thread of the group can get a real-time priority, not even as root",
                    "echo 950000 > " + file.get());
        }
    }
}

package org.shmrt.doctor;

import static org.shmrt.doctor.FindingKind.CPU_AFFINITY;
import static org.shmrt.doctor.FindingKind.GOVERNOR;
import static org.shmrt.doctor.FindingKind.IDLE_STATES;
import static org.shmrt.doctor.FindingKind.IRQS;
import static org.shmrt.doctor.FindingKind.ISOLATION;
import static org.shmrt.doctor.FindingKind.NOHZ_FULL;
import static org.shmrt.doctor.FindingKind.SIBLINGS;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** The processor of the loop: whether it is isolated, how fast it runs and wakes up, and which interrupts it serves. */
final class CpuChecks {
    private static final String CPUS = "/sys/devices/system/cpu/";

    /** Leaving a deeper idle state takes longer than a loop of some kHz can lose. */
    private static final long SLOW_IDLE_US = 20;

    private static final int MAX_SHOWN = 6;

    private CpuChecks() {}

    static void run(Machine machine, Findings findings) {
        affinity(machine, findings);
        isolation(machine, findings);
        nohzFull(machine, findings);
        siblings(machine, findings);
        governor(machine, findings);
        idleStates(machine, findings);
        irqs(machine, findings);
    }

    private static String directory(Machine machine) {
        return CPUS + "cpu" + machine.cpu() + "/";
    }

    private static void affinity(Machine machine, Findings findings) {
        BitSet allowed = Machine.allowed(machine.files());
        String evidence = "/proc/self/status: Cpus_allowed_list " + CpuList.text(allowed);
        if (allowed.isEmpty()) {
            findings.unknown(CPU_AFFINITY, machine.cpuName(), "/proc/self/status has no Cpus_allowed_list");
        } else if (allowed.get(machine.cpu())) {
            findings.ok(CPU_AFFINITY, machine.cpuName(), evidence);
        } else if (Machine.online(machine.files()).get(machine.cpu())) {
            findings.add(
                    CPU_AFFINITY,
                    Severity.INFO,
                    machine.cpuName(),
                    "programs that are started from here do not run on this processor by themselves",
                    evidence,
                    "a thread runs there only if it is placed there; a container may not permit that",
                    "taskset -c " + machine.cpu() + " COMMAND");
        }
    }

    private static void isolation(Machine machine, Findings findings) {
        String file = CPUS + "isolated";
        Optional<String> isolated = machine.files().text(file);
        if (isolated.isEmpty()) {
            findings.unknown(ISOLATION, machine.cpuName(), file + " cannot be read");
        } else if (CpuList.parse(isolated.get()).get(machine.cpu())) {
            findings.ok(ISOLATION, machine.cpuName(), file + ": " + isolated.get());
        } else {
            findings.add(
                    ISOLATION,
                    Severity.INFO,
                    machine.cpuName(),
                    "the processor is not isolated",
                    file + ": " + (isolated.get().isEmpty() ? "(empty)" : isolated.get()),
                    "the kernel runs threads of other programs on it, which delay a loop and evict its data from the "
                            + "caches",
                    "# add isolcpus=managed_irq,domain," + machine.cpu()
                            + " to the kernel's command line, and start loops with taskset");
        }
    }

    private static void nohzFull(Machine machine, Findings findings) {
        String file = CPUS + "nohz_full";
        Optional<String> list = machine.files().text(file);
        if (list.filter(text -> CpuList.parse(text).get(machine.cpu())).isPresent()) {
            findings.ok(NOHZ_FULL, machine.cpuName(), file + ": " + list.get());
            return;
        }
        findings.add(
                NOHZ_FULL,
                Severity.INFO,
                machine.cpuName(),
                "the processor has a timer tick while one thread runs on it",
                file + ": " + list.filter(text -> !text.isEmpty()).orElse("absent or empty"),
                "the tick interrupts the loop 100 to 1000 times a second, for some us; a deadline on the tick is late",
                "# add nohz_full=" + machine.cpu() + " rcu_nocbs=" + machine.cpu() + " to the kernel's command line");
    }

    private static void siblings(Machine machine, Findings findings) {
        String file = directory(machine) + "topology/thread_siblings_list";
        Optional<String> list = machine.files().text(file);
        if (list.isEmpty()) {
            findings.unknown(SIBLINGS, machine.cpuName(), file + " cannot be read");
            return;
        }
        BitSet others = CpuList.parse(list.get());
        others.clear(machine.cpu());
        if (others.isEmpty()) {
            findings.ok(SIBLINGS, machine.cpuName(), file + ": " + list.get());
            return;
        }
        findings.add(
                SIBLINGS,
                Severity.INFO,
                machine.cpuName(),
                "the processor shares its core with cpu " + CpuList.text(others),
                file + ": " + list.get(),
                "work on cpu " + CpuList.text(others) + " slows the loop down by up to half",
                "echo 0 > " + CPUS + "cpu" + others.nextSetBit(0) + "/online    # or switch off SMT in the BIOS");
    }

    private static void governor(Machine machine, Findings findings) {
        String file = directory(machine) + "cpufreq/scaling_governor";
        Optional<String> governor = machine.files().text(file);
        if (governor.isEmpty()) {
            findings.unknown(GOVERNOR, machine.cpuName(), file + " is absent: the host or the hardware decides");
        } else if (governor.get().equals("performance")) {
            findings.ok(GOVERNOR, machine.cpuName(), file + ": performance");
        } else {
            findings.add(
                    GOVERNOR,
                    Severity.WARNING,
                    machine.cpuName(),
                    "the frequency governor is " + governor.get(),
                    file + ": " + governor.get(),
                    "a loop that sleeps between frames runs at a low clock frequency, and each step takes up to "
                            + "several times as long",
                    "cpupower -c " + machine.cpu() + " frequency-set -g performance");
        }
    }

    private static void idleStates(Machine machine, Findings findings) {
        String directory = directory(machine) + "cpuidle/";
        List<String> states = machine.files().names(directory);
        if (states.isEmpty()) {
            findings.unknown(IDLE_STATES, machine.cpuName(), directory + " is absent");
            return;
        }
        List<String> enabled = new ArrayList<>();
        long slowestUs = 0;
        for (String state : states) {
            String at = directory + state;
            long us = machine.files().number(at + "/latency").orElse(0);
            if (machine.files().number(at + "/disable").orElse(0) == 0) {
                enabled.add(machine.files().text(at + "/name").orElse(state) + " (" + us + " us)");
                slowestUs = Math.max(slowestUs, us);
            }
        }
        String evidence = directory + "*/latency: " + String.join(", ", enabled);
        if (slowestUs <= SLOW_IDLE_US) {
            findings.ok(IDLE_STATES, machine.cpuName(), evidence);
            return;
        }
        findings.add(
                IDLE_STATES,
                Severity.WARNING,
                machine.cpuName(),
                "the processor may enter idle states that take up to " + slowestUs + " us to leave",
                evidence,
                "a loop that sleeps wakes up that much later",
                "cpupower -c " + machine.cpu() + " idle-set -D " + SLOW_IDLE_US);
    }

    private static void irqs(Machine machine, Findings findings) {
        List<String> served = new ArrayList<>();
        List<Integer> all = machine.files().numbers("/proc/irq");
        for (int irq : all) {
            String at = "/proc/irq/" + irq + "/";
            String cpus = machine.files()
                    .text(at + "effective_affinity_list")
                    .filter(text -> !text.isEmpty())
                    .or(() -> machine.files().text(at + "smp_affinity_list"))
                    .orElse("");
            // An interrupt line without a device has no subdirectory with the device's name.
            List<String> devices = machine.files().names(at).stream()
                    .filter(name -> machine.files().exists(at + name + "/."))
                    .toList();
            if (!devices.isEmpty() && CpuList.parse(cpus).get(machine.cpu())) {
                served.add(irq + " (" + String.join(", ", devices) + ")");
            }
        }
        if (served.isEmpty()) {
            findings.ok(IRQS, machine.cpuName(), "/proc/irq/*/effective_affinity_list: none of " + all.size());
            return;
        }
        int more = served.size() - MAX_SHOWN;
        findings.add(
                IRQS,
                Severity.INFO,
                machine.cpuName(),
                served.size() + (served.size() == 1 ? " device interrupts" : " devices interrupt") + " this processor",
                "/proc/irq/*/effective_affinity_list: "
                        + String.join(", ", served.subList(0, Math.min(MAX_SHOWN, served.size())))
                        + (more > 0 ? " and " + more + " more" : ""),
                "each interrupt delays the loop by some us",
                "systemctl stop irqbalance",
                "for i in /proc/irq/*/smp_affinity_list; do echo " + otherCpus(machine) + " > $i; done 2>/dev/null");
    }

    private static String otherCpus(Machine machine) {
        BitSet others = Machine.online(machine.files());
        others.clear(machine.cpu());
        return others.isEmpty() ? "0" : CpuList.text(others);
    }
}

package org.shmrt.doctor;

import static org.shmrt.doctor.FindingKind.HIDDEN_PROCESSES;
import static org.shmrt.doctor.FindingKind.RT_THREADS;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Threads with real-time priority that may run on the processor of the loop. */
final class ThreadChecks {
    // Words of /proc/PID/stat after the name, which may itself contain blanks and brackets.
    private static final int FLAGS = 6;
    private static final int PRIORITY = 37;
    private static final int POLICY = 38;

    private static final long KERNEL_THREAD = 0x00200000;
    private static final int FIFO = 1;
    private static final int RR = 2;
    private static final int DEADLINE = 6;
    private static final int MAX_SHOWN = 6;

    private ThreadChecks() {}

    private record RealTimeThread(int pid, String name, String policy, long priority, boolean ofKernel) {
        String text() {
            return name + " (" + (ofKernel ? "kernel" : "process " + pid) + ", " + policy + " " + priority + ")";
        }
    }

    static void run(Machine machine, Findings findings) {
        hidden(machine, findings);
        List<RealTimeThread> threads = realTimeThreads(machine);
        List<RealTimeThread> programs =
                threads.stream().filter(thread -> !thread.ofKernel()).toList();
        if (threads.isEmpty()) {
            findings.ok(RT_THREADS, machine.cpuName(), "/proc/*/task/*/stat: none that is visible and may run there");
            return;
        }
        int more = threads.size() - MAX_SHOWN;
        findings.add(
                RT_THREADS,
                programs.isEmpty() ? Severity.INFO : Severity.WARNING,
                machine.cpuName(),
                (threads.size() == 1 ? "another thread" : threads.size() + " other threads")
                        + " with real-time priority may run on this processor",
                "/proc/*/task/*/stat: "
                        + String.join(
                                ", ",
                                threads.stream()
                                        .limit(MAX_SHOWN)
                                        .map(RealTimeThread::text)
                                        .toList())
                        + (more > 0 ? " and " + more + " more" : ""),
                "a thread of a higher priority interrupts the loop; one of the same priority runs until it sleeps",
                programs.isEmpty()
                        ? "# give the loop a higher priority than threads that serve interrupts of other devices"
                        : "taskset -apc CPUS " + programs.getFirst().pid()
                                + "    # CPUS: the processors of the other program");
    }

    private static void hidden(Machine machine, Findings findings) {
        Optional<String> proc = machine.files().lines("/proc/self/mounts").stream()
                .filter(line -> line.split(" ").length > 3 && line.split(" ")[1].equals("/proc"))
                .reduce((first, last) -> last);
        boolean hides = proc.filter(line ->
                        line.contains("hidepid=") && !line.contains("hidepid=0") && !line.contains("hidepid=off"))
                .isPresent();
        if (!hides || machine.userId() == 0 || Machine.seesAllProcesses(machine.files())) {
            findings.ok(HIDDEN_PROCESSES, "/proc", "/proc/self/mounts: processes of other users are not hidden");
            return;
        }
        findings.add(
                HIDDEN_PROCESSES,
                Severity.INFO,
                "/proc",
                "processes of other users are hidden",
                "/proc/self/mounts: option hidepid",
                "doctor cannot see the threads of other users, or which of them have a stream open",
                "# run shm doctor as root; or:",
                "mount -o remount,hidepid=0 /proc");
    }

    private static List<RealTimeThread> realTimeThreads(Machine machine) {
        List<RealTimeThread> found = new ArrayList<>();
        int self = machine.files()
                .link("/proc/self")
                .flatMap(text -> SystemFiles.parse(text).stream().boxed().findFirst())
                .map(Long::intValue)
                .orElse(-1);
        for (int pid : machine.files().numbers("/proc")) {
            if (pid == self) {
                continue;
            }
            for (int thread : machine.files().numbers("/proc/" + pid + "/task")) {
                realTime(machine, pid, "/proc/" + pid + "/task/" + thread).ifPresent(found::add);
            }
        }
        return found;
    }

    private static Optional<RealTimeThread> realTime(Machine machine, int pid, String directory) {
        String stat = machine.files().text(directory + "/stat").orElse("");
        int nameEnd = stat.lastIndexOf(')');
        if (nameEnd < 0 || stat.indexOf('(') > nameEnd) {
            return Optional.empty();
        }
        String name = stat.substring(stat.indexOf('(') + 1, nameEnd);
        String[] words = stat.substring(nameEnd + 1).strip().split("\\s+");
        if (words.length <= POLICY) {
            return Optional.empty();
        }
        long policy = SystemFiles.parse(words[POLICY]).orElse(0);
        boolean ofKernel = (SystemFiles.parse(words[FLAGS]).orElse(0) & KERNEL_THREAD) != 0;
        boolean realTime = policy == FIFO || policy == RR || policy == DEADLINE;
        // Each processor has its own thread for migrations; it runs only to stop the processor's work.
        if (!realTime || (ofKernel && name.startsWith("migration/"))) {
            return Optional.empty();
        }
        String cpus = machine.files()
                .field(directory + "/status", "Cpus_allowed_list")
                .orElse("");
        if (!CpuList.parse(cpus).get(machine.cpu())) {
            return Optional.empty();
        }
        return Optional.of(new RealTimeThread(
                pid,
                name,
                policy == FIFO ? "FIFO" : policy == RR ? "RR" : "DEADLINE",
                SystemFiles.parse(words[PRIORITY]).orElse(0),
                ofKernel));
    }
}

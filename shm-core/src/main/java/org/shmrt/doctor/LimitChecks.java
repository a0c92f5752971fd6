package org.shmrt.doctor;

import static org.shmrt.doctor.FindingKind.MAX_MAP_COUNT;
import static org.shmrt.doctor.FindingKind.MEMLOCK_LIMIT;
import static org.shmrt.doctor.FindingKind.RTPRIO_LIMIT;

import java.util.Optional;
import java.util.OptionalLong;

/** Limits of this user: priority, locked memory, number of mappings. */
final class LimitChecks {
    private static final String LIMITS = "/proc/self/limits";
    private static final String THIS_USER = "this user";

    /** The kernel's default. */
    private static final long USUAL_MAPS = 65_530;

    private LimitChecks() {}

    static void run(Machine machine, Findings findings) {
        priority(machine, findings);
        lockedMemory(machine, findings);
        mapCount(machine.files(), findings);
    }

    private static void priority(Machine machine, Findings findings) {
        Optional<String> limit = machine.limit("Max realtime priority");
        String evidence = LIMITS + ": Max realtime priority " + limit.orElse("absent");
        if (machine.mayRaisePriority()) {
            findings.ok(RTPRIO_LIMIT, THIS_USER, "/proc/self/status: CAP_SYS_NICE");
        } else if (limit.isEmpty()) {
            findings.unknown(RTPRIO_LIMIT, THIS_USER, LIMITS + " cannot be read");
        } else if (!limit.get().equals("0")) {
            findings.ok(RTPRIO_LIMIT, THIS_USER, evidence);
        } else {
            findings.add(
                    RTPRIO_LIMIT,
                    Severity.WARNING,
                    THIS_USER,
                    "programs of this user get no real-time priority",
                    evidence + "; no CAP_SYS_NICE",
                    "every other thread of the machine can delay a loop, by up to some ten ms under load",
                    "echo '" + userName(machine) + " - rtprio 95' > /etc/security/limits.d/shmrt-rtprio.conf",
                    "ulimit -r    # shows the new limit after the next login");
        }
    }

    private static void lockedMemory(Machine machine, Findings findings) {
        Optional<String> limit = machine.limit("Max locked memory");
        String evidence = LIMITS + ": Max locked memory " + limit.orElse("absent");
        if (machine.mayLockMemory()) {
            findings.ok(MEMLOCK_LIMIT, THIS_USER, "/proc/self/status: CAP_IPC_LOCK");
        } else if (limit.isEmpty()) {
            findings.unknown(MEMLOCK_LIMIT, THIS_USER, LIMITS + " cannot be read");
        } else if (limit.get().equals("unlimited")) {
            findings.ok(MEMLOCK_LIMIT, THIS_USER, evidence);
        } else {
            findings.add(
                    MEMLOCK_LIMIT,
                    Severity.WARNING,
                    THIS_USER,
                    "programs of this user cannot lock their whole memory",
                    evidence + " bytes; no CAP_IPC_LOCK",
                    "the kernel may take pages of a loop away, and loading them again takes up to some ms. The "
                            + "limit applies to the whole virtual size of a JVM",
                    "echo '" + userName(machine) + " - memlock unlimited' > /etc/security/limits.d/shmrt-memlock.conf",
                    "ulimit -l    # shows the new limit after the next login");
        }
    }

    private static String userName(Machine machine) {
        return machine.environment().getOrDefault("USER", "USER");
    }

    private static void mapCount(SystemFiles files, Findings findings) {
        String file = "/proc/sys/vm/max_map_count";
        OptionalLong count = files.number(file);
        if (count.isEmpty()) {
            findings.unknown(MAX_MAP_COUNT, "kernel", file + " cannot be read");
        } else if (count.getAsLong() >= USUAL_MAPS) {
            findings.ok(MAX_MAP_COUNT, "kernel", file + ": " + count.getAsLong());
        } else {
            findings.add(
                    MAX_MAP_COUNT,
                    Severity.WARNING,
                    "kernel",
                    "a process may have only " + count.getAsLong() + " mappings",
                    file + ": " + count.getAsLong(),
                    "a DAO stream takes 12 mappings in each process that writes it; at the limit a JVM may crash",
                    "sysctl -w vm.max_map_count=" + USUAL_MAPS);
        }
    }
}

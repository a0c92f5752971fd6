package org.shmrt.doctor;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of findings. The id of each is part of the command's interface: ids do not change. */
public enum FindingKind {
    PREEMPTION,
    HYPERVISOR,
    STEAL,
    CLOCKSOURCE,
    RT_THROTTLING,
    FAIR_SERVER,
    RT_GROUP_BUDGET,
    ISOLATION,
    NOHZ_FULL,
    SIBLINGS,
    GOVERNOR,
    IDLE_STATES,
    CPU_AFFINITY,
    IRQS,
    INTERRUPT_RATE,
    RT_THREADS,
    RTPRIO_LIMIT,
    MEMLOCK_LIMIT,
    MAX_MAP_COUNT,
    CONTAINER_CPU,
    CONTAINER_MEMORY,
    THP,
    SWAP,
    KSM,
    NUMA_BALANCING,
    COMPACTION,
    PRESSURE,
    SOCKET_BUFFERS,
    DROPPED_PACKETS,
    SHM_MISSING,
    SHM_SIZE,
    FILE_SYSTEM_FULL,
    STREAM_DIRECTORY,
    REMOVE_IPC,
    HIDDEN_PROCESSES,
    JVM,
    WAKE_UP,

    NO_STREAM,
    NOT_A_STREAM,
    DANGLING_LINK,
    UNREADABLE,
    REPAIRABLE_STREAM(true),
    READ_ONLY_STREAM,
    LAYOUT,
    STALE_FLAG,
    NO_WRITER,
    DEAD_RESERVATION,
    DEAD_WAITERS,
    IMPLAUSIBLE_TIME,
    COPIED_STREAM,
    DAMAGED_SEMAPHORE,
    SEMAPHORE_ABOVE_CAP,
    SEMAPHORE_OWNER,
    EXTRANEOUS_SEMAPHORE(true),
    REMOVED_SEMAPHORES,
    MISSING_SEMAPHORES(true),
    ORPHANED_SEMAPHORES(true),
    TEMPORARY_FILE(true),
    KILLED_DEMO(true),
    JVM_COLLECTOR,
    EMPTY_BLOCK,
    UNUSED_BLOCKS;

    private final boolean fixable;

    FindingKind() {
        this(false);
    }

    FindingKind(boolean fixable) {
        this.fixable = fixable;
    }

    /** The id on the command line and in JSON: {@code orphaned-semaphores}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether {@code --fix} can fix it: only what ShmRT can prove unused or can restore without loss. */
    public boolean isFixable() {
        return fixable;
    }

    /** The kind of an id. */
    public static Optional<FindingKind> ofId(String id) {
        return Arrays.stream(values()).filter(kind -> kind.id().equals(id)).findFirst();
    }

    /** The ids of the kinds that can be fixed. */
    public static List<String> fixableIds() {
        return Arrays.stream(values())
                .filter(FindingKind::isFixable)
                .map(FindingKind::id)
                .toList();
    }
}

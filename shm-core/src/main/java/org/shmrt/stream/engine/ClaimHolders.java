package org.shmrt.stream.engine;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.shmrt.posix.FileId;
import org.shmrt.posix.LockTable;
import org.shmrt.posix.Processes;

/**
 * Which processes had claimed which semaphores at one moment, see {@link SemaphoreClaims}. Needs no native access and
 * acquires no lock. Immutable.
 */
public final class ClaimHolders {
    /** No claims. */
    public static final ClaimHolders NONE = withoutProcesses(LockTable.EMPTY);

    /** The holder of a claim whose process belongs to another user, or to a container. */
    public static final long UNKNOWN = 0;

    private final LockTable locks;
    private final Map<Long, LockTable> byProcess;

    private ClaimHolders(LockTable locks, Map<Long, LockTable> byProcess) {
        this.locks = locks;
        this.byProcess = byProcess;
    }

    /** The claims of the kernel's table, all with unknown holders. */
    public static ClaimHolders withoutProcesses(LockTable locks) {
        return new ClaimHolders(locks, Map.of());
    }

    /**
     * The claims of the kernel's table, with their holders. Examines the open files of all processes that this user may
     * examine, if anybody has claimed anything. That takes some ten milliseconds.
     */
    public static ClaimHolders find(LockTable locks) {
        // In the order of their ids, so that of a process and its children the parent comes first.
        Map<Long, LockTable> byProcess = new TreeMap<>();
        if (locks.hasLockedBytes()) {
            for (long pid : Processes.all()) {
                LockTable own = LockTable.ofProcess(pid);
                if (own.hasLockedBytes()) {
                    byProcess.put(pid, own);
                }
            }
        }
        return new ClaimHolders(locks, byProcess);
    }

    /** Whether this was found with a table of the same claims. */
    public boolean isOf(LockTable other) {
        return locks.hasSameLockedBytes(other);
    }

    /**
     * The holders of the claims on one stream.
     *
     * @param file its file
     * @param semaphores number of its semaphores
     * @return the process of each claimed semaphore, or {@link #UNKNOWN}, by its index
     */
    public Map<Integer, Long> of(FileId file, int semaphores) {
        BitSet claimed = locks.lockedBytes(file, SemaphoreClaims.LOCK_OFFSET, semaphores);
        if (claimed.isEmpty()) {
            return Map.of();
        }
        Map<Integer, Long> holders = new HashMap<>();
        byProcess.forEach((pid, own) -> own.lockedBytes(file, SemaphoreClaims.LOCK_OFFSET, semaphores).stream()
                .filter(claimed::get)
                .forEach(index -> holders.putIfAbsent(index, pid)));
        claimed.stream().forEach(index -> holders.putIfAbsent(index, UNKNOWN));
        return holders;
    }
}

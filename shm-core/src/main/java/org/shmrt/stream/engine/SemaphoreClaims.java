package org.shmrt.stream.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Optional;
import org.shmrt.error.BusyException;
import org.shmrt.error.PosixException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Processes;
import org.shmrt.text.FileNames;

/**
 * The claims of readers on the semaphores of a stream, so that two readers do not consume each other's tokens. A claim
 * is a kernel lock on one byte of the stream's file, far beyond its content, at the same offset as in DAO's library.
 * The kernel releases it when the reader's process ends. It is effective across pid namespaces, and only a process that
 * may write the stream can acquire it.
 *
 * <p>If the format has a table of reader ids (milk), a claim also stores this process's id there, for programs that use
 * only the table, and respects the ids of such programs while their processes are alive.
 */
final class SemaphoreClaims {
    /**
     * Position of semaphore 0's lock byte; that of semaphore n is n bytes behind it. Source: daoBase, as of 2026
     * (cd475085), DAO_SEM_AUTO.
     */
    static final long LOCK_OFFSET = 1L << 62;

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final int NOBODY = -1;

    private final Path path;
    private final MappedFile file;
    private final long tableOffset;

    /**
     * The claims on a stream's semaphores.
     *
     * @param path path of the stream's file
     * @param tableOffset position of the table of reader ids, -1 if there is none
     */
    SemaphoreClaims(Path path, MappedFile file, long tableOffset) {
        this.path = path;
        this.file = file;
        this.tableOffset = tableOffset;
    }

    /**
     * Claims a semaphore.
     *
     * @return the claim, or why there is none
     * @throws PosixException if the file cannot be opened because this process or the system has too many open files
     * @throws InternalError if the file was truncated
     */
    Attempt tryClaim(int index) {
        Optional<FileLock> lock;
        try {
            lock = tryLock(index);
            if (lock.isEmpty()) {
                if (FileLock.isByteHeld(path, file.id(), LOCK_OFFSET + index)) {
                    return Attempt.TAKEN;
                }
                // It was released just now, or has a read lock, which is not a claim: read permission is sufficient.
                lock = tryLock(index);
            }
        } catch (PosixException e) {
            if (e.call().equals("open")) {
                throw e; // no free descriptor: a reader must not share a semaphore without being told
            }
            return Attempt.IMPOSSIBLE; // the file has no locks
        } catch (ShmException e) {
            return Attempt.IMPOSSIBLE; // the file was removed
        }
        if (lock.isEmpty()) {
            return Attempt.IMPOSSIBLE;
        }
        Attempt attempt = Attempt.IMPOSSIBLE;
        try {
            if (lock.get().isOn(file.id())) {
                attempt = enter(index)
                        ? new Attempt(Outcome.CLAIMED, Optional.of(new Claim(lock.get(), index)))
                        : Attempt.TAKEN;
            }
            return attempt;
        } finally {
            if (attempt.outcome != Outcome.CLAIMED) {
                lock.get().close();
            }
        }
    }

    private Optional<FileLock> tryLock(int index) {
        return Optional.ofNullable(FileLock.tryByte(path, LOCK_OFFSET + index));
    }

    /** The refusal of a reader that would have to share a semaphore without having asked for it. */
    BusyException allTaken() {
        return new BusyException("other readers have claimed all semaphores of " + FileNames.text(path)
                + " that a reader can have: wait by spin or an idle strategy, or name a semaphore to share it; shm info"
                + " shows the holders");
    }

    /** The outcome of an attempt to claim a semaphore. */
    enum Outcome {
        CLAIMED,
        /** Another reader has claimed it. */
        TAKEN,
        /** It cannot be claimed: the reader can wait without a claim. */
        IMPOSSIBLE
    }

    /** An attempt to claim a semaphore, with the claim if it was successful. */
    record Attempt(Outcome outcome, Optional<Claim> claim) {
        private static final Attempt TAKEN = new Attempt(Outcome.TAKEN, Optional.empty());
        private static final Attempt IMPOSSIBLE = new Attempt(Outcome.IMPOSSIBLE, Optional.empty());
    }

    /** Stores this process's id in the table, unless it contains the id of a live process that uses no locks. */
    private boolean enter(int index) {
        if (tableOffset < 0) {
            return true;
        }
        MemorySegment memory = file.segment();
        long at = tableOffset + 4L * index;
        int owner = (int) INT.getVolatile(memory, at);
        Faults.poll();
        // A reader of this process would hold the lock, so its id is a remnant of another process, as in containers.
        if (owner > 0 && owner != OwnProcess.PID && Processes.isUser(owner, file.id())) {
            return false;
        }
        // A store: on a truncated page it raises an error, while a compare-and-set would crash the JVM.
        INT.setVolatile(memory, at, OwnProcess.PID);
        Faults.poll();
        return true;
    }

    /** One reader's claim on a semaphore. */
    final class Claim implements AutoCloseable {
        private final FileLock lock;
        private final int index;
        private boolean released;

        private Claim(FileLock lock, int index) {
            this.lock = lock;
            this.index = index;
        }

        /** Releases the semaphore for other readers. Closing twice is harmless. */
        @Override
        public synchronized void close() {
            if (released) {
                return;
            }
            released = true;
            try {
                leave();
            } catch (InternalError | IllegalStateException e) {
                // The file was truncated or unmapped, and the table with it.
            } finally {
                lock.close();
            }
        }

        private void leave() {
            if (tableOffset < 0) {
                return;
            }
            long at = tableOffset + 4L * index;
            int owner = (int) INT.getVolatile(file.segment(), at);
            Faults.poll();
            if (owner == OwnProcess.PID) {
                INT.setVolatile(file.segment(), at, NOBODY);
                Faults.poll();
            }
        }
    }
}

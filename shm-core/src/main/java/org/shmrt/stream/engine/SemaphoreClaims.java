package org.shmrt.stream.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Processes;

/**
 * Which reader has which semaphore of a stream, so that two readers do not take each other's tokens. A claim is a
 * kernel lock on one byte of the stream's file, far behind its content, as DAO's library takes it; the kernel frees it
 * when the reader's process ends. It holds across process namespaces, and only who may write the stream can take it.
 *
 * <p>Where the format has a table of reader ids (milk), a claim also writes this process's id there, for programs that
 * know the table only, and respects the ids of such programs while their processes live.
 */
final class SemaphoreClaims {
    /** Position of semaphore 0's lock byte. Source: daoBase, state of 2026 (cd475085), DAO_SEM_AUTO. */
    static final long LOCK_OFFSET = 1L << 62;

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final int NOBODY = -1;

    private final Path path;
    private final MappedFile file;
    private final long tableOffset;

    /**
     * The claims on a stream's semaphores.
     *
     * @param path where the stream's file is
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
     * @return the claim, or null if another reader has it or the file system has no locks
     * @throws InternalError if the file was truncated
     */
    Claim tryClaim(int index) {
        FileLock lock;
        try {
            lock = FileLock.tryByte(path, LOCK_OFFSET + index);
        } catch (ShmException e) {
            return null; // gone, or without locks: waiting works, the claim does not
        }
        if (lock == null) {
            return null;
        }
        boolean claimed = false;
        try {
            claimed = lock.isOn(file.id()) && enter(index);
            return claimed ? new Claim(lock, index) : null;
        } finally {
            if (!claimed) {
                lock.close();
            }
        }
    }

    /** Writes this process into the table, unless a live program that takes no lock is there. */
    private boolean enter(int index) {
        if (tableOffset < 0) {
            return true;
        }
        MemorySegment memory = file.segment();
        long at = tableOffset + 4L * index;
        int owner = (int) INT.getVolatile(memory, at);
        Faults.poll();
        // ShmRT's own readers hold the lock, so an id of this process is left over, as happens in containers.
        if (owner > 0 && owner != OwnProcess.PID && Processes.isUser(owner, file.id())) {
            return false;
        }
        // A plain store: on a truncated page it becomes an error, where a compare-and-set would crash the JVM.
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

        /** Lets another reader have the semaphore. Closing twice is harmless. */
        @Override
        public synchronized void close() {
            if (released) {
                return;
            }
            released = true;
            try {
                leave();
            } catch (InternalError | IllegalStateException e) {
                // the memory is gone, and the table with it
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

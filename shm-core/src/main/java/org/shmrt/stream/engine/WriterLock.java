package org.shmrt.stream.engine;

import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileLock;
import org.shmrt.text.FileNames;

/** A writer's hold on a stream: the kernel's lock on the stream's file, which ends with the writer's process. */
public final class WriterLock implements AutoCloseable {
    /** Locked by a program that keeps a replica and sends no local frames to its owner. No other lock uses this byte. */
    private static final long KEEPER_OFFSET = 3L << 60;

    private final FileLock lock;
    private final boolean exclusive;
    private FileLock keeperLock;

    private WriterLock(FileLock lock, boolean exclusive) {
        this.lock = lock;
        this.exclusive = exclusive;
    }

    /** Whether no other writer of this library can write the stream at the same time. */
    public boolean isExclusive() {
        return exclusive;
    }

    /** For a stream that has no name yet, so that nobody else can write it. */
    public static WriterLock unnamed() {
        return new WriterLock(null, true);
    }

    /**
     * Locks out every other writer of this library.
     *
     * @throws BusyException if there is one, naming its process
     */
    public static WriterLock exclusive(MappedStream stream) {
        checkWritable(stream);
        FileLock lock = FileLock.tryExclusive(stream.path());
        if (lock == null) {
            throw new BusyException(
                    FileNames.text(stream.path()) + " is being written by " + FileLock.ownerText(stream.path())
                            + ": stop that writer first, or share the stream with it (--share)");
        }
        return of(stream, lock, true);
    }

    /** Acquires the lock if it is free; if another writer has it, continues without the lock. */
    public static WriterLock shared(MappedStream stream) {
        checkWritable(stream);
        FileLock lock = FileLock.tryExclusive(stream.path());
        if (lock != null) {
            return of(stream, lock, false);
        }
        if (!FileId.of(stream.path()).isSameFile(stream.fileId())) {
            throw replaced(stream);
        }
        return new WriterLock(null, false);
    }

    /**
     * A lock to write a replica for its owner, while another program keeps the replica up to date.
     *
     * @throws BusyException if that program sends no local frames to the owner, see {@link #refuseWritersToOwner}
     */
    public static WriterLock toOwner(MappedStream stream) {
        checkWritable(stream);
        if (FileLock.isByteHeld(stream.path(), stream.fileId(), KEEPER_OFFSET)) {
            throw new BusyException("cannot write " + FileNames.text(stream.path()) + " for its owner: "
                    + FileLock.ownerText(stream.path())
                    + " keeps this replica without --write-back, so the owner would not get the frame; start shm relay"
                    + " get with --write-back, or write the stream on the owner's machine");
        }
        return shared(stream);
    }

    /**
     * Refuses later calls of {@link #toOwner} for this stream, until this lock is closed. It does not stop programs that
     * already write.
     */
    public void refuseWritersToOwner(MappedStream stream) {
        FileLock byteLock = FileLock.tryByte(stream.path(), KEEPER_OFFSET);
        keeperLock = byteLock; // null if a reader locked the byte: nobody is refused then
        // A failure keeps no lock: the caller closes this object.
        if (byteLock != null && !byteLock.isOn(stream.fileId())) {
            throw replaced(stream);
        }
    }

    private static void checkWritable(MappedStream stream) {
        if (!stream.isWritable()) {
            throw new AccessDeniedException(
                    FileNames.text(stream.path()) + " was opened read-only: open it with Access.READ_WRITE to write");
        }
    }

    private static WriterLock of(MappedStream stream, FileLock lock, boolean exclusive) {
        try {
            if (!lock.isOn(stream.fileId())) {
                throw replaced(stream);
            }
            stream.semaphores().claimPosterTable();
            Faults.poll();
            return new WriterLock(lock, exclusive);
        } catch (InternalError e) {
            lock.close();
            throw stream.truncated(e);
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    private static IncompatibleException replaced(MappedStream stream) {
        return new IncompatibleException(
                FileNames.text(stream.path()) + " was re-created since it was opened: open it again");
    }

    /** Lets another writer in. Closing twice is harmless. */
    @Override
    public void close() {
        if (lock != null) {
            lock.close();
        }
        if (keeperLock != null) {
            keeperLock.close();
        }
    }
}

package org.shmrt.relay.status;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Arenas;
import org.shmrt.posix.Clocks;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.Processes;
import org.shmrt.posix.UnlinkedFile;
import org.shmrt.text.FileNames;
import org.shmrt.text.FixedText;

/**
 * Writes the page of this process: the file {@code shmrt-relay.PID} in {@code $SHMRT_RELAY_DIR}, else in
 * {@code /dev/shm}. A kernel lock shows that the relay is alive. Safe for any thread; each row is for one thread.
 */
public final class StatusPage implements AutoCloseable {
    private static final int PERMISSIONS = 0644;
    private static final int ATTEMPTS = 5000;
    private static final long PAUSE_NS = 1_000_000;
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final Path path;
    private final FileLock lock;
    private final Arena arena;
    private final MemorySegment page;
    private boolean closed;

    private StatusPage(Path path, FileLock lock, Arena arena, MemorySegment page) {
        this.path = path;
        this.lock = lock;
        this.arena = arena;
        this.page = page;
    }

    /**
     * Creates the page of this process.
     *
     * @param title what the relay does, for people
     * @throws ShmException if it cannot be created, or this process has one already
     */
    public static StatusPage create(String title) {
        Path path = PageLayout.path(OwnProcess.PID);
        PageLayout.pages().stream()
                .filter(page -> !Processes.isAlive(PageLayout.pid(page)))
                .forEach(StatusPage::removeDead);
        removeStale(path);
        FileLock lock = locked(path);
        Arena arena = Arena.ofShared();
        Optional<StatusPage> created = Optional.empty();
        try {
            MemorySegment page = map(path, arena);
            fill(page, title);
            Faults.poll();
            created = Optional.of(new StatusPage(path, lock, arena, page));
            return created.get();
        } catch (InternalError e) {
            throw truncated(path, e);
        } finally {
            if (created.isEmpty()) {
                remove(path, lock, arena);
            }
        }
    }

    private static MemorySegment map(Path path, Arena arena) {
        MappedFile file = MappedFile.readWrite(path, arena);
        if (file.byteSize() < PageLayout.BYTES) {
            throw truncated(path, null);
        }
        return file.segment();
    }

    private static void fill(MemorySegment page, String title) {
        page.set(ValueLayout.JAVA_INT, PageLayout.VERSION_AT, PageLayout.VERSION);
        page.set(ValueLayout.JAVA_INT, PageLayout.PID_AT, OwnProcess.PID);
        page.set(ValueLayout.JAVA_LONG, PageLayout.STARTED_AT, Clocks.realtimeNs());
        FixedText.set(page, PageLayout.TITLE_AT, PageLayout.TITLE_BYTES, title);
        LONG.setRelease(page, PageLayout.MAGIC_AT, PageLayout.MAGIC);
    }

    private static IncompatibleException truncated(Path path, InternalError fault) {
        return new IncompatibleException(
                "cannot create the page " + FileNames.text(path)
                        + ": another process truncated it; start the relay again",
                fault);
    }

    private static void remove(Path path, FileLock lock, Arena arena) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // The lock is released, so readers see that the relay has ended.
        } finally {
            lock.close();
            Arenas.close(arena);
        }
    }

    /**
     * Creates the file of the page and locks it. In another process namespace this process does not exist, so a relay
     * there can remove the page until it is locked.
     */
    private static FileLock locked(Path path) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try (UnlinkedFile file = UnlinkedFile.in(path, Permissions.withUmask(PERMISSIONS))) {
                file.reserve(PageLayout.BYTES);
                file.link();
                FileLock lock = FileLock.tryExclusive(path);
                if (lock != null && isOnFileAt(path, lock)) {
                    return lock;
                }
            } catch (NotFoundException | AlreadyExistsException e) {
                // removed just now, or not yet
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        throw busy(path);
    }

    /** Whether a lock is on the file that has the name now. Else closes it. */
    private static boolean isOnFileAt(Path path, FileLock lock) {
        boolean isOn = false;
        try {
            FileId found = FileId.ofOrNull(path);
            isOn = found != null && lock.isOn(found);
            return isOn;
        } finally {
            if (!isOn) {
                lock.close();
            }
        }
    }

    /** The directory of the pages of all relays. */
    public static Path directory() {
        return PageLayout.directory();
    }

    /** Removes the page of a relay that was killed, if this user may. */
    static void removeDead(Path path) {
        try (FileLock lock = FileLock.tryExclusive(path)) {
            if (lock != null) {
                removeLocked(path, lock);
            }
        } catch (ShmException | IOException e) {
            // It is gone, or belongs to another user.
        }
    }

    /** Removes the page of a killed relay that had the same process id. */
    private static void removeStale(Path path) {
        try (FileLock lock = FileLock.tryExclusive(path)) {
            if (lock == null) {
                throw busy(path);
            }
            removeLocked(path, lock);
        } catch (NotFoundException e) {
            // there is none
        } catch (IOException e) {
            throw new ShmException("cannot remove the old page " + FileNames.text(path) + ": " + e.getMessage(), e);
        }
    }

    /** Another process may have replaced the file before it was locked: then the name is no longer that of this file. */
    private static void removeLocked(Path path, FileLock lock) throws IOException {
        FileId found = FileId.ofOrNull(path);
        if (found != null && lock.isOn(found)) {
            Files.deleteIfExists(path);
        }
    }

    private static BusyException busy(Path path) {
        return new BusyException("the page " + FileNames.text(path)
                + " is in use: this process runs a relay already, or one with the same process id runs in another"
                + " container: use that relay, or set another SHMRT_RELAY_DIR");
    }

    /**
     * Takes a free row.
     *
     * @param name the stream
     * @param peer the other machine
     * @param transport how the frames travel, for people
     * @return the row; if all are in use, or the page was truncated, one that nobody sees
     */
    public synchronized StatusRow row(RowRole role, String name, String peer, String transport) {
        MemorySegment row;
        try {
            row = freeRow();
            describe(row, role, name, peer, transport);
            Faults.poll();
        } catch (InternalError e) {
            row = unseenRow();
            describe(row, role, name, peer, transport);
        }
        StatusRow taken = new StatusRow(row);
        taken.state(RowState.CONNECTING, "");
        return taken;
    }

    private static void describe(MemorySegment row, RowRole role, String name, String peer, String transport) {
        FixedText.set(row, PageLayout.NAME_AT, PageLayout.NAME_BYTES, name);
        FixedText.set(row, PageLayout.PEER_AT, PageLayout.PEER_BYTES, peer);
        FixedText.set(row, PageLayout.TRANSPORT_AT, PageLayout.TRANSPORT_BYTES, transport);
        row.set(ValueLayout.JAVA_INT, PageLayout.ROLE_AT, role.ordinal());
    }

    private MemorySegment freeRow() {
        for (int i = 0; !closed && i < PageLayout.ROWS; i++) {
            MemorySegment row = page.asSlice(PageLayout.rowAt(i), PageLayout.ROW_BYTES);
            if ((int) INT.getAcquire(row, PageLayout.STATE_AT) == RowState.FREE.ordinal()) {
                return row.fill((byte) 0);
            }
        }
        return unseenRow();
    }

    private static MemorySegment unseenRow() {
        return Arena.ofAuto().allocate(PageLayout.ROW_BYTES, Long.BYTES);
    }

    /** Counts a connection that was refused. */
    public synchronized void countRefused() {
        if (closed) {
            return;
        }
        try {
            page.set(
                    ValueLayout.JAVA_LONG,
                    PageLayout.REFUSED_AT,
                    page.get(ValueLayout.JAVA_LONG, PageLayout.REFUSED_AT) + 1);
            Faults.poll();
        } catch (InternalError e) {
            // truncated: nobody sees the number
        }
    }

    /** The file of the page. */
    public Path path() {
        return path;
    }

    /** Removes the page. Rows must not be used any more. Closing twice is harmless. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        remove(path, lock, arena);
    }
}

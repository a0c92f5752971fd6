package org.shmrt.telemetry;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Clocks;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.UnlinkedFile;
import org.shmrt.text.FileNames;
import org.shmrt.text.FixedText;

/**
 * A page that this process writes. A kernel lock shows that the process is alive; the page of a killed process is taken
 * over by the next one that creates a page of the same name.
 */
final class OwnedPage implements AutoCloseable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final VarHandle MAGIC = LONG.varHandle();
    private static final int PERMISSIONS = 0664;
    private static final int ATTEMPTS = 10;

    private final PageKind kind;
    private final Path path;
    private final FileLock lock;
    private final Arena arena;
    private final MemorySegment segment;
    private boolean closed;

    private OwnedPage(PageKind kind, Path path, FileLock lock, Arena arena, MemorySegment segment) {
        this.kind = kind;
        this.path = path;
        this.lock = lock;
        this.arena = arena;
        this.segment = segment;
    }

    /**
     * Creates a page, or takes over the page of a killed process.
     *
     * @param advice what to do if a process that is alive has the page, for the message
     * @param content stores the first content in the page, which is zero except for the common words; others read the
     *     page afterwards
     * @throws BusyException if a process that is alive has it
     * @throws IncompatibleException if another process truncated it
     */
    static OwnedPage create(PageKind kind, String name, String advice, Consumer<MemorySegment> content) {
        Path path = kind.path(name);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<OwnedPage> page = tryOpen(kind, name, path, advice);
            if (page.isPresent()) {
                page.get().begin(name, content);
                return page.get();
            }
            tryCreate(path, kind.bytes());
        }
        throw new BusyException("cannot create the page " + FileNames.text(path) + " of the " + kind.noun() + " " + name
                + ": another program keeps creating and removing it");
    }

    /** The existing page, locked; empty if there is none of this version any more. */
    private static Optional<OwnedPage> tryOpen(PageKind kind, String name, Path path, String advice) {
        FileLock lock;
        try {
            lock = FileLock.tryExclusive(path);
        } catch (NotFoundException e) {
            return Optional.empty();
        }
        if (lock == null) {
            throw new BusyException("the " + kind.noun() + " " + name + " is running already: "
                    + FileLock.ownerText(path) + " holds " + FileNames.text(path) + "; " + advice);
        }
        Arena arena = Arena.ofShared();
        try {
            if (!removeIfEmpty(path, lock)) {
                MappedFile file = MappedFile.readWrite(path, arena);
                if (lock.isOn(file.id()) && file.byteSize() == kind.bytes()) {
                    return Optional.of(new OwnedPage(kind, path, lock, arena, file.segment()));
                }
                if (lock.isOn(file.id())) {
                    remove(path); // the page of another version, which nobody uses
                }
            }
        } catch (RuntimeException | Error e) {
            arena.close();
            lock.close();
            throw e;
        }
        arena.close();
        lock.close();
        return Optional.empty();
    }

    /**
     * Removes the page if it is empty, and returns whether it was. A page is empty if another process truncates it and
     * its owner is then killed. An empty file cannot be mapped.
     */
    private static boolean removeIfEmpty(Path path, FileLock lock) {
        FileId found = FileId.ofOrNull(path);
        boolean isEmpty = found != null && found.regular() && found.byteSize() == 0 && lock.isOn(found);
        if (isEmpty) {
            remove(path);
        }
        return isEmpty;
    }

    private static void tryCreate(Path path, long bytes) {
        try (UnlinkedFile file = UnlinkedFile.in(path, Permissions.withUmask(PERMISSIONS))) {
            file.reserve(bytes);
            file.link();
        } catch (AlreadyExistsException e) {
            // created at the same time by another process: the next attempt opens it
        }
    }

    private void begin(String name, Consumer<MemorySegment> content) {
        boolean complete = false;
        try {
            reset(name);
            content.accept(segment);
            MAGIC.setRelease(segment, PageKind.MAGIC_AT, kind.magic());
            Faults.poll();
            complete = true;
        } catch (InternalError e) {
            throw new IncompatibleException(
                    "cannot create the page " + FileNames.text(path) + " of the " + kind.noun() + " " + name
                            + ": another process truncated it; create it again",
                    e);
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    private void reset(String name) {
        segment.set(LONG, PageKind.MAGIC_AT, 0);
        VarHandle.fullFence();
        segment.asSlice(Long.BYTES).fill((byte) 0);
        segment.set(INT, PageKind.VERSION_AT, kind.version());
        segment.set(INT, PageKind.PID_AT, OwnProcess.PID);
        segment.set(LONG, PageKind.STARTED_AT, Clocks.realtimeNs());
        FixedText.set(segment, PageKind.NAME_AT, PageKind.NAME_BYTES, name);
    }

    MemorySegment segment() {
        return segment;
    }

    /** The exception for a fault of an access to the page. */
    IncompatibleException truncated(InternalError fault) {
        String noun = kind.noun();
        return new IncompatibleException(
                "the page " + FileNames.text(path) + " of the " + noun + " was truncated by another process: close the "
                        + noun + " and create it again",
                fault);
    }

    Path path() {
        return path;
    }

    /** Removes the page. Closing twice is harmless. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            remove(path);
        } finally {
            lock.close();
            arena.close();
        }
    }

    static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new ShmException("cannot remove the page " + FileNames.text(path) + ": " + e.getMessage(), e);
        }
    }
}

package org.shmrt.telemetry;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.MappedFile;

/**
 * Reads the page of a loop from any process, and sends commands to the loop. Reading changes nothing and does not
 * disturb the loop. Safe for any thread.
 */
public final class LoopTelemetry implements AutoCloseable {
    private static final VarHandle COUNT = ValueLayout.JAVA_LONG.varHandle();

    private final String name;
    private final Path path;
    private final Arena arena = Arena.ofShared();
    private final MappedFile file;

    private LoopTelemetry(String name) {
        this.name = name;
        path = PageLayout.path(name);
        try {
            file = map();
            requirePage();
        } catch (ShmException e) {
            arena.close();
            throw e;
        }
    }

    private MappedFile map() {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw notReadable("it is not a file");
        }
        try {
            return MappedFile.readOnly(path, arena);
        } catch (NotFoundException e) {
            List<String> names = names();
            throw new NotFoundException("there is no loop " + name + ": " + path + " does not exist; "
                    + (names.isEmpty() ? "no loop has a page there" : "the loops are " + String.join(", ", names)));
        }
    }

    private void requirePage() {
        MemorySegment page = file.segment();
        // The writer stores the magic number last.
        long magic =
                file.byteSize() < PageLayout.HISTOGRAMS_AT ? -1 : page.get(ValueLayout.JAVA_LONG, PageLayout.MAGIC_AT);
        if (magic == 0 && file.byteSize() == PageLayout.BYTES) {
            throw new NotFoundException("the loop " + name + " is under construction: repeat the command");
        }
        if (magic != PageLayout.MAGIC) {
            throw notReadable("it does not begin like one");
        }
        int version = page.get(ValueLayout.JAVA_INT, PageLayout.VERSION_AT);
        if (version != PageLayout.VERSION) {
            throw notReadable("it has version " + version + ", and this program reads " + PageLayout.VERSION);
        }
        if (file.byteSize() != PageLayout.BYTES) {
            throw notReadable("it has " + file.byteSize() + " bytes instead of " + PageLayout.BYTES);
        }
    }

    private IncompatibleException notReadable(String reason) {
        return new IncompatibleException(path + " is not the page of a loop of this version of ShmRT: " + reason
                + "; restart the loop with this version, or remove " + path + " if no loop uses it");
    }

    /**
     * Opens the page of a loop. Needs read permission on it.
     *
     * @param name the name of the loop
     * @return its page
     * @throws NotFoundException if there is no such loop
     * @throws IncompatibleException if the page is of another version
     */
    public static LoopTelemetry open(String name) {
        return new LoopTelemetry(name);
    }

    /**
     * The names of all loops that have a page, also of killed ones.
     *
     * @return the names in alphabetical order
     */
    public static List<String> names() {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> pages =
                Files.newDirectoryStream(PageLayout.directory(), PageLayout.PREFIX + "[A-Za-z0-9_]*")) {
            for (Path page : pages) {
                String name = page.getFileName().toString().substring(PageLayout.PREFIX.length());
                if (PageLayout.isName(name) && Files.exists(page)) {
                    names.add(name);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of(); // no directory, no loops
        }
        Collections.sort(names);
        return names;
    }

    /**
     * Removes the page that a killed loop has left, if it exists.
     *
     * @param name the name of the loop
     * @throws BusyException if the loop is alive
     * @throws ShmException if this user may not remove it
     */
    public static void remove(String name) {
        Path page = PageLayout.path(name);
        try (FileLock lock = FileLock.tryExclusive(page)) {
            if (lock == null) {
                throw new BusyException("the page " + page + " belongs to a running loop: stop it (shm loop stop "
                        + name + "), and it removes its page itself");
            }
            TelemetryWriter.remove(page);
        } catch (NotFoundException e) {
            // there is none
        }
    }

    /**
     * What the page shows now.
     *
     * @return a copy
     * @throws IncompatibleException if another process truncated the page or overwrote it with impossible values
     */
    public LoopSnapshot snapshot() {
        MemorySegment copy = Arena.ofAuto().allocate(PageLayout.BYTES, Long.BYTES);
        try {
            copy.copyFrom(file.segment());
            Faults.poll();
        } catch (InternalError e) {
            throw truncated(e);
        }
        LoopSnapshot snapshot = new LoopSnapshot(name, copy, FileLock.isHeld(path, file.id()));
        if (snapshot.isDamaged()) {
            throw new IncompatibleException("the page " + path + " has impossible values: another program overwrote it;"
                    + " restart the loop, or remove the file if no loop uses it");
        }
        return snapshot;
    }

    /**
     * One counter, read without a copy of the page. Does not allocate.
     *
     * @param counter which
     * @return its value now
     * @throws IncompatibleException if another process truncated the page
     */
    public long count(LoopCounter counter) {
        try {
            long value = (long) COUNT.getAcquire(file.segment(), PageLayout.counterAt(counter));
            Faults.poll();
            return value;
        } catch (InternalError e) {
            throw truncated(e);
        }
    }

    private IncompatibleException truncated(InternalError e) {
        return new IncompatibleException("the page " + path + " was truncated by another process", e);
    }

    /**
     * Sends a command to the loop, which obeys it between two steps. Needs write permission on the page.
     *
     * @param command the command
     * @throws org.shmrt.error.AccessDeniedException if this user may not write the page
     * @throws NotFoundException if the loop is not running any more
     */
    public void send(LoopCommand command) {
        if (!FileLock.isHeld(path, file.id())) {
            throw new NotFoundException(
                    "the loop " + name + " is not running: its process has ended; start it again, its" + " page " + path
                            + " will be used by the new one");
        }
        try (Arena writing = Arena.ofConfined()) {
            MappedFile page = MappedFile.readWrite(path, writing);
            if (!page.id().isSameFile(file.id())) {
                throw new NotFoundException(
                        "the loop " + name + " was started again in the meantime: repeat the command");
            }
            ValueLayout.JAVA_INT.varHandle().setRelease(page.segment(), PageLayout.COMMAND_AT, command.ordinal());
        }
    }

    /** Unmaps the page. Snapshots remain usable. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}

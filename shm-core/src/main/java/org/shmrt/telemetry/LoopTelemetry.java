package org.shmrt.telemetry;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.MappedFile;
import org.shmrt.text.FileNames;

/**
 * Reads the page of a loop from any process, and sends commands to the loop. Reading changes nothing and does not
 * disturb the loop. Safe for any thread.
 */
public final class LoopTelemetry implements AutoCloseable {
    private static final VarHandle COUNT = ValueLayout.JAVA_LONG.varHandle();

    private final PageView view;

    private LoopTelemetry(String name) {
        view = new PageView(PageKind.LOOP, name);
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
        return PageView.names(PageKind.LOOP);
    }

    /**
     * Removes the page that a killed loop has left, if it exists.
     *
     * @param name the name of the loop
     * @throws BusyException if the loop is alive
     * @throws ShmException if this user may not remove it
     */
    public static void remove(String name) {
        PageView.remove(PageKind.LOOP, name, "stop it (shm loop stop " + name + ")");
    }

    /**
     * What the page shows now.
     *
     * @return a copy
     * @throws IncompatibleException if another process truncated the page or overwrote it with impossible values
     */
    public LoopSnapshot snapshot() {
        LoopSnapshot snapshot = new LoopSnapshot(view.name(), view.copy(), view.isAlive());
        if (snapshot.isDamaged()) {
            throw view.damaged();
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
            long value = (long) COUNT.getAcquire(view.segment(), PageLayout.counterAt(counter));
            Faults.poll();
            return value;
        } catch (InternalError e) {
            throw view.truncated(e);
        }
    }

    /**
     * Sends a command to the loop, which obeys it between two steps. Needs write permission on the page.
     *
     * @param command the command
     * @throws org.shmrt.error.AccessDeniedException if this user may not write the page
     * @throws NotFoundException if the loop is not running any more
     * @throws org.shmrt.error.IncompatibleException if another process truncated the page
     */
    public void send(LoopCommand command) {
        if (!view.isAlive()) {
            throw new NotFoundException(
                    "the loop " + view.name() + " is not running: its process has ended; start it again, its page "
                            + FileNames.text(view.path()) + " will be used by the new one");
        }
        try (Arena writing = Arena.ofConfined()) {
            MappedFile page = MappedFile.readWrite(view.path(), writing);
            if (!page.id().isSameFile(view.id())) {
                throw new NotFoundException(
                        "the loop " + view.name() + " was started again in the meantime: repeat the command");
            }
            if (page.byteSize() != view.segment().byteSize()) {
                throw view.truncated(null);
            }
            ValueLayout.JAVA_INT.varHandle().setRelease(page.segment(), PageLayout.COMMAND_AT, command.ordinal());
            Faults.poll();
        } catch (InternalError e) {
            throw view.truncated(e);
        }
    }

    /** Unmaps the page. Snapshots remain usable. */
    @Override
    public void close() {
        view.close();
    }
}

package org.shmrt.record.service;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.posix.MappedFile;
import org.shmrt.text.FileNames;

/** Reads the page of a recording service from any process, and sends commands to it. Safe for any thread. */
public final class RecorderControl implements AutoCloseable {
    private final String name;
    private final Arena arena = Arena.ofShared();
    private final MappedFile file;

    private RecorderControl(String name) {
        this.name = name;
        try {
            file = map();
        } catch (InternalError e) {
            arena.close();
            throw truncated(e);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private MappedFile map() {
        MappedFile mapped;
        try {
            mapped = MappedFile.readOnly(ServicePage.path(name), arena);
        } catch (NotFoundException e) {
            throw new NotFoundException(
                    "there is no recording service " + name + ": " + FileNames.text(ServicePage.path(name))
                            + " does not exist; start it with shm record --service " + name);
        }
        long magic = mapped.byteSize() == ServicePage.BYTES
                ? mapped.segment().get(ValueLayout.JAVA_LONG, ServicePage.MAGIC_AT)
                : -1;
        if (magic != ServicePage.MAGIC
                || mapped.segment().get(ValueLayout.JAVA_INT, ServicePage.VERSION_AT) != ServicePage.VERSION) {
            throw new IncompatibleException(FileNames.text(ServicePage.path(name))
                    + " is not the page of a recording service of this version of ShmRT: restart the service");
        }
        Faults.poll();
        return mapped;
    }

    /** The exception for a truncated page. The fault is null if the size shows it. */
    private IncompatibleException truncated(InternalError fault) {
        return new IncompatibleException(
                "the page " + FileNames.text(ServicePage.path(name)) + " was truncated by another process", fault);
    }

    /**
     * Opens the page of a service. Needs read permission on it.
     *
     * @param name name of the service
     * @return its page
     * @throws NotFoundException if there is no such service
     * @throws IncompatibleException if the page is of another version
     */
    public static RecorderControl open(String name) {
        return new RecorderControl(name);
    }

    /**
     * What the page shows now.
     *
     * @return a copy
     * @throws IncompatibleException if another process truncated the page
     */
    public ServiceStatus status() {
        try {
            MemorySegment copy = Arena.ofAuto().allocate(ServicePage.BYTES, Long.BYTES);
            GuardedCopy.copy(file.segment(), 0, copy, 0, copy.byteSize());
            Faults.poll();
            return ServicePage.status(name, copy, FileLock.isHeld(ServicePage.path(name), file.id()));
        } catch (InternalError e) {
            throw truncated(e);
        }
    }

    /**
     * Lets the service record. It obeys within a tenth of a second. Needs write permission on the page.
     *
     * @throws NotFoundException if the service is not running any more
     * @throws IncompatibleException if another process truncated the page
     */
    public void start() {
        send(ServicePage.START);
    }

    /**
     * Lets the service end its recording. Its files are complete when its state is {@link ServiceState#STANDBY}.
     *
     * @throws NotFoundException if the service is not running any more
     * @throws IncompatibleException if another process truncated the page
     */
    public void stop() {
        send(ServicePage.STOP);
    }

    private void send(int command) {
        if (!FileLock.isHeld(ServicePage.path(name), file.id())) {
            throw new NotFoundException(
                    "the recording service " + name + " is not running: its process has ended; start it again");
        }
        try (Arena writing = Arena.ofConfined()) {
            MappedFile page = MappedFile.readWrite(ServicePage.path(name), writing);
            if (!page.id().isSameFile(file.id())) {
                throw new NotFoundException(
                        "the recording service " + name + " was started again in the meantime: repeat the command");
            }
            if (page.byteSize() != ServicePage.BYTES) {
                throw truncated(null);
            }
            ServicePage.word(page.segment(), ServicePage.COMMAND_AT, command);
            Faults.poll();
        } catch (InternalError e) {
            throw truncated(e);
        }
    }

    /** Unmaps the page. Closing twice is harmless. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}

package org.shmrt.record.service;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Clocks;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.UnlinkedFile;
import org.shmrt.record.Recorder;
import org.shmrt.record.RecorderBuilder;
import org.shmrt.record.RecorderStatus;
import org.shmrt.record.StreamTotals;
import org.shmrt.text.FileNames;
import org.shmrt.text.FixedText;

/**
 * A recorder that other processes start and stop by its name: {@code shm record start NAME}. Its page shows what it does;
 * {@link RecorderControl} reads it. For one thread.
 */
public final class RecorderService implements AutoCloseable {
    private static final int ATTEMPTS = 10;
    private static final int PERMISSIONS = 0664;
    private static final long POLL_MS = 100;

    /** What a service does when it begins. */
    public enum Beginning {
        /** It records. */
        RECORDING,
        /** It waits for the command to start. */
        STANDBY
    }

    private final RecorderBuilder plan;
    private final Path path;
    private final FileLock lock;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment page;
    private Optional<Recorder> recorder = Optional.empty();
    private boolean closed;

    /**
     * Creates the page of a service, or takes over that of a killed one.
     *
     * @param name name of the service: letters, digits, {@code _}, {@code -} and {@code .}
     * @param plan settings of the recorder, used for each recording
     * @param beginning what it does first
     * @throws BusyException if a service of this name runs
     * @throws IllegalArgumentException if the name is not valid
     */
    public RecorderService(String name, RecorderBuilder plan, Beginning beginning) {
        this.plan = plan;
        path = ServicePage.path(name);
        boolean made = false;
        try {
            Held held = hold(name, beginning);
            lock = held.lock;
            page = held.page;
            made = true;
        } catch (InternalError e) {
            throw new IncompatibleException(
                    "cannot create the page " + FileNames.text(path)
                            + ": another process truncated it; start the service again",
                    e);
        } finally {
            if (!made) {
                arena.close();
            }
        }
    }

    private void fill(MemorySegment into, Beginning beginning) {
        into.asSlice(ServicePage.COMMAND_AT).fill((byte) 0);
        into.set(ValueLayout.JAVA_INT, ServicePage.VERSION_AT, ServicePage.VERSION);
        into.set(ValueLayout.JAVA_INT, ServicePage.PID_AT, OwnProcess.PID);
        FixedText.set(
                into,
                ServicePage.DIRECTORY_AT,
                ServicePage.DIRECTORY_BYTES,
                FileNames.text(plan.directory().toAbsolutePath()));
        int first = beginning == Beginning.RECORDING ? ServicePage.START : ServicePage.STOP;
        ServicePage.word(into, ServicePage.COMMAND_AT, first);
        ServicePage.number(into, ServicePage.MAGIC_AT, ServicePage.MAGIC);
    }

    /** The page, locked. */
    private record Held(FileLock lock, MemorySegment page) {}

    private Held hold(String name, Beginning beginning) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            create(beginning);
            Optional<FileLock> acquired = acquire(name);
            if (acquired.isPresent()) {
                Optional<MemorySegment> taken = takeOver(acquired.get(), beginning);
                if (taken.isPresent()) {
                    return new Held(acquired.get(), taken.get());
                }
            }
        }
        throw new BusyException(
                "cannot create the page " + FileNames.text(path) + ": another program keeps replacing it");
    }

    /** Maps the page and fills it: that of a killed service may have had another plan. Else closes the lock. */
    private Optional<MemorySegment> takeOver(FileLock acquired, Beginning beginning) {
        boolean taken = false;
        boolean isOurs = false;
        try {
            MappedFile file = MappedFile.readWrite(path, arena);
            isOurs = acquired.isOn(file.id());
            if (isOurs && file.byteSize() == ServicePage.BYTES) {
                fill(file.segment(), beginning);
                Faults.poll();
                taken = true;
                return Optional.of(file.segment());
            }
            return Optional.empty();
        } finally {
            if (!taken) {
                try (acquired) {
                    if (isOurs) {
                        remove(); // truncated, or of another version, and nobody uses it
                    }
                }
            }
        }
    }

    private void remove() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new ShmException("cannot remove the page " + FileNames.text(path) + ": " + e.getMessage(), e);
        }
    }

    /** Creates the page, complete before others can open it. */
    private void create(Beginning beginning) {
        try (UnlinkedFile file = UnlinkedFile.in(path, Permissions.withUmask(PERMISSIONS));
                Arena writing = Arena.ofConfined()) {
            file.reserve(ServicePage.BYTES);
            fill(file.map(ServicePage.BYTES, writing), beginning);
            file.link();
        } catch (AlreadyExistsException e) {
            // the page of another service, perhaps of a killed one
        }
    }

    private Optional<FileLock> acquire(String name) {
        FileLock held;
        try {
            held = FileLock.tryExclusive(path);
        } catch (NotFoundException e) {
            return Optional.empty(); // removed since
        }
        if (held == null) {
            throw new BusyException("the recording service " + name + " is running already: " + FileLock.ownerText(path)
                    + " holds " + FileNames.text(path) + "; stop that process, or use another name");
        }
        return Optional.of(held);
    }

    /**
     * Obeys the commands until the thread is interrupted.
     *
     * @param ended receives the totals of each recording that has ended
     * @throws InterruptedException at the end; {@link #close} ends the recording
     * @throws IncompatibleException if another process truncated the page; {@link #close} ends the recording
     * @throws ShmException if a recording cannot be started
     */
    public void run(Consumer<RecorderStatus> ended) throws InterruptedException {
        while (true) {
            int command = command();
            if (command == ServicePage.START && recorder.isEmpty()) {
                recorder = Optional.of(plan.start());
                Faults.unlessTruncated(() -> ServicePage.number(page, ServicePage.STARTED_AT, Clocks.realtimeNs()));
                show(ServiceState.RECORDING);
            } else if (recorder.isPresent()
                    && (command != ServicePage.START || recorder.get().isEnded())) {
                end(ended);
            } else {
                show(recorder.isPresent() ? ServiceState.RECORDING : ServiceState.STANDBY);
            }
            Thread.sleep(POLL_MS);
        }
    }

    private int command() {
        try {
            int command = ServicePage.word(page, ServicePage.COMMAND_AT);
            Faults.poll();
            return command;
        } catch (InternalError e) {
            throw new IncompatibleException(
                    "the page " + FileNames.text(path)
                            + " was truncated by another process, so no command arrives: start the service again",
                    e);
        }
    }

    /**
     * Ends the recording that runs, if there is one.
     *
     * @param ended receives its totals
     */
    public void end(Consumer<RecorderStatus> ended) {
        if (recorder.isPresent()) {
            Recorder ending = recorder.get();
            try {
                show(ServiceState.STOPPING);
            } finally {
                ending.close();
            }
            show(ServiceState.STANDBY);
            Faults.unlessTruncated(() -> ServicePage.word(page, ServicePage.COMMAND_AT, ServicePage.STOP));
            recorder = Optional.empty();
            ended.accept(ending.status());
        }
    }

    /** The recording goes on, or ends in order, without a page: {@link #command} reports that there is none. */
    private void show(ServiceState state) {
        Faults.unlessTruncated(() -> store(state));
    }

    private void store(ServiceState state) {
        if (recorder.isPresent()) {
            RecorderStatus status = recorder.get().status();
            ServicePage.number(page, ServicePage.RECORDED_AT, status.recorded());
            ServicePage.number(page, ServicePage.LOST_AT, status.lost());
            ServicePage.number(page, ServicePage.BUFFERED_AT, sum(status, StreamTotals::buffered));
            ServicePage.number(page, ServicePage.BYTES_AT, sum(status, StreamTotals::bytes));
            ServicePage.number(page, ServicePage.FINDINGS_AT, status.findings().size());
            FixedText.set(
                    page,
                    ServicePage.FINDING_AT,
                    ServicePage.FINDING_BYTES,
                    status.findings().isEmpty() ? "" : status.findings().getFirst());
        }
        ServicePage.word(page, ServicePage.STATE_AT, state.ordinal());
    }

    private static long sum(RecorderStatus status, ToLongFunction<StreamTotals> total) {
        return status.streams().stream().mapToLong(total).sum();
    }

    /** Ends the recording and removes the page. Closing twice is harmless. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            end(status -> {});
        } finally {
            try {
                remove();
            } finally {
                lock.close();
                arena.close();
            }
        }
    }
}

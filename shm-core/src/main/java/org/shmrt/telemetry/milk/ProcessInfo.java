package org.shmrt.telemetry.milk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Clocks;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.UnlinkedFile;
import org.shmrt.text.FileNames;
import org.shmrt.text.FixedText;

/**
 * The processinfo of one loop. milk's control programs list it, show its times, and pause, step and stop it. For the
 * loop's thread; {@link #step} and {@link #control} do not allocate. Linux pids: a control program in another pid
 * namespace shows the loop as crashed. If another process truncates the file, a call except {@link #close()} may raise an
 * {@link InternalError}.
 */
public final class ProcessInfo implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final VarHandle WORD = INT.varHandle();
    private static final VarHandle COUNT = LONG.varHandle();
    private static final int ENTRIES = 50_000;
    private static final long LIST_BYTES = 4_800_000;
    private static final long ACTIVE_AT = 200_000;
    private static final long NAMES_AT = 400_000;
    private static final long TIMES_AT = 4_400_000;
    private static final int NAME_BYTES = 80;
    private static final int TEXT_BYTES = 200;
    private static final int PERMISSIONS = 0666;
    private static final int RING = 100;
    private static final int TIMESPEC = 16;
    private static final long NS_PER_S = 1_000_000_000L;

    private static final int SOURCE_FUNCTION = 80;
    private static final int PID = 484;
    private static final int CREATED = 488;
    private static final int LOOP_COUNT = 504;
    private static final int LOOP_MAX = 512;
    private static final int CONTROL = 520;
    private static final int TMUX = 524;
    private static final int TMUX_BYTES = 100;
    private static final int LOOP_STATE = 624;
    private static final int MESSAGE = 628;
    private static final int TRIGGER_MODE = 832;
    private static final int TRIGGER_ID = 840;
    private static final int TRIGGER_NAME = 856;
    private static final int MISSED = 992;
    private static final int MISSED_TOTAL = 1000;
    private static final int RT_PRIORITY = 1012;
    private static final int CPU_MASK = 1016;
    private static final int MEASURES = 1144;
    private static final int TIMER_INDEX = 1148;
    private static final int TIMER_TURNS = 1152;
    private static final int STARTS = 1160;
    private static final int ENDS = 2760;
    private static final int DESCRIPTION = 4424;

    /** The two layouts that exist; the file has no version. */
    public enum Layout {
        /** 4624 bytes. */
        ORIGINAL(4624, 0, 0),
        /** 4640 bytes: a pointer more in front of the priority. */
        NEWER(4640, 12, 16);

        private final long bytes;
        /** How far the priority is moved, and all that follows it. */
        private final int priorityShift;

        private final int shift;

        Layout(long bytes, int priorityShift, int shift) {
            this.bytes = bytes;
            this.priorityShift = priorityShift;
            this.shift = shift;
        }
    }

    /** What starts the iterations, with milk's numbers. */
    public enum TriggerMode {
        /** Nothing: it runs at once. */
        IMMEDIATE,
        /** The counter cnt0 of a stream. */
        COUNTER_0,
        /** The counter cnt1 of a stream. */
        COUNTER_1,
        /** A semaphore of a stream. */
        SEMAPHORE,
        /** A timer. */
        DELAY
    }

    /** The states of milk that a loop reaches. */
    public enum State {
        /** It starts. */
        INIT,
        /** It runs. */
        RUNNING,
        /** It is paused. */
        PAUSED,
        /** It has ended. */
        STOPPED,
        /** It has failed. */
        ERROR
    }

    /** What a control program asks for. */
    public enum Control {
        /** Run. */
        RUN,
        /** Pause. */
        PAUSE,
        /** One iteration, then pause. */
        STEP,
        /** End. */
        EXIT,
        /** Run without computing. */
        NO_COMPUTE
    }

    /**
     * What does not change while the loop lives.
     *
     * @param name its short name, at most 79 bytes, without {@code /}
     * @param priority its real-time priority, -1 for none
     * @param cpuMask a bit for each of the first 64 processors on which it may run
     * @param triggerMode what starts its iterations
     * @param triggerStream the name of the stream that does; empty if none does
     */
    public record Description(String name, int priority, long cpuMask, TriggerMode triggerMode, String triggerStream) {}

    private static final String LIST = "processinfo.list.shm";
    private static final int LOCK_ATTEMPTS = 500;
    private static final long LOCK_PAUSE_NS = 2_000_000;

    private final Path path;
    private final Layout layout;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment page;
    private final MemorySegment list;
    private final int entry;
    private final long taiOffsetNs = Clocks.taiNs() - System.nanoTime();
    private boolean closed;

    private ProcessInfo(Path directory, Layout layout, Description loop) {
        this.layout = layout;
        path = directory.resolve(String.format(Locale.ROOT, "proc.%s.%06d.shm", loop.name(), OwnProcess.PID));
        boolean made = false;
        try {
            list = list(directory);
            page = page();
            fill(loop);
            entry = register(loop.name());
            Faults.poll();
            made = true;
        } catch (InternalError e) {
            throw new IncompatibleException(
                    "cannot register the loop " + loop.name() + " in " + FileNames.text(directory)
                            + ": another process truncated " + FileNames.text(path) + " or the list of processes",
                    e);
        } finally {
            if (!made) {
                giveUp();
            }
        }
    }

    private void giveUp() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // the failure that is on its way is the one to report
        } finally {
            arena.close();
        }
    }

    /**
     * Registers a loop in milk's directory: {@code $MILK_PROC_DIR}, {@code $MILK_SHM_DIR}, {@code /milk/shm} or
     * {@code /tmp}, the first that exists.
     *
     * @param loop the loop
     * @return its processinfo, in the state {@link State#INIT}
     * @throws BusyException if the list is full
     * @throws IncompatibleException if the list has another size, or another process truncated a file
     */
    public static ProcessInfo create(Description loop) {
        Path directory = directory();
        return create(directory, layoutIn(directory), loop);
    }

    /**
     * Registers a loop.
     *
     * @param directory where the list is, or will be
     * @param layout the layout of the machine's milk
     * @param loop the loop
     * @return its processinfo
     */
    public static ProcessInfo create(Path directory, Layout layout, Description loop) {
        return new ProcessInfo(directory, layout, loop);
    }

    private static Path directory() {
        for (String variable : new String[] {"MILK_PROC_DIR", "MILK_SHM_DIR"}) {
            String value = System.getenv(variable);
            if (value != null && Files.isDirectory(Path.of(value))) {
                return Path.of(value);
            }
        }
        Path usual = Path.of("/milk/shm");
        return Files.isDirectory(usual) ? usual : Path.of("/tmp");
    }

    /** The layout of the files that are there already; the original one if there are none. */
    static Layout layoutIn(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "proc.*.shm")) {
            for (Path file : files) {
                if (Files.size(file) == Layout.NEWER.bytes) {
                    return Layout.NEWER;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // not known
        }
        return Layout.ORIGINAL;
    }

    private MemorySegment list(Path directory) {
        Path file = directory.resolve(LIST);
        if (!Files.exists(file)) {
            create(file, LIST_BYTES);
        }
        return map(file, LIST_BYTES);
    }

    private static void create(Path file, long bytes) {
        try (UnlinkedFile created = UnlinkedFile.in(file, Permissions.exactly(PERMISSIONS))) {
            created.reserve(bytes);
            created.link();
        } catch (AlreadyExistsException e) {
            // another program was faster, or a killed process with this id left it
        }
    }

    private MemorySegment map(Path file, long bytes) {
        MappedFile mapped = MappedFile.readWrite(file, arena);
        if (mapped.byteSize() != bytes) {
            throw new IncompatibleException(
                    FileNames.text(file) + " has " + mapped.byteSize() + " bytes, and processinfo has " + bytes
                            + ": check MILK_PROC_DIR, and whether the file belongs to milk");
        }
        return mapped.segment();
    }

    private MemorySegment page() {
        removeFile(); // of a killed process with the same id and name
        create(path, layout.bytes);
        return map(path, layout.bytes);
    }

    private void fill(Description loop) {
        FixedText.set(page, 0, NAME_BYTES, loop.name());
        FixedText.set(page, SOURCE_FUNCTION, TEXT_BYTES, "org.shmrt.runtime.ControlLoop");
        page.set(INT, PID, OwnProcess.PID);
        time(page, CREATED, Clocks.taiNs());
        page.set(LONG, LOOP_MAX, -1);
        FixedText.set(page, TMUX, TMUX_BYTES, " ");
        page.set(INT, TRIGGER_MODE, loop.triggerMode().ordinal());
        page.set(LONG, TRIGGER_ID, -1);
        FixedText.set(page, TRIGGER_NAME, NAME_BYTES, loop.triggerStream().isEmpty() ? " " : loop.triggerStream());
        page.set(INT, RT_PRIORITY + layout.priorityShift, loop.priority());
        page.set(LONG, CPU_MASK + layout.shift, loop.cpuMask());
        page.set(INT, MEASURES + layout.shift, 1);
        FixedText.set(page, DESCRIPTION + layout.shift, TEXT_BYTES, "ShmRT control loop");
    }

    /** The list has no lock: an entry is taken, and checked afterwards. The check cannot tell loops of one process apart. */
    private int register(String name) {
        synchronized (ProcessInfo.class) {
            // Null if another process keeps it for longer: milk's programs take entries without a lock, too.
            FileLock lock = lockList();
            try {
                for (int i = 0; i < ENTRIES; i++) {
                    if (isFree(i) && isEntered(i, name)) {
                        return i;
                    }
                }
            } finally {
                if (lock != null) {
                    lock.close();
                }
            }
        }
        throw new BusyException("milk's list of processes is full: let milk-procCTRL scan it");
    }

    /** Keeps other processes of ShmRT from taking the same entry. */
    private FileLock lockList() {
        for (int attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
            FileLock lock = FileLock.tryExclusive(path.resolveSibling(LIST));
            if (lock != null) {
                return lock;
            }
            LockSupport.parkNanos(LOCK_PAUSE_NS);
        }
        return null;
    }

    private boolean isFree(int i) {
        int active = (int) WORD.getVolatile(list, activeAt(i));
        Faults.poll();
        return active == 0;
    }

    private boolean isEntered(int i, String name) {
        try {
            // A store: in a truncated list it raises an error, while a compare-and-set would crash the JVM.
            WORD.setVolatile(list, activeAt(i), 1);
            list.set(INT, (long) i * Integer.BYTES, OwnProcess.PID);
            FixedText.set(list, NAMES_AT + (long) i * NAME_BYTES, NAME_BYTES, name);
            list.set(
                    ValueLayout.JAVA_DOUBLE,
                    TIMES_AT + (long) i * Double.BYTES,
                    Clocks.realtimeNs() / (double) NS_PER_S);
            // A scan between the two stores can have looked for a wrong file, and set the entry free again.
            WORD.setVolatile(list, activeAt(i), 1);
            int owner = (int) WORD.getVolatile(list, (long) i * Integer.BYTES);
            Faults.poll();
            return owner == OwnProcess.PID;
        } catch (InternalError e) {
            free(i);
            throw e;
        }
    }

    private void free(int i) {
        try {
            if ((int) WORD.getAcquire(list, (long) i * Integer.BYTES) == OwnProcess.PID) {
                WORD.setRelease(list, activeAt(i), 0);
            }
            Faults.poll();
        } catch (InternalError e) {
            // truncated, and the entry with it
        }
    }

    private static long activeAt(int i) {
        return ACTIVE_AT + (long) i * Integer.BYTES;
    }

    /**
     * Sets the state.
     *
     * @param state the state
     * @param message a sentence
     */
    public void state(State state, String message) {
        FixedText.set(page, MESSAGE, TEXT_BYTES, message);
        WORD.setRelease(page, (long) LOOP_STATE, state.ordinal());
    }

    /**
     * Reports an iteration.
     *
     * @param startNs when its work began, on the clock of {@link System#nanoTime()}
     * @param endNs when it ended
     * @param missed frames that were missed before it
     */
    public void step(long startNs, long endNs, long missed) {
        MemorySegment to = page;
        long shift = layout.shift;
        int index = to.get(INT, TIMER_INDEX + shift) + 1;
        if (index >= RING || index < 0) {
            index = 0;
            to.set(INT, TIMER_TURNS + shift, to.get(INT, TIMER_TURNS + shift) + 1);
        }
        long at = shift + (long) index * TIMESPEC;
        time(to, STARTS + at, startNs + taiOffsetNs);
        time(to, ENDS + at, endNs + taiOffsetNs);
        to.set(INT, MISSED, (int) missed);
        to.set(LONG, MISSED_TOTAL, to.get(LONG, MISSED_TOTAL) + missed);
        WORD.setRelease(to, TIMER_INDEX + shift, index);
        COUNT.setRelease(to, (long) LOOP_COUNT, to.get(LONG, LOOP_COUNT) + 1);
    }

    private static void time(MemorySegment to, long at, long ns) {
        to.set(LONG, at, ns / NS_PER_S);
        to.set(LONG, at + Long.BYTES, ns % NS_PER_S);
    }

    /**
     * What a control program asks for now.
     *
     * @return the request; {@link Control#RUN} for a value that milk does not have
     */
    public Control control() {
        return switch ((int) WORD.getAcquire(page, (long) CONTROL)) {
            case 1 -> Control.PAUSE;
            case 2 -> Control.STEP;
            case 3 -> Control.EXIT;
            case 5 -> Control.NO_COMPUTE;
            default -> Control.RUN;
        };
    }

    /** After a single iteration: pauses, unless a control program has asked for something else. */
    public void stepped() {
        if (control() == Control.STEP) {
            WORD.setRelease(page, (long) CONTROL, 1);
        }
    }

    /**
     * The file of the loop.
     *
     * @return its path
     */
    public Path path() {
        return path;
    }

    /** Removes the file and frees the entry. The state must have been set before. Closing twice is harmless. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            free(entry);
            removeFile();
        } finally {
            arena.close();
        }
    }

    private void removeFile() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new ShmException("cannot remove " + FileNames.text(path) + ": " + e.getMessage(), e);
        }
    }
}

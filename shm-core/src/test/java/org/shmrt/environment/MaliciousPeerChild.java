package org.shmrt.environment;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.shmrt.array.SharedArray;
import org.shmrt.block.BlockInfo;
import org.shmrt.block.ShareableList;
import org.shmrt.error.ShmException;
import org.shmrt.fits.FitsFile;
import org.shmrt.posix.Faults;
import org.shmrt.posix.Processes;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.inspect.StreamInspector;
import org.shmrt.stream.inspect.StreamRepair;
import org.shmrt.testing.ChildJvm;

/**
 * Uses an object that another process keeps corrupting: opens, reads, writes, waits, lists and inspects, repeatedly.
 * Every use must end in time, either normally or with a ShmRT exception. Prints how many did which.
 *
 * <p>Arguments: {@code SCENARIO PATH MILLISECONDS MIN_REFUSALS}. It runs for at least that time, and longer on a busy
 * machine: until a use has succeeded and that many were refused.
 */
public final class MaliciousPeerChild {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final long MS = 1_000_000L;
    private static final long SECOND = 1_000 * MS;
    /** CPU time that a use may take beyond its timeout; a use that loops exceeds it on any machine. */
    private static final long GRACE_CPU_NS = SECOND;
    /** The same for each process of the machine, whose list of mappings a use may read. */
    private static final long CPU_PER_PROCESS_NS = 20 * MS;
    /** Time that a use may take beyond its timeout; a use that is blocked forever exceeds it, a slow machine does not. */
    private static final long GRACE_NS = 60 * SECOND;

    private static final long MAX_EXTENSION_NS = 60 * SECOND;

    private final Path path;
    private final Random random = new Random(7);
    private final Thread user = Thread.currentThread();
    private long succeeded;
    private long refused;
    private volatile Deadline deadline;

    /** What the main thread is doing, and when it must have ended by the clock and by the thread's CPU time. */
    private record Deadline(String use, long clockNs, long cpuNs) {}

    private MaliciousPeerChild(Path path) {
        this.path = path;
    }

    /** Starts it in another JVM. */
    static ChildProcess start(String scenario, Path path, long ms, long minRefusals) {
        List<String> flags = new ArrayList<>(ChildJvm.NO_CRASH_FILES);
        flags.addAll(List.of(
                "-XX:+UseSerialGC", "-Xmx128m", "-XX:MaxDirectMemorySize=128m", "--enable-native-access=ALL-UNNAMED"));
        return ChildProcess.start(ChildJvm.command(
                flags,
                MaliciousPeerChild.class,
                scenario,
                path.toString(),
                Long.toString(ms),
                Long.toString(minRefusals)));
    }

    public static void main(String[] arguments) {
        MaliciousPeerChild child = new MaliciousPeerChild(Path.of(arguments[1]));
        long minRefusals = Long.parseLong(arguments[3]);
        long untilNs = System.nanoTime() + Long.parseLong(arguments[2]) * MS;
        Thread.ofPlatform().daemon().start(child::watch);
        System.out.println("started");
        while (System.nanoTime() < untilNs
                || ((child.succeeded == 0 || child.refused < minRefusals)
                        && System.nanoTime() < untilNs + MAX_EXTENSION_NS)) {
            switch (arguments[0]) {
                case "stream" -> child.stream();
                case "array" -> child.array();
                case "list" -> child.list();
                case "fits" -> child.fits();
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
        System.out.println(child.succeeded + " " + child.refused);
    }

    /** Ends the process if a use takes too long, and prints its stack. */
    private void watch() {
        while (true) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                return;
            }
            Deadline due = deadline;
            if (due != null && (System.nanoTime() > due.clockNs || exceedsCpuTime(due)) && due.equals(deadline)) {
                System.err.println("hangs in " + due.use);
                for (StackTraceElement frame : user.getStackTrace()) {
                    System.err.println("    at " + frame);
                }
                Runtime.getRuntime().halt(3);
            }
        }
    }

    private boolean exceedsCpuTime(Deadline due) {
        long beyondNs = THREADS.getThreadCpuTime(user.threadId()) - due.cpuNs;
        return beyondNs > 0 && beyondNs > Processes.all().size() * CPU_PER_PROCESS_NS;
    }

    private interface Use {
        void run() throws Exception;
    }

    /** Runs one use, which may take its timeout and the grace. Ends the process if it throws anything but a refusal. */
    private void use(String name, long timeoutNs, Use use) {
        deadline = new Deadline(
                name,
                System.nanoTime() + timeoutNs + GRACE_NS,
                THREADS.getCurrentThreadCpuTime() + timeoutNs + GRACE_CPU_NS);
        try {
            use.run();
            succeeded++;
        } catch (ShmException e) {
            refused++;
            if (e.getMessage() == null
                    || e.getMessage().isBlank()
                    || !e.getClass().getName().contains(".error.")) {
                throw e;
            }
        } catch (Throwable t) {
            System.err.println("in " + name + ": " + t);
            t.printStackTrace();
            Runtime.getRuntime().halt(4);
        } finally {
            deadline = null;
        }
    }

    /** Uses the memory directly, which may raise the documented {@link InternalError} when the file was truncated. */
    private void raw(String name, Use use) {
        use(name, 0, () -> {
            try {
                use.run();
                Faults.poll();
            } catch (InternalError e) {
                refused++;
            }
        });
    }

    private void stream() {
        use("info", 0, () -> {
            StreamInfo info = StreamInfo.of(path);
            info.warnings();
            info.ageSeconds();
        });
        use("summary", 0, () -> StreamInspector.now().summary(path).warnings());
        use("repair plan", 0, () -> StreamRepair.plan(path));
        use("open read-only", 2_000 * MS, () -> {
            try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
                inspect(stream);
                read(stream, WaitStrategy.spin());
            }
        });
        use("open", 4_000 * MS, () -> {
            try (ImageStream stream = ImageStream.open(path)) {
                inspect(stream);
                write(stream);
                read(stream, random.nextBoolean() ? WaitStrategy.semaphore() : WaitStrategy.hybrid(20_000));
                keywords(stream);
            }
        });
    }

    private void inspect(ImageStream stream) {
        use("status", 0, stream::status);
        use("keywords", 0, stream::keywords);
        use("traces", 0, stream::traces);
        use("history", 50 * MS, () -> {
            FrameHistory history = stream.history();
            // as its javadoc says, in memory that this program allocates
            try (Arena arena = Arena.ofConfined()) {
                long bytes = Math.multiplyExact(history.capacity(), history.frameBytes());
                history.read(arena.allocate(bytes), 50 * MS);
            }
            for (int i = 0; i < history.length(); i++) {
                history.count(i);
                history.acquiredNs(i);
            }
        });
    }

    private void read(ImageStream stream, WaitStrategy wait) {
        use("read", 5_000 * MS, () -> {
            byte[] buffer = new byte[Math.toIntExact(stream.layout().frameBytes())];
            try (FrameReader reader = stream.reader(wait)) {
                for (int i = 0; i < 3; i++) {
                    use("await next", 5 * MS, () -> reader.awaitNext(5 * MS));
                    use("validate", 0, reader::validate);
                    use("copy", 0, () -> reader.copyTo(MemorySegment.ofArray(buffer)));
                    use("read next", 5 * MS, () -> reader.read(MemorySegment.ofArray(buffer), 5 * MS));
                    use("newest", 1_000 * MS, reader::newest);
                    use("read newest", 5 * MS, () -> reader.readNewest(MemorySegment.ofArray(buffer), 5 * MS));
                    use("skip", 0, reader::skipToNewest);
                    use(
                            "take slot",
                            0,
                            () -> reader.takeSlot(random.nextInt(stream.layout().depth())));
                    raw(
                            "frame",
                            () -> reader.frame()
                                    .get(ValueLayout.JAVA_BYTE, reader.frame().byteSize() - 1));
                }
                use("reattach", 0, reader::reattach);
                use("read after", 5 * MS, () -> reader.awaitNext(5 * MS));
            }
        });
    }

    private void write(ImageStream stream) {
        use("write", 2_000 * MS, () -> {
            byte[] buffer = new byte[Math.toIntExact(stream.layout().frameBytes())];
            try (FrameWriter writer = stream.writer()) {
                for (int i = 0; i < 3; i++) {
                    use("copy in", 0, () -> writer.write(MemorySegment.ofArray(buffer)));
                    raw("claim", () -> {
                        MemorySegment claimed = writer.claim();
                        try {
                            claimed.set(ValueLayout.JAVA_BYTE, claimed.byteSize() - 1, (byte) 1);
                            Faults.poll();
                        } catch (InternalError e) {
                            writer.abort();
                            throw e;
                        }
                        writer.publish();
                    });
                    use("abort", 0, () -> {
                        writer.claim();
                        writer.abort();
                    });
                }
            }
        });
    }

    private void keywords(ImageStream stream) {
        for (int i = 0; i < 3; i++) {
            String name = "k" + i;
            use("set", 0, () -> stream.keywordTable().set(name, "text"));
            use("find", 0, () -> stream.keywordTable().find(name));
            use("remove", 0, () -> stream.keywordTable().remove(name));
            use("list", 0, () -> stream.keywordTable().list());
        }
    }

    private void array() {
        String name = "file://" + path;
        use("array", 0, () -> {
            try (SharedArray array =
                    random.nextBoolean() ? SharedArray.attach(name) : SharedArray.attachReadOnly(name)) {
                array.info();
                raw("copy", () -> array.segment().toArray(ValueLayout.JAVA_BYTE));
                use("element", 0, () -> array.element(new long[array.shape().rank()]));
            }
        });
    }

    private void list() {
        String name = path.getFileName().toString();
        use("block info", 0, () -> BlockInfo.of(path));
        use("list", 0, () -> {
            try (ShareableList list =
                    random.nextBoolean() ? ShareableList.attach(name) : ShareableList.attachReadOnly(name)) {
                for (int i = 0; i < list.size(); i++) {
                    int item = i;
                    use("kind", 0, () -> list.kind(item));
                    use("get", 0, () -> list.get(item));
                    use("bytes", 0, () -> list.getBytes(item));
                    use("set", 0, () -> {
                        try {
                            list.set(item, 1L);
                        } catch (IllegalArgumentException e) {
                            // the item is not a number, or has no room for one
                        }
                    });
                }
                use("to list", 0, list::toList);
            }
        });
    }

    private void fits() {
        use("header", 0, () -> FitsFile.header(path));
        use("read", 0, () -> FitsFile.read(path));
    }
}

package org.shmrt.bench.determinism;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.posix.OwnProcess;

/**
 * The real-time settings of a process of the benchmark, as {@code realtime.h} has them for C. What is denied is reported
 * as a note, and the process goes on.
 */
@SuppressWarnings("restricted")
final class RealTime {
    private static final MethodHandle USAGE = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().find("getrusage").orElseThrow(),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));

    private static final int RUSAGE_THREAD = 1;

    private RealTime() {}

    /** Moves all threads of this JVM to a core, and locks its memory as it is touched. */
    static void prepareProcess(int coreOfOthers) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            for (Path thread : threads.toList()) {
                // One that has ended meanwhile needs no core.
                boolean ignored = OwnProcess.tryPinThread(
                        Integer.parseInt(thread.getFileName().toString()), coreOfOthers);
            }
        }
        if (Posix.mlockall(Posix.MCL_CURRENT() | Posix.MCL_FUTURE() | Posix.MCL_ONFAULT()) != 0) {
            System.out.println("NOTE memory is not locked (mlockall was denied)");
        }
    }

    /** Moves the calling thread to a core. */
    static void pin(int core) {
        if (!OwnProcess.tryPinThread(core)) {
            System.out.println("NOTE cannot use core " + core);
        }
    }

    /** Gives the calling thread a real-time priority. */
    static void raise(int priority) {
        if (priority > 0 && !OwnProcess.tryFifoThread(priority)) {
            System.out.println("NOTE no real-time priority (SCHED_FIFO was denied)");
        }
    }

    /** Page faults and involuntary switches of the calling thread so far. */
    record Usage(long pageFaults, long involuntarySwitches) {
        static Usage now() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment usage = arena.allocate(144, 8);
                int ignored = (int) USAGE.invokeExact(RUSAGE_THREAD, usage);
                return new Usage(usage.get(JAVA_LONG, 64) + usage.get(JAVA_LONG, 72), usage.get(JAVA_LONG, 136));
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        List<String> since(Usage before) {
            return List.of(
                    "COUNT page_faults " + (pageFaults - before.pageFaults),
                    "COUNT involuntary_switches " + (involuntarySwitches - before.involuntarySwitches));
        }
    }
}

package org.shmrt.posix.thread;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Native;
import org.shmrt.text.FileNames;

/**
 * What the calling thread has caused since it started.
 *
 * @param minorFaults page faults that needed no input
 * @param majorFaults page faults that read from a disk
 * @param voluntarySwitches how often it gave the processor away to wait
 * @param involuntarySwitches how often the scheduler took the processor away
 * @see <a href="https://man7.org/linux/man-pages/man2/getrusage.2.html">getrusage(2)</a>
 */
public record ThreadUsage(long minorFaults, long majorFaults, long voluntarySwitches, long involuntarySwitches) {
    /** RUSAGE_THREAD. The generated bindings do not contain getrusage. */
    private static final int THREAD = 1;

    private static final int USAGE_BYTES = 144;
    private static final int MINOR_FAULTS = 64;
    private static final int MAJOR_FAULTS = 72;
    private static final int VOLUNTARY = 128;
    private static final int INVOLUNTARY = 136;
    /** Positions in a thread's stat file, counted from the word after its name. */
    private static final int MINOR_WORD = 7;

    private static final int MAJOR_WORD = 9;

    private static final class Getrusage {
        static final MethodHandle CALL = Native.plain(
                Linker.nativeLinker().defaultLookup().find("getrusage").orElseThrow(),
                FunctionDescriptor.of(Posix.C_INT, Posix.C_INT, Posix.C_POINTER));
    }

    /** The counters of the calling thread. */
    public static ThreadUsage now() {
        Native.requireAccess();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment usage = arena.allocate(USAGE_BYTES, Long.BYTES);
            int ignored = (int) Getrusage.CALL.invokeExact(THREAD, usage);
            return new ThreadUsage(
                    usage.get(ValueLayout.JAVA_LONG, MINOR_FAULTS),
                    usage.get(ValueLayout.JAVA_LONG, MAJOR_FAULTS),
                    usage.get(ValueLayout.JAVA_LONG, VOLUNTARY),
                    usage.get(ValueLayout.JAVA_LONG, INVOLUNTARY));
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * The counters of any thread of this process, as the kernel reports them in {@code /proc}.
     *
     * @param threadId the thread
     * @return its counters
     * @throws ShmException if the thread has ended
     */
    public static ThreadUsage of(int threadId) {
        Path task = Path.of("/proc/self/task", Integer.toString(threadId));
        try {
            String stat = Files.readString(task.resolve("stat"), StandardCharsets.ISO_8859_1);
            // The name may contain blanks and brackets, so the words are counted from its end.
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long voluntary = 0;
            long involuntary = 0;
            for (String line : Files.readAllLines(task.resolve("status"), StandardCharsets.ISO_8859_1)) {
                voluntary += valueOf(line, "voluntary_ctxt_switches:");
                involuntary += valueOf(line, "nonvoluntary_ctxt_switches:");
            }
            return new ThreadUsage(
                    Long.parseLong(words[MINOR_WORD]), Long.parseLong(words[MAJOR_WORD]), voluntary, involuntary);
        } catch (IOException | RuntimeException e) {
            throw new ShmException("cannot read what thread " + threadId + " has used in " + FileNames.text(task), e);
        }
    }

    private static long valueOf(String line, String key) {
        return line.startsWith(key)
                ? Long.parseLong(line.substring(key.length()).strip())
                : 0;
    }

    /**
     * What was added since an earlier reading of the same thread.
     *
     * @param earlier the earlier reading
     * @return the differences
     */
    public ThreadUsage since(ThreadUsage earlier) {
        return new ThreadUsage(
                minorFaults - earlier.minorFaults,
                majorFaults - earlier.majorFaults,
                voluntarySwitches - earlier.voluntarySwitches,
                involuntarySwitches - earlier.involuntarySwitches);
    }
}

package org.shmrt.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import org.shmrt.error.ShmException;

/** What must hold for every input: it is used or refused in one line of words, and takes memory in proportion. */
public final class FuzzCheck {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final BufferPoolMXBean DIRECT = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .findFirst()
            .orElseThrow();

    private FuzzCheck() {}

    /** Feeds one input, and throws if something is wrong. */
    public static void check(FuzzTarget target, byte[] input) {
        long most = target.mostBytes(input.length);
        // Whoever comes first loads classes: what counts is taken every time.
        for (int attempt = 0; ; attempt++) {
            long taken = taken(() -> use(target, input));
            if (taken <= most) {
                return;
            }
            if (attempt == 2) {
                throw new AssertionError("an input of " + input.length + " bytes takes " + taken + " bytes of memory, "
                        + "more than " + most);
            }
        }
    }

    /** The most that is taken for a text: little, but a fuzzer's own hooks in what compares texts take some too. */
    public static long mostBytesOfText(int inputBytes) {
        return 1024L * inputBytes + (2 << 20);
    }

    /** How many bytes of memory something takes in this thread, of heap and native together. */
    public static long taken(Runnable use) {
        long native0 = DIRECT.getMemoryUsed();
        long heap0 = THREADS.getCurrentThreadAllocatedBytes();
        use.run();
        long heap = THREADS.getCurrentThreadAllocatedBytes() - heap0;
        // Memory that became unreachable in an earlier call may be freed in this one.
        return heap + Math.max(0, DIRECT.getMemoryUsed() - native0);
    }

    private static void use(FuzzTarget target, byte[] input) {
        try {
            target.use(input);
        } catch (ShmException e) {
            checkWords(e, !target.isTyped());
        } catch (IllegalArgumentException e) {
            if (!target.isTyped()) {
                throw e;
            }
            checkWords(e, false);
        }
    }

    /** Notes that a part was refused, and lets the caller try the next one. */
    public static void tolerate(Runnable part) {
        try {
            part.run();
        } catch (ShmException e) {
            checkWords(e, true);
        }
    }

    // What a user typed may be quoted as it is.
    private static void checkWords(RuntimeException e, boolean inOneLine) {
        if (e.getCause() instanceof OutOfMemoryError) {
            throw new AssertionError("memory was asked for that is not there: " + e.getMessage(), e);
        }
        String words = e.getMessage();
        if (words == null || words.isBlank()) {
            throw new AssertionError("refused without a word: " + e, e);
        }
        if (inOneLine && words.indexOf('\n') >= 0) {
            throw new AssertionError("refused in more than one line: " + words, e);
        }
    }
}

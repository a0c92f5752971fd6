package org.shmrt.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import org.shmrt.error.ShmException;

/**
 * Verifies what must hold for every input: it is used or rejected with a one-line message, and the memory it takes is
 * proportional to its size.
 */
public final class FuzzCheck {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final BufferPoolMXBean DIRECT = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .findFirst()
            .orElseThrow();

    private FuzzCheck() {}

    /** Feeds one input, and throws if a requirement is violated. */
    public static void check(FuzzTarget target, byte[] input) {
        long most = target.mostBytes(input.length);
        // The first attempt may load classes: only memory that every attempt takes counts.
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

    /** The limit for a text: little, but the fuzzer's hooks in string comparisons take some memory too. */
    public static long mostBytesOfText(int inputBytes) {
        return 1024L * inputBytes + (2 << 20);
    }

    /** Returns the bytes of memory that an operation takes in this thread, heap and native together. */
    public static long taken(Runnable use) {
        long native0 = DIRECT.getMemoryUsed();
        long heap0 = THREADS.getCurrentThreadAllocatedBytes();
        use.run();
        long heap = THREADS.getCurrentThreadAllocatedBytes() - heap0;
        // Memory that became unreachable in an earlier call may be freed during this one.
        return heap + Math.max(0, DIRECT.getMemoryUsed() - native0);
    }

    private static void use(FuzzTarget target, byte[] input) {
        try {
            target.use(input);
        } catch (ShmException e) {
            checkMessage(e, !target.isTyped());
        } catch (IllegalArgumentException e) {
            if (!target.isTyped()) {
                throw e;
            }
            checkMessage(e, false);
        }
    }

    /** Runs a part of a use, which may be rejected, so that the caller can continue with the next part. */
    public static void tolerate(Runnable part) {
        try {
            part.run();
        } catch (ShmException e) {
            checkMessage(e, true);
        }
    }

    // Messages may quote what a user typed, including line ends.
    private static void checkMessage(RuntimeException e, boolean inOneLine) {
        if (e.getCause() instanceof OutOfMemoryError) {
            throw new AssertionError("the request for memory exceeds the limit: " + e.getMessage(), e);
        }
        String message = e.getMessage();
        if (message == null || message.isBlank()) {
            throw new AssertionError("rejected without a message: " + e, e);
        }
        if (inOneLine && message.indexOf('\n') >= 0) {
            throw new AssertionError("rejected with a message of more than one line: " + message, e);
        }
    }
}

package org.shmrt.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.stream.Verdict;

/**
 * Runs the waits of {@link WaitBenchmark} and checks the bytes that this thread allocates: in a wait that finds a frame,
 * and in one that is woken by the token of that frame without a new one, sleeps and times out. The result is the minimum
 * over all rounds: ten times per second a waiting reader checks whether the file was replaced, and that check, which most
 * rounds do not include, allocates.
 */
@Tag("slow")
@Timeout(1800)
class WaitsAllocateNothingTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** Until the code is compiled; allocations of the interpreter do not matter. */
    private static final int WARM_UP = 3_000;

    private static final int CALLS = 50;
    private static final int ROUNDS = 40;
    private static final long PATIENCE_NS = 60_000_000_000L;
    /** A call that sleeps allocates if the compiler cannot eliminate its objects: 40 bytes were measured. */
    private static final int MAX_BYTES_PER_SLEEP = 64;

    private final WaitBenchmark waits = new WaitBenchmark();

    @ParameterizedTest
    @CsvSource({
        "dao, spin",
        "dao, idle",
        "dao, semaphore",
        "dao, hybrid",
        "milk, semaphore",
        "milk, hybrid",
        "dao-ring, semaphore",
        "milk-circular, hybrid"
    })
    void shouldAllocateNothingExceptInSleeps(String layout, String wait) {
        StreamState state = new StreamState();
        state.layout = layout;
        state.create();
        WaitBenchmark.Waiting waiting = new WaitBenchmark.Waiting();
        waiting.wait = wait;
        try {
            waiting.open(state);
            calls(state, waiting, WARM_UP);
            long min = Long.MAX_VALUE;
            boolean sleeps = wait.equals("semaphore") || wait.equals("hybrid");
            long max = sleeps ? 2L * CALLS * MAX_BYTES_PER_SLEEP : CALLS - 1;
            long startNs = System.nanoTime();
            // On a busy machine for longer, until the JIT compiler has had a processor.
            for (int round = 0; round < ROUNDS || (min > max && System.nanoTime() - startNs < PATIENCE_NS); round++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                calls(state, waiting, CALLS);
                min = Math.min(min, THREADS.getCurrentThreadAllocatedBytes() - before);
            }
            assertTrue(min <= max, CALLS + " waits allocate " + min + " bytes");
        } finally {
            waiting.close();
            state.remove();
        }
    }

    private void calls(StreamState state, WaitBenchmark.Waiting waiting, int times) {
        for (int i = 0; i < times; i++) {
            assertEquals(Verdict.FRESH, waits.nextFrame(state, waiting));
            assertEquals(Verdict.TIMED_OUT, waits.timedOut(state, waiting));
        }
    }
}

package org.shmrt.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.stream.Verdict;

/**
 * Runs the waits of {@link WaitBenchmark} and looks at the bytes that this thread alone allocates: a wait that finds
 * its frame; one that is woken for nothing by that frame's token, sleeps, and runs into its end. What is looked at is
 * the round with the least: ten times a second a waiting reader asks whether the file is still the one of that name,
 * and that question, which is not asked in most rounds, allocates the answer.
 */
@Timeout(120)
class WaitsAllocateNothingTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** Until the compiler has seen to it; what the interpreter allocates does not matter. */
    private static final int WARM_UP = 3_000;

    private static final int CALLS = 50;
    private static final int ROUNDS = 40;
    /** What the call that sleeps takes where the compiler does not see that nobody keeps it: 40 bytes were seen. */
    private static final int MOST_BYTES_A_SLEEP = 64;

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
    void shouldAllocateNothingButWhatASleepTakes(String layout, String wait) {
        StreamState state = new StreamState();
        state.layout = layout;
        state.create();
        WaitBenchmark.Waiting waiting = new WaitBenchmark.Waiting();
        waiting.wait = wait;
        try {
            waiting.open(state);
            calls(state, waiting, WARM_UP);
            long least = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                calls(state, waiting, CALLS);
                least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
            }
            boolean sleeps = wait.equals("semaphore") || wait.equals("hybrid");
            long most = sleeps ? 2L * CALLS * MOST_BYTES_A_SLEEP : CALLS - 1;
            assertTrue(least <= most, CALLS + " waits allocate " + least + " bytes");
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

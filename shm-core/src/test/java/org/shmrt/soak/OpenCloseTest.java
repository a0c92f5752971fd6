package org.shmrt.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.Gson;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.Scratch;

/**
 * Opens, uses and closes objects of every kind repeatedly. {@code -Dshmrt.openclose.times=100000} sets the number of
 * repetitions and prints the result of each kind.
 */
@Tag("slow")
@Timeout(20_000)
class OpenCloseTest {
    private static final String PROPERTY = "shmrt.openclose.times";
    private static final int TIMES = Integer.getInteger(PROPERTY, 400);
    private static final int KINDS = 13;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @Test
    void shouldReleaseEverythingOnClose() {
        try (ChildProcesses children = new ChildProcesses()) {
            ChildProcess child = children.start(OpenCloseChild.class, scratch.directory(), scratch.prefix(), TIMES);
            for (int i = 0; i < KINDS; i++) {
                OpenCloseChild.Outcome outcome = new Gson().fromJson(child.lineWith("{"), OpenCloseChild.Outcome.class);

                report(outcome);
                ResourceUsage.assertNoGrowth(outcome.kind(), outcome.before(), outcome.after());
                assertEquals(0, outcome.after().sharedMappings(), outcome.kind());
                assertEquals(outcome.entriesBefore(), outcome.entriesAfter(), outcome.kind());
            }
            assertEquals(List.of(), child.finish());
        }
        assertEquals(List.of(), scratch.files());
    }

    private static void report(OpenCloseChild.Outcome o) {
        if (System.getProperty(PROPERTY) != null) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %.1f µs | %+d | %+d | %+d | %+d | %+d | %+d |%n",
                    o.kind(),
                    o.times(),
                    1e6 * o.seconds() / o.times(),
                    (o.after().heap() - o.before().heap()) / 1024,
                    (o.after().resident() - o.before().resident()) / 1024,
                    o.after().descriptors() - o.before().descriptors(),
                    o.after().mappings() - o.before().mappings(),
                    o.after().threads() - o.before().threads(),
                    o.entriesAfter() - o.entriesBefore());
        }
    }
}

package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.environment.UseCaseProcess.Outcome;
import org.shmrt.environment.UseCaseProcess.Outcomes;
import org.shmrt.testing.Scratch;

/** At a limit on open files or address space, use cases fail with a typed exception, and work again afterwards. */
@Tag("slow")
@Timeout(600)
class LimitsTest {
    @RegisterExtension
    static final InstalledJars JARS = new InstalledJars();

    private static final int MAX_FREE_DESCRIPTORS = 7;

    private static final String LARGE_SHAPE = "4000x8000";
    private static final long LARGE_BYTES = 4000 * 8000;
    /** Address space that a use case may still take: enough for the JVM itself, too little for a large object. */
    private static final long SLACK_BYTES = 16 << 20;

    private static final int ATTEMPTS = 50;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private UseCaseProcess start(String shape, String... wrapper) {
        return UseCaseProcess.start(List.of(wrapper), JARS, scratch.directory(), scratch.prefix(), shape);
    }

    /** With 0, 1, 2 ... free descriptors each use case fails at each of the files that it opens. */
    @Test
    void shouldReportThatNoFileCanBeOpenedAndWorkAgainAfterwards() {
        try (UseCaseProcess process = start("8x8", "sh", "-c", "ulimit -n 200; exec \"$@\"", "sh")) {
            process.send("prepare");
            for (int free = 0; free <= MAX_FREE_DESCRIPTORS; free++) {
                process.send("hold " + free);
                Map<String, Outcome> outcomes = process.runAll().byName();
                for (Map.Entry<String, Outcome> outcome : outcomes.entrySet()) {
                    assertTrue(
                            outcome.getValue().succeeded()
                                    || outcome.getValue().message().contains("ulimit -n"),
                            free + " free: " + outcome);
                }
                if (free == 0) {
                    long successes = outcomes.values().stream()
                            .filter(Outcome::succeeded)
                            .count();
                    assertEquals(0, successes, "succeeded without a free descriptor: " + outcomes);
                }
            }
            process.runAllSuccessfully();
            process.send("remove");
            process.finish();
        }
    }

    @Test
    void shouldReportThatThereIsNoAddressSpaceAndWorkAgainAfterwards() {
        try (UseCaseProcess process = start(LARGE_SHAPE)) {
            process.send("prepare");
            process.runAllSuccessfully();
            Assumptions.assumeTrue(process.unlimitAddressSpace(), "prlimit is not installed");

            Map<String, Outcome> outcomes = new LinkedHashMap<>();
            for (String useCase : process.useCases()) {
                outcomes.put(useCase, runWithoutAddressSpace(process, useCase));
            }

            new Outcomes(outcomes)
                    .assertMessage(
                            "ulimit -v",
                            List.of(
                                    "create dao",
                                    "create milk",
                                    "open dao",
                                    "view milk",
                                    "create array",
                                    "attach array",
                                    "create block",
                                    "attach block",
                                    "view block"));
            assertTrue(process.unlimitAddressSpace());
            process.runAllSuccessfully();
            process.send("remove");
            process.finish();
        }
    }

    /**
     * Runs a use case with less free address space than a large object needs. The JVM may return address space to the
     * kernel at any time, so the limit is set for each use case, and a success counts only if the space was still
     * missing afterwards.
     */
    private static Outcome runWithoutAddressSpace(UseCaseProcess process, String useCase) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long limit = process.addressSpaceBytes() + SLACK_BYTES;
            assertTrue(process.limitAddressSpace(limit));
            Outcome outcome = process.run(useCase);
            if (!outcome.succeeded() || limit - process.addressSpaceBytes() < LARGE_BYTES) {
                return outcome;
            }
        }
        throw new AssertionError(useCase + ": the JVM returned address space in each of " + ATTEMPTS + " attempts");
    }
}

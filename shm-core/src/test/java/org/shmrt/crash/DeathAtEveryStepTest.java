package org.shmrt.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.inspect.StreamInfo;

/**
 * Kills processes with SIGKILL after each of their side effects that outlives them, and verifies what other processes
 * find. The steps are not listed here: a debugger executes each operation once, line by line, and every line after
 * which a file, a link or a semaphore has changed is a step.
 *
 * <p>The short run executes a tenth of the operations and kills them at every fourth step, others every day. {@code
 * -Dshmrt.kills=all} kills at all steps of all operations, {@code -Dshmrt.kills=bytecodes} looks for steps after each
 * bytecode. {@code -Dshmrt.kills.only=REGEX} selects operations.
 */
@Tag("slow")
class DeathAtEveryStepTest {
    private static final Map<String, CompletableFuture<KillRun.Result>> RESULTS = new LinkedHashMap<>();

    private static final String ONLY = System.getProperty("shmrt.kills.only");
    /** On a busy machine the observer often does not run during the few milliseconds of a copy. */
    private static final int ATTEMPTS = 100;

    private static KillRun run;

    @BeforeAll
    static void startAll() {
        run = new KillRun();
        for (Scenario scenario : Scenarios.stepped()) {
            if (ONLY == null ? KillRun.isDue(scenario) : scenario.name().matches(ONLY)) {
                RESULTS.put(scenario.name(), run.start(scenario));
            }
        }
    }

    @AfterAll
    static void end() {
        run.close();
        System.out.println(
                "longest time until a waiting reader was notified: " + StallMonitor.worstNs() / 1_000_000 + " ms");
    }

    @TestFactory
    Stream<DynamicTest> shouldLeaveAStateThatOthersCanUse() {
        return RESULTS.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    KillRun.Result result = entry.getValue().join();
                    System.out.println(entry.getKey() + ": " + result.points() + " points, " + result.kills()
                            + " kills, " + result.faults().size() + " faults");

                    assertEquals(List.of(), result.faults());
                    assertTrue(result.points() > 1 && result.kills() > 0, "the debugger found no steps");
                }));
    }

    /** The waiter count that a sleeping process adds to a semaphore stays there when it is killed. */
    @ParameterizedTest
    @ValueSource(strings = {"dao-asleep", "milk-asleep"})
    void shouldWakeOthersOnTheSemaphoreOfAReaderKilledInItsSleep(String scenario) {
        run.kill(
                Scenarios.named(scenario),
                0,
                (target, workspace) -> target.killWhen(
                        scenario,
                        workspace,
                        () -> StreamInfo.of(workspace.stream()).semaphores().stream()
                                        .filter(s -> s.waiters() > 0)
                                        .count()
                                == 2));
    }

    /** The debugger sees the copy of a frame as one step, so this test kills the writer within it. */
    @Test
    void shouldReportAWriterKilledInTheMiddleOfACopy() {
        Scenario scenario = Scenarios.LARGE;
        AtomicBoolean inTheMiddle = new AtomicBoolean();
        for (int attempt = 0; attempt < ATTEMPTS && !inTheMiddle.get(); attempt++) {
            run.kill(scenario, attempt, (target, workspace) -> {
                try (ImageStream stream = ImageStream.open(workspace.stream(), Access.READ_ONLY);
                        FrameReader reader = stream.reader(WaitStrategy.spin())) {
                    reader.newest();
                    MemorySegment frame = reader.frame();
                    byte first = frame.get(ValueLayout.JAVA_BYTE, 0);
                    byte last = frame.get(ValueLayout.JAVA_BYTE, frame.byteSize() - 1);
                    long killedNs = target.killWhen(
                            scenario.name(), workspace, () -> frame.get(ValueLayout.JAVA_BYTE, 0) != first);
                    inTheMiddle.set(frame.get(ValueLayout.JAVA_BYTE, frame.byteSize() - 1) == last);
                    return killedNs;
                }
            });
        }

        assertTrue(inTheMiddle.get(), "never killed in the middle of a copy");
    }
}

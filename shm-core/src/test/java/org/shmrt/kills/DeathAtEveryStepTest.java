package org.shmrt.kills;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Kills processes with SIGKILL after each thing they do that outlives them, and judges what the others find. What a step
 * is, is not written down here: a debugger carries each operation out once, bytecode by bytecode, and every bytecode
 * after which a file, a semaphore or a name is not what it was is one.
 *
 * <p>The short run kills at a part of the steps, another part every day. {@code -Dshmrt.kills=all} kills at all of them,
 * {@code -Dshmrt.kills=lines} also where a line of source is reached for the first time, which takes hours.
 */
class DeathAtEveryStepTest {
    private static final Map<String, CompletableFuture<KillRun.Result>> RESULTS = new LinkedHashMap<>();

    private static KillRun run;

    @BeforeAll
    static void startAll() {
        String only = System.getProperty("shmrt.kills.only", "");
        run = new KillRun();
        for (Protocol protocol : Protocols.all()) {
            if (protocol.name().contains(only)) {
                RESULTS.put(protocol.name(), run.start(protocol));
            }
        }
    }

    @AfterAll
    static void end() {
        run.close();
        System.out.println("longest time until a waiting reader knew: " + Stalls.worstNs() / 1_000_000 + " ms");
    }

    @TestFactory
    Stream<DynamicTest> shouldLeaveNothingThatOthersStumbleOver() {
        return RESULTS.entrySet().stream().map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
            KillRun.Result result = entry.getValue().join();
            System.out.println(entry.getKey() + ": " + result.steps() + " steps, " + result.points() + " points, "
                    + result.kills() + " kills, " + result.faults().size() + " faults");

            assertEquals(List.of(), result.faults());
            assertTrue(result.steps() > 1 && result.kills() > 0, "steps that the debugger saw");
        }));
    }
}

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
 * Kills processes with SIGKILL after each thing they do that outlives them, and judges what the others find. What a
 * step is, is not written down here: a debugger carries each operation out once, line by line, and wherever a file, a
 * link or a semaphore is not what it was a line before is one.
 *
 * <p>The short run kills at a part of the steps, another part every day. {@code -Dshmrt.kills=all} kills at all of
 * them, {@code -Dshmrt.kills=bytecodes} looks for them after each bytecode. {@code -Dshmrt.kills.only=REGEX} chooses
 * among the operations.
 */
class DeathAtEveryStepTest {
    private static final Map<String, CompletableFuture<KillRun.Result>> RESULTS = new LinkedHashMap<>();

    private static final int ATTEMPTS = 20;

    private static KillRun run;

    @BeforeAll
    static void startAll() {
        String only = System.getProperty("shmrt.kills.only", ".*");
        run = new KillRun();
        for (Protocol protocol : Protocols.stepped()) {
            if (protocol.name().matches(only)) {
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
        return RESULTS.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    KillRun.Result result = entry.getValue().join();
                    System.out.println(entry.getKey() + ": " + result.points() + " points, " + result.kills()
                            + " kills, " + result.faults().size() + " faults");

                    assertEquals(List.of(), result.faults());
                    assertTrue(result.points() > 1 && result.kills() > 0, "steps that the debugger saw");
                }));
    }

    /** What a sleeper notes of itself in the semaphore stays there for ever. */
    @ParameterizedTest
    @ValueSource(strings = {"dao-asleep", "milk-asleep"})
    void shouldWakeOthersOnTheSemaphoreOfAReaderThatDiedAsleep(String protocol) {
        run.kill(
                Protocols.named(protocol),
                0,
                (victim, place) -> victim.killWhen(
                        protocol,
                        place,
                        () -> StreamInfo.of(place.stream()).semaphores().stream()
                                        .filter(s -> s.waiters() > 0)
                                        .count()
                                == 2));
    }

    /** The one step with an inside: the debugger sees the copy of a frame only as a whole. */
    @Test
    void shouldTellOfAWriterThatDiedInTheMiddleOfACopy() {
        Protocol protocol = Protocols.LARGE;
        AtomicBoolean inTheMiddle = new AtomicBoolean();
        for (int attempt = 0; attempt < ATTEMPTS && !inTheMiddle.get(); attempt++) {
            run.kill(protocol, attempt, (victim, place) -> {
                try (ImageStream stream = ImageStream.open(place.stream(), Access.READ_ONLY);
                        FrameReader reader = stream.reader(WaitStrategy.spin())) {
                    reader.newest();
                    MemorySegment frame = reader.frame();
                    byte first = frame.get(ValueLayout.JAVA_BYTE, 0);
                    byte last = frame.get(ValueLayout.JAVA_BYTE, frame.byteSize() - 1);
                    long killedNs =
                            victim.killWhen(protocol.name(), place, () -> frame.get(ValueLayout.JAVA_BYTE, 0) != first);
                    inTheMiddle.set(frame.get(ValueLayout.JAVA_BYTE, frame.byteSize() - 1) == last);
                    return killedNs;
                }
            });
        }

        assertTrue(inTheMiddle.get(), "never killed in the middle of a copy");
    }
}

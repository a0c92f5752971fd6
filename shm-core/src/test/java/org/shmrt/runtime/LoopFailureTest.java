package org.shmrt.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.SharedObject;
import org.shmrt.posix.thread.Scheduling.Policy;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.TelemetryWriter;
import org.shmrt.testing.FileTruncation;

/** The safe state is sent, and the loop ends in order, whatever fails. */
@Timeout(600)
class LoopFailureTest extends LoopFixture {
    private Path file() {
        return SharedObject.pageDirectory().resolve("shmrt-loop." + name);
    }

    @Test
    void shouldSendTheSafeStateAndEndInErrorWhenItsPageIsTruncated() throws InterruptedException {
        try (ControlLoop loop = builder()
                .trigger(Trigger.frame(camera))
                .step(LoopFixture::twice)
                .build()) {
            AtomicReference<LoopState> end = new AtomicReference<>();
            Thread thread = new Thread(() -> end.set(loop.run()), "loop");
            thread.start();
            await(LoopState.RUNNING);
            send(2.5f);
            await(LoopCounter.STEPS, 1);
            assertArrayEquals(new float[] {5, 5}, output());

            FileTruncation.truncate(file(), 0);
            thread.join();

            assertArrayEquals(FLAT, output());
            assertEquals(LoopState.ERROR, end.get());
            assertEquals(LoopState.ERROR, loop.state());
            IncompatibleException failure =
                    assertInstanceOf(IncompatibleException.class, loop.failure().orElseThrow());
            assertTrue(failure.getMessage().contains(file() + " of the loop was truncated"), failure.getMessage());
            assertEquals(0, loop.allocatedBytes()); // it is not taken for running
            assertThrows(IncompatibleException.class, loop::run);
            assertThrows(IncompatibleException.class, loop::warmUp);
        }
        assertFalse(Files.exists(file()));
        builder()
                .trigger(Trigger.frame(camera))
                .step(LoopFixture::twice)
                .build()
                .close();
    }

    @Test
    void shouldSendTheSafeStateWhenThePageIsTruncatedDuringAHold() throws InterruptedException {
        try (ControlLoop loop = ControlLoop.named(name)
                .output(mirror)
                .trigger(Trigger.frame(camera))
                .holdLastNs(10 * MS)
                .then(SafeState.command(FLAT))
                .step((frame, command, none) -> {
                    twice(frame, command);
                    FileTruncation.truncate(file(), 0);
                })
                .build()) {
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            send(1);
            thread.join();

            assertArrayEquals(FLAT, output());
            assertEquals(LoopState.ERROR, loop.state());
        }
        assertFalse(Files.exists(file()));
    }

    @Test
    void shouldSendTheSafeStateWhenTheWaitFails() {
        LoopPlan plan = new LoopPlan(
                name,
                0,
                OverrunPolicy.SKIP_TO_NEXT,
                MissedFramePolicy.TAKE_NEWEST,
                0,
                SafeState.command(FLAT),
                1000,
                new LoopPlan.ThreadPlan(
                        OptionalInt.empty(),
                        Policy.OTHER,
                        0,
                        LoopPlan.MemoryLock.NONE,
                        OptionalInt.empty(),
                        LoopPlan.Idling.ALLOWED,
                        LoopPlan.Strictness.DEGRADE));
        IllegalStateException broken = new IllegalStateException("no wait");
        TriggerSource source = new TriggerSource() {
            @Override
            Arrival await(long timeoutNs) {
                throw broken;
            }
        };
        try (TelemetryWriter telemetry = TelemetryWriter.create(name)) {
            LoopCore<Void> core = new LoopCore<>(
                    plan,
                    LoopCore.Mode.LIVE,
                    source,
                    Optional.of(mirror.writer()),
                    (frame, command, none, info) -> {},
                    Optional.empty(),
                    Parameters.none(),
                    telemetry,
                    new LoopControl(telemetry, Optional.empty()));

            assertEquals(LoopState.ERROR, core.run());

            assertSame(broken, core.failure().orElseThrow());
            assertEquals(1, telemetry.value(LoopCounter.SAFE_STATES));
            core.close();
        }
        assertArrayEquals(FLAT, output());
    }
}

package org.shmrt.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.telemetry.LoopCommand;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.LoopTelemetry;

/** Parameters, commands and warm-up of a loop, in one process. */
@Tag("slow")
@Timeout(600)
class LoopControlTest extends LoopFixture {
    @Test
    void shouldUseOneSetOfParametersInAStep() throws InterruptedException {
        record Gains(float first, float second) {}
        Parameters.Settable<Gains> gains = Parameters.of(new Gains(1, 1));
        AtomicInteger torn = new AtomicInteger();
        try (ControlLoop loop = ControlLoop.named(name)
                .trigger(Trigger.timer(MS))
                .parameters(gains)
                .step((frame, command, p) -> {
                    float first = p.first();
                    gains.set(new Gains(first + 1, first + 1)); // from the next step on
                    if (p.second() != first) {
                        torn.incrementAndGet();
                    }
                })
                .build()) {
            Thread thread = start(loop);
            await(LoopCounter.STEPS, 5);
            loop.stop();
            thread.join();
            assertEquals(0, torn.get());
            assertEquals(
                    (float) page().count(LoopCounter.STEPS) + 1, gains.get().first());
        }
    }

    @Test
    void shouldTakeParametersFromAStreamBetweenSteps() throws InterruptedException {
        send(7);
        AtomicInteger seen = new AtomicInteger();
        try (Parameters<MemorySegment> gains = Parameters.ofStream(camera);
                ControlLoop loop = ControlLoop.named(name)
                        .trigger(Trigger.timer(MS))
                        .parameters(gains)
                        .step((frame, command, p) -> seen.set((int) p.get(ValueLayout.JAVA_FLOAT, 4)))
                        .build()) {
            Thread thread = start(loop);
            await(LoopCounter.STEPS, 1);
            assertEquals(7, seen.get());
            send(8);
            await(LoopCounter.STEPS, page().count(LoopCounter.STEPS) + 2);
            assertEquals(8, seen.get());
            loop.stop();
            thread.join();
        }
    }

    @Test
    void shouldTellTheStepItsFrameAndPublishTheCommandUnderItsId() throws InterruptedException {
        AtomicInteger seen = new AtomicInteger();
        AtomicInteger intact = new AtomicInteger();
        try (FrameReader commands = mirror.reader(WaitStrategy.spin());
                ControlLoop loop = builder()
                        .trigger(Trigger.frame(camera).semaphore())
                        .step((frame, command, none, info) -> {
                            seen.set((int) info.frameId());
                            intact.addAndGet(info.isFrameIntact() && info.wakeNs() >= 0 ? 1 : 0);
                            twice(frame, command);
                        })
                        .build()) {
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            for (int id : new int[] {4711, 4713}) {
                long steps = page().count(LoopCounter.STEPS);
                frames.frameId(id);
                send(id);
                await(LoopCounter.STEPS, steps + 1);
                assertEquals(id, seen.get());
                assertTrue(commands.awaitNewest(TIMEOUT_NS).hasFrame());
                assertEquals(id, commands.frameId());
            }
            assertEquals(2, intact.get());
            loop.stop();
            thread.join();
        }
    }

    @Test
    void shouldObeyPauseStepResumeAndStop() throws InterruptedException {
        try (ControlLoop loop = ControlLoop.named(name)
                        .trigger(Trigger.timer(MS))
                        .step((frame, command, none) -> {})
                        .build();
                LoopTelemetry page = LoopTelemetry.open(name)) {
            Thread thread = start(loop);
            await(LoopCounter.STEPS, 1);
            page.send(LoopCommand.PAUSE);
            await(LoopState.IDLE);
            long steps = page.snapshot().count(LoopCounter.STEPS);
            Thread.sleep(20);
            assertEquals(steps, page.snapshot().count(LoopCounter.STEPS));

            page.send(LoopCommand.STEP);
            await(LoopCounter.STEPS, steps + 1);
            await(LoopState.IDLE);
            assertEquals(steps + 1, page.snapshot().count(LoopCounter.STEPS));
            assertEquals(LoopCommand.PAUSE, page.snapshot().command());

            page.send(LoopCommand.RUN);
            await(LoopCounter.STEPS, steps + 5);
            page.send(LoopCommand.STOP);
            thread.join();
            assertEquals(LoopState.IDLE, loop.state());
        }
    }

    @Test
    void shouldRunOnTheCounterWithoutFrames() throws InterruptedException {
        try (ControlLoop loop = ControlLoop.named(name)
                .trigger(Trigger.counter(camera))
                .step((frame, command, none) -> assertEquals(0, frame.byteSize()))
                .build()) {
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            send(1);
            await(LoopCounter.STEPS, 1);
            loop.stop();
            thread.join();
            assertEquals(LoopState.IDLE, loop.state());
        }
    }

    @Test
    void shouldWarmUpOnScratchStreamsOnly() {
        AtomicInteger steps = new AtomicInteger();
        AtomicInteger resets = new AtomicInteger();
        send(5);
        try (ControlLoop loop = builder()
                .trigger(Trigger.frame(camera))
                .onReset(resets::incrementAndGet)
                .step((frame, command, none) -> {
                    assertEquals(5, frame.get(ValueLayout.JAVA_FLOAT, 0));
                    steps.incrementAndGet();
                    twice(frame, command);
                })
                .build()) {
            loop.warmUp(Duration.ofMillis(600));

            assertTrue(steps.get() > 0);
            assertEquals(1, resets.get());
            assertArrayEquals(new float[2], output());
            assertEquals(0, page().count(LoopCounter.STEPS));
            assertEquals(LoopState.STANDBY, loop.state());
        }
    }

    @Test
    void shouldWarmUpALoopThatEntersErrorAfterAMissedFrameOrDeadline() {
        try (ControlLoop loop = builder()
                .trigger(Trigger.frame(camera))
                .onMissedFrame(MissedFramePolicy.ENTER_ERROR)
                .deadlineNs(1)
                .onOverrun(OverrunPolicy.ENTER_ERROR)
                .step(LoopFixture::twice)
                .build()) {
            loop.warmUp(Duration.ofSeconds(1));

            assertEquals(LoopState.STANDBY, loop.state());
            assertEquals(0, page().count(LoopCounter.OVERRUNS));
        }
    }

    @Test
    void shouldReportAStepThatFailsInTheWarmUp() {
        try (ControlLoop loop = builder()
                .trigger(Trigger.frame(camera))
                .step((frame, command, none) -> {
                    throw new IllegalStateException("no table");
                })
                .build()) {
            ShmException e = assertThrows(ShmException.class, () -> loop.warmUp(Duration.ofSeconds(1)));
            assertTrue(e.getMessage().contains("no table"), e.getMessage());
        }
    }

    @Test
    void shouldRefuseToArmAStepThatAllocates() {
        byte[][] kept = new byte[1][];
        try (ControlLoop loop = ControlLoop.named(name)
                .trigger(Trigger.timer(MS))
                .step((frame, command, none) -> kept[0] = new byte[1000])
                .build()) {
            ShmException e = assertThrows(ShmException.class, loop::arm);
            assertTrue(e.getMessage().contains("it allocated"), e.getMessage());
        }
    }

    @Test
    void shouldRefuseWhatCannotWork() {
        assertThrows(IllegalStateException.class, () -> ControlLoop.named(name).build());
        assertThrows(IllegalArgumentException.class, () -> builder().fifo(100));
        assertThrows(IllegalArgumentException.class, () -> Trigger.timer(0));
        assertThrows(IllegalStateException.class, () -> Trigger.timer(MS).spin());
        LoopBuilder<Void> small = builder()
                .safeState(SafeState.command(1f))
                .trigger(Trigger.timer(MS))
                .step((frame, command, none) -> {});
        IncompatibleException e = assertThrows(IncompatibleException.class, small::build);
        assertTrue(e.getMessage().contains("4 bytes") && e.getMessage().contains("8"), e.getMessage());
    }
}

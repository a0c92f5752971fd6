package org.shmrt.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.telemetry.LoopCommand;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopSnapshot;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.LoopTelemetry;
import org.shmrt.testing.Scratch;

/** Triggers, policies, states and safe states of a loop, in one process. */
@Timeout(120)
class ControlLoopTest {
    private static final long MS = 1_000_000;
    private static final float[] FLAT = {-1, -1};

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    private String name;
    private ImageStream camera;
    private ImageStream mirror;
    private FrameWriter frames;

    @BeforeEach
    void create() {
        name = scratch.prefix() + "loop";
        camera = ImageStream.create(
                scratch.directory().resolve(scratch.prefix() + "cam.im.shm"),
                StreamSpec.milk(DataType.FLOAT32, Shape.of(2)));
        mirror = ImageStream.create(
                scratch.directory().resolve(scratch.prefix() + "dm.im.shm"),
                StreamSpec.dao(DataType.FLOAT32, Shape.of(2)));
        frames = camera.writer();
    }

    @AfterEach
    void close() {
        camera.close();
        mirror.close();
    }

    private LoopBuilder<Void> builder() {
        return ControlLoop.named(name).output(mirror).safeState(SafeState.command(FLAT));
    }

    private void send(float value) {
        frames.write(MemorySegment.ofArray(new float[] {value, value}));
    }

    private float[] output() {
        float[] command = new float[2];
        try (FrameReader reader = mirror.reader(WaitStrategy.spin())) {
            reader.readNewest(MemorySegment.ofArray(command), MS);
        }
        return command;
    }

    private LoopSnapshot page() {
        try (LoopTelemetry page = LoopTelemetry.open(name)) {
            return page.snapshot();
        }
    }

    private static void twice(MemorySegment frame, MemorySegment command, Object ignored) {
        for (int i = 0; i < 2; i++) {
            command.setAtIndex(ValueLayout.JAVA_FLOAT, i, 2 * frame.getAtIndex(ValueLayout.JAVA_FLOAT, i));
        }
    }

    private static Thread start(ControlLoop loop) {
        Thread thread = new Thread(loop::run, "loop");
        thread.start();
        return thread;
    }

    private void await(LoopCounter counter, long value) throws InterruptedException {
        while (page().count(counter) < value) {
            Thread.sleep(1);
        }
    }

    private void await(LoopState state) throws InterruptedException {
        while (page().state() != state) {
            Thread.sleep(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"spin", "sleepThenSpin", "semaphore", "hybrid"})
    void shouldPublishOneCommandForEachFrame(String wait) throws InterruptedException {
        Trigger frame = Trigger.frame(camera);
        Trigger trigger = switch (wait) {
            case "spin" -> frame.spin();
            case "semaphore" -> frame.semaphore();
            case "hybrid" -> frame.hybrid(10_000);
            default -> frame.sleepThenSpin();
        };
        try (ControlLoop loop =
                builder().trigger(trigger).step(ControlLoopTest::twice).build()) {
            assertEquals(LoopState.STANDBY, loop.state());
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            for (int i = 1; i <= 50; i++) {
                send(i);
                await(LoopCounter.STEPS, i);
                assertArrayEquals(new float[] {2 * i, 2 * i}, output());
            }
            loop.stop();
            thread.join();

            LoopSnapshot page = page();
            assertEquals(50, page.count(LoopCounter.STEPS));
            assertEquals(0, page.count(LoopCounter.MISSED));
            assertEquals(50, page.histogram(LoopMeasure.COMPUTE).count());
            assertEquals(50, page.histogram(LoopMeasure.END_TO_END).count());
            assertEquals(49, page.histogram(LoopMeasure.INTERVAL).count());
            assertEquals(LoopState.IDLE, loop.state());
            assertArrayEquals(FLAT, output());
            assertArrayEquals(new float[] {100, 100}, loop.lastCommand().get().toArray(ValueLayout.JAVA_FLOAT));
        }
    }

    @Test
    void shouldCountMissedFramesAndTakeTheNewest() throws InterruptedException {
        try (ControlLoop loop = builder()
                .trigger(Trigger.frame(camera))
                .step((frame, command, none) -> {
                    if (frame.get(ValueLayout.JAVA_FLOAT, 0) == 1) {
                        send(2); // overtakes the step: its command is discarded
                        send(3);
                        send(4);
                    }
                    twice(frame, command, none);
                })
                .build()) {
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            send(1);
            await(LoopCounter.STEPS, 1);

            assertEquals(1, page().count(LoopCounter.OVERTAKEN));
            assertEquals(2, page().count(LoopCounter.MISSED));
            assertArrayEquals(new float[] {8, 8}, output());
            loop.stop();
            thread.join();
        }
    }

    @Test
    void shouldEnterErrorAfterAMissedFrameIfToldSo() throws InterruptedException {
        try (ControlLoop loop = builder()
                .trigger(Trigger.frame(camera))
                .onMissedFrame(MissedFramePolicy.ENTER_ERROR)
                .step((frame, command, none) -> {
                    twice(frame, command, none);
                    if (frame.get(ValueLayout.JAVA_FLOAT, 0) == 1) {
                        send(2);
                        send(3);
                    }
                })
                .build()) {
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            send(1);
            thread.join();
            assertEquals(LoopState.ERROR, loop.state());
            assertTrue(page().reason().contains("1 frames were missed"), page().reason());
            assertArrayEquals(FLAT, output());
        }
    }

    @Test
    void shouldEnterErrorWithTheReasonAndTheLastGoodCommandWhenTheStepThrows() throws InterruptedException {
        IllegalStateException broken = new IllegalStateException("no light");
        try (ControlLoop loop = builder()
                .trigger(Trigger.frame(camera))
                .step((frame, command, none) -> {
                    command.setAtIndex(ValueLayout.JAVA_FLOAT, 0, 99);
                    if (frame.get(ValueLayout.JAVA_FLOAT, 0) == 2) {
                        throw broken;
                    }
                    twice(frame, command, none);
                })
                .build()) {
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            send(1);
            await(LoopCounter.STEPS, 1);
            send(2);
            thread.join();

            assertEquals(LoopState.ERROR, loop.state());
            assertSame(broken, loop.failure().get());
            assertArrayEquals(new float[] {2, 2}, loop.lastCommand().get().toArray(ValueLayout.JAVA_FLOAT));
            assertArrayEquals(FLAT, output());
            LoopSnapshot page = page();
            assertEquals(LoopState.ERROR, page.state());
            assertTrue(page.reason().contains("no light"), page.reason());
            assertEquals(1, page.count(LoopCounter.ERRORS));
        }
    }

    @Test
    void shouldKeepTheLastGoodCommandInTheOutputIfThatIsTheSafeState() throws InterruptedException {
        try (ControlLoop loop = builder()
                .safeState(SafeState.keepLast())
                .trigger(Trigger.frame(camera))
                .step((frame, command, none) -> {
                    if (frame.get(ValueLayout.JAVA_FLOAT, 0) == 2) {
                        throw new IllegalStateException("broken");
                    }
                    twice(frame, command, none);
                })
                .build()) {
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            send(1);
            await(LoopCounter.STEPS, 1);
            send(2);
            thread.join();
            assertArrayEquals(new float[] {2, 2}, output());
        }
    }

    @Test
    void shouldSendTheSafeStateOnceAfterTheHoldAndContinueWithTheNextFrame() throws InterruptedException {
        try (ControlLoop loop = ControlLoop.named(name)
                .output(mirror)
                .trigger(Trigger.frame(camera))
                .holdLastNs(5 * MS)
                .then(SafeState.command(FLAT))
                .step(ControlLoopTest::twice)
                .build()) {
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            send(1);
            await(LoopCounter.STEPS, 1);
            long before = page().count(LoopCounter.SAFE_STATES);
            await(LoopCounter.SAFE_STATES, before + 1);
            assertArrayEquals(FLAT, output());
            Thread.sleep(50);
            assertEquals(before + 1, page().count(LoopCounter.SAFE_STATES));
            send(3);
            await(LoopCounter.STEPS, 2);
            loop.stop();
            thread.join();
        }
    }

    @Test
    void shouldEndInErrorWhenTheInputIsRemoved() throws InterruptedException {
        try (ControlLoop loop = builder()
                .trigger(Trigger.frame(camera))
                .step(ControlLoopTest::twice)
                .build()) {
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            ImageStream.remove(camera.path());
            thread.join();
            assertEquals(LoopState.ERROR, loop.state());
            assertTrue(loop.failure().get().getMessage().contains("REMOVED"), page().reason());
            assertArrayEquals(FLAT, output());
        }
    }

    @Test
    void shouldSkipMomentsOfTheGridAfterALongStep() throws InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        try (ControlLoop loop = ControlLoop.named(name)
                .trigger(Trigger.timer(2 * MS).phaseNs(0))
                .deadlineNs(MS)
                .step((frame, command, none) -> {
                    if (steps.incrementAndGet() == 3) {
                        Clocks.sleepUntil(System.nanoTime() + 21 * MS);
                    }
                })
                .build()) {
            Thread thread = start(loop);
            await(LoopCounter.STEPS, 10);
            loop.stop();
            thread.join();
            LoopSnapshot page = page();
            assertTrue(page.count(LoopCounter.SKIPPED) >= 9, "skipped " + page.count(LoopCounter.SKIPPED));
            assertTrue(page.count(LoopCounter.OVERRUNS) >= 1);
            assertEquals(2 * MS, page.periodNs());
        }
    }

    @Test
    void shouldRunAllMomentsOfTheGridToCatchUp() throws InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        AtomicLong first = new AtomicLong();
        try (ControlLoop loop = ControlLoop.named(name)
                .trigger(Trigger.timer(2 * MS))
                .onOverrun(OverrunPolicy.CATCH_UP)
                .deadlineNs(MS)
                .step((frame, command, none) -> {
                    first.compareAndSet(0, System.nanoTime());
                    if (steps.incrementAndGet() == 3) {
                        Clocks.sleepUntil(System.nanoTime() + 21 * MS);
                    }
                })
                .build()) {
            Thread thread = start(loop);
            await(LoopCounter.STEPS, 50);
            loop.stop();
            thread.join();
            assertEquals(0, page().count(LoopCounter.SKIPPED));
            // The grid is absolute: no step can run before its moment.
            assertTrue(System.nanoTime() - first.get() >= 2 * MS * (49 - 1));
        }
    }

    @Test
    void shouldDiscardALateCommandOrEnterErrorIfToldSo() throws InterruptedException {
        Step<Void> slow = (frame, command, none) -> {
            twice(frame, command, none);
            Clocks.sleepUntil(System.nanoTime() + 3 * MS);
        };
        try (ControlLoop loop = builder()
                .trigger(Trigger.frame(camera))
                .deadlineNs(MS)
                .onOverrun(OverrunPolicy.DISCARD_COMMAND)
                .step(slow)
                .build()) {
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            send(1);
            await(LoopCounter.OVERRUNS, 1);
            loop.stop();
            thread.join();
            assertEquals(0, page().count(LoopCounter.STEPS));
            assertFalse(loop.lastCommand().isPresent());
        }
        try (ControlLoop loop = builder()
                .trigger(Trigger.frame(camera))
                .deadlineNs(MS)
                .onOverrun(OverrunPolicy.ENTER_ERROR)
                .step(slow)
                .build()) {
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            send(1);
            thread.join();
            assertEquals(LoopState.ERROR, loop.state());
            assertTrue(loop.failure().get().getMessage().contains("deadline"));
        }
    }

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
            assertEquals(page().count(LoopCounter.STEPS) + 1, gains.get().first());
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
                    twice(frame, command, none);
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

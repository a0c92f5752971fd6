package org.shmrt.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.engine.EngineAccess;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopSnapshot;
import org.shmrt.telemetry.LoopState;

/** Triggers, policies and states of a loop, in one process. */
@Timeout(600)
class ControlLoopTest extends LoopFixture {
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
                    twice(frame, command);
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
                    twice(frame, command);
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
                    twice(frame, command);
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
                    twice(frame, command);
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
            await(LoopCounter.SAFE_STATES, 1); // the first frame is late
            send(1);
            await(LoopCounter.STEPS, 1);
            await(LoopCounter.SAFE_STATES, 2);
            assertArrayEquals(FLAT, output());
            Thread.sleep(50);
            assertEquals(2, page().count(LoopCounter.SAFE_STATES));
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
        try (ControlLoop loop = ControlLoop.named(name)
                .trigger(Trigger.timer(2 * MS))
                .onOverrun(OverrunPolicy.CATCH_UP)
                .deadlineNs(MS)
                .step((frame, command, none) -> {
                    if (steps.incrementAndGet() == 3) {
                        Clocks.sleepUntil(System.nanoTime() + 21 * MS);
                    }
                })
                .build()) {
            long startNs = System.nanoTime();
            Thread thread = start(loop);
            await(LoopCounter.STEPS, 50);
            loop.stop();
            thread.join();
            assertEquals(0, page().count(LoopCounter.SKIPPED));
            // The grid is absolute: no step can run before its moment.
            assertTrue(System.nanoTime() - startNs >= 2 * MS * 49);
        }
    }

    @Test
    void shouldDiscardALateCommandOrEnterErrorIfToldSo() throws InterruptedException {
        Step<Void> slow = (frame, command, none) -> {
            twice(frame, command);
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

    /**
     * Full semaphores are not posted: the JIT compiler would leave the posts out of the code of a publication. On a busy
     * machine a short warm-up may have too few steps, so a longer one follows.
     */
    @Test
    void shouldPostTheSemaphoresOfTheScratchOutputAgainAndAgainInTheWarmUp() {
        int posts = 0;
        for (int ms = 300; ms <= 20_000 && posts <= 3; ms *= 2) {
            posts = postsToEmptySemaphores(Duration.ofMillis(ms));
        }
        assertTrue(posts > 3, posts + " posts");
    }

    private int postsToEmptySemaphores(Duration warmUp) {
        AtomicInteger posts = new AtomicInteger();
        List<ImageStream> scratchOutput = new ArrayList<>();
        try (ControlLoop loop = builder()
                .trigger(Trigger.frame(camera))
                .step((frame, command, none) -> {
                    if (scratchOutput.isEmpty()) {
                        scratchOutput.add(ImageStream.open(scratchOf(mirror)));
                    }
                    // Empty now: the publication after this step posts it.
                    boolean isEmpty = EngineAccess.mapped(scratchOutput.get(0))
                                    .semaphores()
                                    .current(0)
                                    .value()
                            == 0;
                    posts.addAndGet(isEmpty ? 1 : 0);
                    twice(frame, command);
                })
                .build()) {
            loop.warmUp(warmUp);
        } finally {
            scratchOutput.forEach(ImageStream::close);
        }
        return posts.get();
    }

    private Path scratchOf(ImageStream stream) {
        String start = stream.path().getFileName().toString().replace(".im.shm", "-warmup");
        try (Stream<Path> files = Files.list(scratch.directory())) {
            return files.filter(file -> file.getFileName().toString().startsWith(start))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

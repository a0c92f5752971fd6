package org.shmrt.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.stream.StreamSet;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.telemetry.LoopState;

/** What runs between the sleep of a loop and its next frame. */
@Timeout(600)
class PrefetchTest extends LoopFixture {
    private static final long PERIOD_NS = 5 * MS;

    /** Sends frames at a rate that the loop can learn, until something has happened. */
    private void sendUntil(BooleanSupplier done) throws InterruptedException {
        for (int i = 1; !done.getAsBoolean(); i++) {
            send(i);
            Thread.sleep(PERIOD_NS / MS);
        }
    }

    @Test
    void shouldRunOnScratchMemoryBeforeAFrameIsDue() throws InterruptedException {
        send(7);
        AtomicInteger prefetches = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        try (ControlLoop loop = builder()
                .trigger(Trigger.frame(camera).sleepThenSpin())
                .step(LoopFixture::twice)
                .prefetch((frame, command, none) -> {
                    prefetches.incrementAndGet();
                    boolean isOld = frame.get(ValueLayout.JAVA_FLOAT, 0) == 7 && frame.isReadOnly();
                    wrong.addAndGet(isOld && command.byteSize() == 8 ? 0 : 1);
                    command.fill((byte) 0x7f);
                })
                .build()) {
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            sendUntil(() -> prefetches.get() >= 5);
            send(1000);
            while (output()[0] != 2000) { // the step of the frame before may not have ended
                Thread.sleep(1);
            }
            loop.stop();
            thread.join();

            assertEquals(0, wrong.get());
            assertEquals(LoopState.IDLE, loop.state());
            assertArrayEquals(new float[] {2000, 2000}, loop.lastCommand().get().toArray(ValueLayout.JAVA_FLOAT));
        }
    }

    @Test
    void shouldEndTheLoopInErrorWhenItFails() throws InterruptedException {
        try (ControlLoop loop = builder()
                .trigger(Trigger.frame(camera).sleepThenSpin())
                .step(LoopFixture::twice)
                .prefetch((frame, command, none) -> {
                    throw new IllegalStateException("no table");
                })
                .build()) {
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            sendUntil(() -> !thread.isAlive());
            thread.join();

            assertEquals(LoopState.ERROR, loop.state());
            assertEquals("no table", loop.failure().get().getMessage());
            assertArrayEquals(FLAT, output());
        }
    }

    @Test
    @Tag("slow")
    void shouldRunInTheWarmUpToo() {
        AtomicInteger prefetches = new AtomicInteger();
        try (ControlLoop loop = builder()
                .trigger(Trigger.frame(camera).sleepThenSpin())
                .rateHz(200)
                .step(LoopFixture::twice)
                .prefetch((frame, command, none) -> prefetches.incrementAndGet())
                .build()) {
            loop.warmUp();
        }
        assertTrue(prefetches.get() > 0);
        assertFalse(hasScratchStreams());
    }

    private boolean hasScratchStreams() {
        return scratch.files().stream().anyMatch(file -> file.contains("-warmup"));
    }

    @Test
    void shouldNeedATriggerThatPolls() {
        for (Trigger trigger : new Trigger[] {
            Trigger.frame(camera).semaphore(), Trigger.frame(camera).hybrid(MS), Trigger.timer(MS),
        }) {
            LoopBuilder<Void> builder =
                    builder().trigger(trigger).step(LoopFixture::twice).prefetch(LoopFixture::twice);
            String message =
                    assertThrows(IllegalStateException.class, builder::build).getMessage();
            assertTrue(message.contains("use sleepThenSpin()"), message);
        }
        try (StreamSet set = StreamSet.any(WaitStrategy.spin(), camera);
                ControlLoop loop = builder()
                        .trigger(Trigger.frames(set).sleepThenSpin())
                        .step(LoopFixture::twice)
                        .prefetch(LoopFixture::twice)
                        .build()) {
            assertEquals(LoopState.STANDBY, loop.state());
        }
    }
}

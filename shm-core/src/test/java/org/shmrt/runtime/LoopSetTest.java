package org.shmrt.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.StreamSet;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopSnapshot;
import org.shmrt.telemetry.LoopState;
import org.shmrt.testing.ChildJvm;

/** Loops that are triggered by several streams. */
@Tag("slow")
@Timeout(600)
class LoopSetTest extends LoopFixture {
    private ImageStream second;
    private FrameWriter secondFrames;
    private StreamSet set;

    @BeforeEach
    void createSecond() {
        second = ImageStream.create(
                scratch.directory().resolve(scratch.prefix() + "second.im.shm"),
                StreamSpec.dao(DataType.FLOAT32, Shape.of(2)).withDepth(8));
        secondFrames = second.writer();
    }

    @AfterEach
    void closeSecond() {
        if (set != null) {
            set.close();
        }
        second.close();
    }

    private static void send(FrameWriter writer, long id) {
        writer.frameId(id);
        writer.write(MemorySegment.ofArray(new float[] {id, id}));
    }

    private void sum(MemorySegment command) {
        for (int i = 0; i < 2; i++) {
            command.setAtIndex(
                    ValueLayout.JAVA_FLOAT,
                    i,
                    set.frame(0).getAtIndex(ValueLayout.JAVA_FLOAT, i)
                            + set.frame(1).getAtIndex(ValueLayout.JAVA_FLOAT, i));
        }
    }

    @ParameterizedTest
    @CsvSource({"sem, as set", "spin, as set", "hybrid, sleepThenSpin"})
    void shouldRunAStepForEachMatch(String wait, String trigger) throws InterruptedException {
        WaitStrategy strategy = switch (wait) {
            case "sem" -> WaitStrategy.semaphore();
            case "spin" -> WaitStrategy.spin();
            default -> WaitStrategy.hybrid(200_000);
        };
        set = StreamSet.matchedById(strategy, camera, second);
        Trigger matches = Trigger.frames(set);
        AtomicLong bytes = new AtomicLong(-1);
        send(frames, 100);
        send(secondFrames, 100); // before the loop runs: no trigger
        try (ControlLoop loop = builder()
                .trigger(trigger.equals("sleepThenSpin") ? matches.sleepThenSpin() : matches)
                .step((frame, command, none) -> {
                    bytes.set(frame.byteSize());
                    sum(command);
                })
                .build()) {
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            for (int i = 1; i <= 20; i++) {
                send(frames, 100 + i);
                send(secondFrames, 100 + i);
                await(LoopCounter.STEPS, i);
                assertArrayEquals(new float[] {200 + 2 * i, 200 + 2 * i}, output());
                assertEquals(100 + i, mirror.status().cnt2());
            }
            loop.stop();
            thread.join();

            LoopSnapshot page = page();
            assertEquals(20, page.count(LoopCounter.STEPS));
            assertEquals(0, page.count(LoopCounter.MISSED));
            assertEquals(0, page.count(LoopCounter.UNMATCHED));
            assertEquals(20, page.histogram(LoopMeasure.END_TO_END).count());
            assertEquals(0, bytes.get());
            assertEquals(new StreamSet.Totals(20, 20, 0, 0, 0), set.totals(0));
        }
    }

    @Test
    void shouldCountUnmatchedAndMissedFramesOnThePage() throws InterruptedException {
        set = StreamSet.matchedById(WaitStrategy.semaphore(), second, camera);
        try (ControlLoop loop = builder()
                .trigger(Trigger.frames(set))
                .step((frame, command, none) -> {
                    if (set.frameId(0) == 5) {
                        // Both come during the step: the first match is missed.
                        for (int id : new int[] {6, 7}) {
                            send(secondFrames, id);
                        }
                    }
                    sum(command);
                })
                .build()) {
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            for (int id = 1; id <= 5; id++) {
                send(secondFrames, id);
            }
            send(frames, 5); // the others have no partner
            await(LoopCounter.STEPS, 1);
            assertEquals(4, page().count(LoopCounter.UNMATCHED));
            send(frames, 7);
            await(LoopCounter.STEPS, 2);
            assertEquals(5, page().count(LoopCounter.UNMATCHED));
            assertArrayEquals(new float[] {14, 14}, output());
            loop.stop();
            thread.join();
        }
    }

    @Test
    void shouldCountUnmatchedFramesWhileOneStreamHasStopped() throws InterruptedException {
        set = StreamSet.matchedById(WaitStrategy.semaphore(), camera, second);
        try (ControlLoop loop = builder()
                .trigger(Trigger.frames(set))
                .step((frame, command, none) -> sum(command))
                .build()) {
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            for (long id = 1; page().count(LoopCounter.UNMATCHED) < 10; id++) {
                send(frames, id);
                Thread.sleep(1);
            }
            assertEquals(0, page().count(LoopCounter.STEPS));
            loop.stop();
            thread.join();
        }
    }

    @Test
    void shouldEndInErrorAfterAMissedMatchIfToldSo() throws InterruptedException {
        set = StreamSet.all(WaitStrategy.semaphore(), camera, second);
        try (ControlLoop loop = builder()
                .trigger(Trigger.frames(set))
                .onMissedFrame(MissedFramePolicy.ENTER_ERROR)
                .step((frame, command, none) -> {
                    sum(command);
                    if (set.count(1) == 1) {
                        send(secondFrames, 2);
                        send(secondFrames, 3);
                        send(frames, 2);
                    }
                })
                .build()) {
            Thread thread = start(loop);
            await(LoopState.RUNNING);
            send(frames, 1);
            send(secondFrames, 1);
            thread.join();
            assertEquals(LoopState.ERROR, loop.state());
            assertTrue(page().reason().contains("1 frames were missed"), page().reason());
            assertArrayEquals(FLAT, output());
        }
    }

    @Test
    void shouldEndInErrorWhenAStreamIsRemovedOrTheSetIsClosed() throws InterruptedException {
        for (String cause : List.of("removed", "closed")) {
            set = StreamSet.all(WaitStrategy.semaphore(), camera, second);
            try (ControlLoop loop = builder()
                    .trigger(Trigger.frames(set))
                    .step((frame, command, none) -> sum(command))
                    .build()) {
                Thread thread = start(loop);
                await(LoopState.RUNNING);
                if (cause.equals("closed")) {
                    set.close();
                } else {
                    ImageStream.remove(second.path());
                }
                thread.join();
                assertEquals(LoopState.ERROR, loop.state());
                String reason = loop.failure().get().getMessage();
                assertTrue(
                        reason.contains(cause.equals("closed") ? "set of inputs was closed" : "second.im.shm is gone"),
                        reason);
                assertArrayEquals(FLAT, output());
            }
            set.close();
            if (cause.equals("removed")) {
                second.close();
                createSecond();
            }
        }
    }

    @ParameterizedTest
    @Timeout(600)
    @CsvSource({"all, sem", "any, spin", "id, hybrid", "time, sem"})
    void shouldArmOnScratchStreamsAndRunOnItsOwn(String matching, String wait) throws InterruptedException {
        List<String> flags = List.of("-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED");
        try (ChildProcess child = ChildProcess.start(ChildJvm.command(
                flags,
                LoopSetChild.class,
                name,
                matching,
                wait,
                camera.path().toString(),
                second.path().toString()))) {
            assertEquals("warm: steps in the warm-up true, own streams true, totals 0", child.line());
            assertEquals("IDLE", child.line());
            await(LoopState.RUNNING);
            for (int id = 1; id <= 500; id++) {
                frames.frameId(id);
                secondFrames.frameId(id);
                MemorySegment frame = MemorySegment.ofArray(new float[] {id, id});
                long nowNs = System.currentTimeMillis() * 1_000_000;
                frames.claim().copyFrom(frame);
                frames.publish(nowNs + camera.layout().clock().offsetNs());
                secondFrames.claim().copyFrom(frame);
                secondFrames.publish(nowNs + second.layout().clock().offsetNs());
                child.send("next");
                child.expect("stepped");
            }
            child.send("stop");
            long bytes = Long.parseLong(child.line());
            assertEquals(0, child.exitCode(), child.errors());
            assertTrue(bytes < 20_000, bytes + " bytes in some 500 steps");
        }
        assertTrue(scratch.files().stream().noneMatch(file -> file.contains("-warmup")), "scratch streams remain");
    }
}

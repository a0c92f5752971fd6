package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.Semaphore;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.PythonPeer;
import org.shmrt.testing.Scratch;

/**
 * The effect of posts on programs that use the C library's semaphores, sleep without a time limit and count tokens: each
 * frame below the cap is one token, and a token wakes a sleeping program.
 */
@Timeout(600)
@Tag("slow")
class SemaphorePostTest {
    private static final long S = 1_000_000_000L;
    private static final int FRAMES = 3000;
    private static final int MILK_CAP = 10;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final MemorySegment frame = MemorySegment.ofArray(new byte[16]);
    private Path path;

    @BeforeEach
    void choosePath() {
        PythonPeer.assumePresent();
        path = scratch.stream("cam");
    }

    private ImageStream create(String format) {
        return ImageStream.create(path, StreamSpec.of(format, DataType.UINT8, Shape.of(4, 4)));
    }

    private ChildProcess peer(String what, ImageStream stream, int index) {
        SemaphoreLayout semaphores = stream.layout().semaphores();
        return semaphores.isInFile()
                ? PythonPeer.start(
                        "semaphore_peer.py", what, path, semaphores.offset() + (long) index * Semaphore.BYTES)
                : PythonPeer.start("semaphore_peer.py", what, semaphores.names().get(index));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldWakeSleepersOfTheCLibraryForEachFrame(String format) {
        try (ImageStream stream = create(format);
                FrameWriter writer = stream.writer();
                ChildProcess first = peer("sleep", stream, 0);
                ChildProcess second = peer("sleep", stream, 5)) {
            first.expect("asleep");
            second.expect("asleep");
            for (int count = 1; count <= FRAMES; count++) {
                writer.write(frame);
                first.expect("woken " + count);
                second.expect("woken " + count);
            }
        }
    }

    /** Posts from every value between 0 and the cap, while another program takes tokens. */
    @Test
    void shouldPostOneTokenForEachFrameBelowTheCapWhileAnotherProgramTakes() {
        try (ImageStream stream = create("milk");
                FrameWriter writer = stream.writer();
                Arena arena = Arena.ofShared();
                ChildProcess taker = peer("take", stream, 3)) {
            Semaphore semaphore = semaphore(stream, arena, 3);
            taker.expect("taking");
            int frames = 20 * FRAMES;
            for (int i = 0; i < frames; i++) {
                awaitBelow(MILK_CAP, semaphore, taker);
                writer.write(frame);
            }
            taker.send("stop");
            taker.expect("taken " + frames);
            assertEquals(0, semaphore.value());
        }
    }

    /** A semaphore that was empty for the frame before is posted before the others are looked at. */
    @Test
    void shouldPostOneTokenForEachFrameWhetherASemaphoreIsEmptiedInBetweenOrNot() {
        try (ImageStream stream = create("milk");
                FrameWriter writer = stream.writer();
                Arena arena = Arena.ofShared()) {
            Semaphore emptied = semaphore(stream, arena, 3);
            Semaphore left = semaphore(stream, arena, 4);
            int[] expected = {1, 1, 1, 2, 3, 1, 1, 2};
            boolean[] isEmptied = {false, true, true, false, false, true, true, false};
            for (int i = 0; i < expected.length; i++) {
                if (isEmptied[i]) {
                    emptied.drain();
                }
                writer.write(frame);
                assertEquals(expected[i], emptied.value(), "frame " + (i + 1));
                assertEquals(i + 1, left.value());
            }
        }
    }

    @Test
    void shouldNotPostASemaphoreThatWasDamagedAfterItWasEmptied() {
        try (ImageStream stream = create("milk");
                FrameWriter writer = stream.writer();
                Arena arena = Arena.ofShared()) {
            Semaphore semaphore = semaphore(stream, arena, 3);
            long offset = stream.layout().semaphores().offset() + 3L * Semaphore.BYTES;
            MemorySegment file = MappedFile.readWrite(path, arena).segment();
            writer.write(frame);
            semaphore.drain();
            writer.write(frame);
            semaphore.drain();
            file.set(ValueLayout.JAVA_INT, offset + Semaphore.SHARED_WORD, 77);

            writer.write(frame);

            assertEquals(0, semaphore.value());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldLeaveExactlyTheCapToAProgramThatComesLate(String format) {
        try (ImageStream stream = create(format);
                FrameWriter writer = stream.writer()) {
            int cap = stream.layout().semaphores().cap();
            for (int frames = 0; frames <= MILK_CAP + 2; frames++) {
                for (int i = 0; i < frames; i++) {
                    writer.write(frame);
                }
                try (ChildProcess taker = peer("take", stream, 7)) {
                    taker.expect("taking");
                    taker.send("stop");
                    taker.expect("taken " + Math.min(frames, cap));
                }
            }
        }
    }

    /** Writers that share a stream also post exactly one token for each frame. */
    @Test
    void shouldCountTheFramesOfTwoWritersThatShareAStream() throws InterruptedException {
        try (ImageStream stream = create("milk");
                Arena arena = Arena.ofShared();
                ChildProcess taker = peer("take", stream, 3)) {
            Semaphore semaphore = semaphore(stream, arena, 3);
            taker.expect("taking");
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    try (ImageStream own = ImageStream.open(path);
                            FrameWriter writer = own.sharedWriter()) {
                        for (int n = 0; n < FRAMES; n++) {
                            // One less, because both writers may have read the same value.
                            awaitBelow(MILK_CAP - 1, semaphore, taker);
                            writer.write(frame);
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            taker.send("stop");
            taker.expect("taken " + 2 * FRAMES);
        }
    }

    /** A second program posts at the same time: two posts may leave one token, but never none. */
    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldLoseNoWakeUpBesideASecondPoster(String format) throws InterruptedException {
        try (ImageStream stream = create(format);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.semaphore(4));
                Arena arena = Arena.ofShared()) {
            Semaphore semaphore = semaphore(stream, arena, 4);
            Thread posting = Thread.ofPlatform().daemon().start(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    if (semaphore.value() < MILK_CAP) {
                        semaphore.post();
                    }
                }
            });
            for (int count = 1; count <= FRAMES; count++) {
                writer.write(frame);
                assertEquals(Verdict.FRESH, reader.awaitNext(60 * S));
                assertTrue(semaphore.value() >= 0 && semaphore.value() <= 2 * MILK_CAP);
            }
            posting.interrupt();
            posting.join();
        }
    }

    /** Waits until the taker has made room. Fails with its error output if it has ended. */
    private static void awaitBelow(int limit, Semaphore semaphore, ChildProcess taker) {
        while (semaphore.value() >= limit) {
            if (taker.hasEnded()) {
                throw new AssertionError("the taker has ended with " + taker.exitCode() + ": " + taker.errors());
            }
            Thread.onSpinWait();
        }
    }

    private Semaphore semaphore(ImageStream stream, Arena arena, int index) {
        SemaphoreLayout layout = stream.layout().semaphores();
        return layout.isInFile()
                ? Semaphore.inMemory(
                        MappedFile.readWrite(path, arena)
                                .segment()
                                .asSlice(layout.offset() + (long) index * Semaphore.BYTES),
                        "peer")
                : Semaphore.open(layout.names().get(index), arena);
    }
}

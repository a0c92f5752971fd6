package org.shmrt.stream.format.dao;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.testing.Scratch;

/** The named semaphores of a DAO stream: ten for readers and one for the log. */
@Timeout(600)
class DaoSemaphoresTest {
    private static final StreamSpec SPEC = StreamSpec.dao(DataType.UINT8, Shape.of(3, 4));

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @Test
    void shouldKeepEachSemaphoreAtOneForAnyNumberOfFrames() {
        Path path = scratch.stream("cam");
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameWriter writer = stream.writer()) {
            for (int i = 0; i < 5; i++) {
                writer.write(MemorySegment.ofArray(new byte[12]));

                assertEquals(Collections.nCopies(11, 1), DaoSemaphoreValues.of(path));
            }
        }
    }

    @Test
    void shouldResetSemaphoresOfAnEarlierStream() throws IOException {
        Path path = scratch.stream("cam");
        try (ImageStream earlier = ImageStream.create(path, SPEC);
                FrameWriter writer = earlier.writer()) {
            writer.write(MemorySegment.ofArray(new byte[12]));
        }
        Files.delete(path);
        assertEquals(Collections.nCopies(11, 1), DaoSemaphoreValues.of(path));

        ImageStream.create(path, SPEC).close();

        assertEquals(Collections.nCopies(11, 0), DaoSemaphoreValues.of(path));
    }

    @Test
    void shouldRemoveTheSemaphoresOfAStreamThatOneOfAnotherFormatReplaces() {
        Path path = scratch.stream("cam");
        Path other = scratch.stream("other");
        ImageStream.create(other, SPEC).close();
        ImageStream.create(path, SPEC).close();

        ImageStream.create(path, StreamSpec.milk(DataType.UINT8, Shape.of(3, 4)).replacingExisting())
                .close();

        assertEquals(11, scratch.semaphores().size(), "the semaphores of the other stream");
        assertTrue(scratch.semaphores().stream().allMatch(name -> name.startsWith(DaoNames.local(other))));
    }

    @Test
    void shouldKeepTheSemaphoresOfAStreamWhenALinkToItIsReplaced() throws IOException {
        Path path = scratch.stream("cam");
        Path link = scratch.stream("link");
        ImageStream.create(path, SPEC).close();
        Files.createSymbolicLink(link, path);

        ImageStream.create(link, StreamSpec.milk(DataType.UINT8, Shape.of(3, 4)).replacingExisting())
                .close();

        assertEquals(11, scratch.semaphores().size());
    }

    @Test
    void shouldReplaceADamagedStreamByOneOfAnotherFormat() throws IOException {
        Path path = scratch.stream("cam");
        Files.write(path, new byte[5000]);

        ImageStream.create(path, StreamSpec.milk(DataType.UINT8, Shape.of(3, 4)).replacingExisting())
                .close();

        assertEquals(List.of(), scratch.semaphores());
    }

    @Test
    void shouldCreateMissingSemaphoresOnOpen() {
        Path path = scratch.stream("cam");
        ImageStream.create(path, SPEC).close();
        scratch.semaphores().forEach(Semaphore::unlink);

        ImageStream.open(path).close();

        assertEquals(11, scratch.semaphores().size());
        assertEquals(Collections.nCopies(11, 0), DaoSemaphoreValues.of(path));
    }

    @Test
    void shouldWakeASleeperByItsSemaphoreAndKeepTheOthersPosted() throws Exception {
        Path path = scratch.stream("cam");
        int byToken = 0;
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.semaphore(3))) {
            // Between two sleeps the reader may see the counter first, and then the token remains.
            for (int i = 0; i < 20 || (byToken < 5 && i < 100); i++) {
                FutureTask<Verdict> waiting = new FutureTask<>(() -> reader.awaitNext(30_000_000_000L));
                Thread.ofPlatform().daemon().start(waiting);
                while (!hasSleeper(stream, 3) && !waiting.isDone()) {
                    Thread.onSpinWait();
                }
                writer.write(MemorySegment.ofArray(new byte[12]));
                assertEquals(Verdict.FRESH, waiting.get());

                List<Integer> values = DaoSemaphoreValues.of(path);
                byToken += 1 - values.get(3);
                values.subList(3, 4).clear();
                assertEquals(Collections.nCopies(10, 1), values);
            }
        }
        assertTrue(byToken >= 5, "woken by the semaphore " + byToken + " times");
    }

    /** In glibc's sem_t the number of waiters follows the value. */
    private static boolean hasSleeper(ImageStream stream, int index) throws IOException {
        String name = stream.layout().semaphores().names().get(index);
        return Files.readAllBytes(Semaphore.file(name))[4] != 0;
    }

    @Test
    void shouldShareSemaphoresBetweenStreamsWithTheSameHandle() throws IOException {
        Path one = scratch.stream("cam");
        Path other = Files.createDirectory(scratch.directory().resolve("other"))
                .resolve(one.getFileName().toString().replace(".im.shm", ".two.im.shm"));
        try (ImageStream first = ImageStream.create(one, SPEC);
                FrameWriter writer = first.writer()) {
            writer.write(MemorySegment.ofArray(new byte[12]));
            ImageStream.create(other, SPEC).close();
            assertEquals(
                    Collections.nCopies(11, 0),
                    DaoSemaphoreValues.of(one),
                    "the new stream starts with all semaphores at zero");

            try (ImageStream second = ImageStream.open(other);
                    FrameReader reader = second.reader(WaitStrategy.spin())) {
                writer.write(MemorySegment.ofArray(new byte[12]));

                assertEquals(Collections.nCopies(11, 1), DaoSemaphoreValues.of(other));
                assertEquals(Verdict.TIMED_OUT, reader.awaitNext(1_000_000L), "a token does not mean a frame");
            }
        }
        assertEquals(11, scratch.semaphores().size());
        ImageStream.remove(other);
    }

    @Test
    void shouldRemoveExtraneousSemaphoresOnCreateAndRemove() {
        Path path = scratch.stream("cam");
        String local = DaoNames.local(path);
        makeSemaphores(local + "_sem10", local + "_sem99");

        ImageStream.create(path, SPEC).close();

        assertEquals(11, scratch.semaphores().size());
        makeSemaphores(local + "_sem10");
        ImageStream.remove(path);
        assertEquals(List.of(), scratch.semaphores());
    }

    @Test
    void shouldReportAnExtraneousSemaphoreAndNotUseIt() {
        Path path = scratch.stream("cam");
        ImageStream.create(path, SPEC).close();
        assertEquals(List.of(), StreamInfo.of(path).warnings());
        makeSemaphores(DaoNames.local(path) + "_sem10");

        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(new byte[12]));
        }

        assertEquals(Collections.nCopies(11, 1), DaoSemaphoreValues.of(path));
        assertTrue(StreamInfo.of(path).warnings().getFirst().contains("_sem10 beyond the stream's 10"));
    }

    @Test
    void shouldNameSemaphoresOfAHiddenFileWithoutItsDot() {
        Path plain = scratch.stream("cam");
        Path path = plain.resolveSibling("." + plain.getFileName());
        makeSemaphores("." + DaoNames.local(path) + "_semlog");

        ImageStream.create(path, SPEC).close();

        assertEquals(11, scratch.semaphores().size());
        assertFalse(Files.exists(Semaphore.file("." + DaoNames.local(path) + "_semlog")));
        ImageStream.remove(path);
        assertEquals(List.of(), scratch.semaphores());
    }

    @Test
    void shouldFindTheSemaphoresOfTheTargetThroughALink() throws IOException {
        Path path = scratch.stream("cam");
        Path link = Files.createSymbolicLink(scratch.stream("alias"), path);
        ImageStream.create(path, SPEC).close();

        try (ImageStream stream = ImageStream.open(link);
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(new byte[12]));
        }

        assertEquals(Collections.nCopies(11, 1), DaoSemaphoreValues.of(path));
        assertEquals(11, scratch.semaphores().size());
    }

    private static void makeSemaphores(String... names) {
        try (Arena arena = Arena.ofConfined()) {
            for (String name : names) {
                Semaphore.create(name, Permissions.exactly(0600), 0, arena);
            }
        }
    }
}

package org.shmrt.stream.format.dao;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Semaphore;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.testing.PythonPeer;
import org.shmrt.testing.Scratch;

/** The files of a stream's semaphores are removed or truncated while a writer and readers use them. */
@Timeout(600)
class DaoLostSemaphoresTest {
    private static final StreamSpec SPEC = StreamSpec.dao(DataType.UINT8, Shape.of(3, 4));
    private static final List<Integer> ALL_POSTED = Collections.nCopies(11, 1);
    private static final long FOREVER = Long.MAX_VALUE;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final MemorySegment frame = MemorySegment.ofArray(new byte[12]);
    private Path path;

    @BeforeEach
    void choosePath() {
        path = scratch.stream("cam");
    }

    private static Path file(ImageStream stream, int index) {
        return Semaphore.file(stream.layout().semaphores().names().get(index));
    }

    private void removeSemaphores() throws IOException {
        for (String name : scratch.semaphores()) {
            Files.delete(Semaphore.file(name));
        }
    }

    private static void truncate(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
    }

    @Test
    void shouldPostTheNewSemaphoresAfterTheOldOnesWereRemoved() throws IOException, InterruptedException {
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameWriter writer = stream.writer()) {
            writer.write(frame);
            removeSemaphores();
            try (ImageStream later = ImageStream.open(path)) {
                assertEquals(Collections.nCopies(11, 0), DaoSemaphoreValues.of(path));

                while (!DaoSemaphoreValues.of(path).equals(ALL_POSTED)) {
                    writer.write(frame);
                    Thread.sleep(1);
                }

                try (FrameReader reader = later.reader(WaitStrategy.semaphore())) {
                    long count = writer.write(frame);
                    assertEquals(Verdict.FRESH, reader.awaitNext(FOREVER));
                    assertEquals(count, reader.count());
                }
            }
        }
    }

    @Test
    void shouldKeepTheSemaphoresOfAnOpenStreamWhenANamesakeIsRemoved() throws IOException {
        Path namesake =
                Files.createDirectory(scratch.directory().resolve("other")).resolve(path.getFileName());
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameWriter writer = stream.writer()) {
            ImageStream.create(namesake, SPEC).close();

            String warning = ImageStream.remove(namesake).orElseThrow();

            assertTrue(warning.contains(path.toString()), warning);
            assertEquals(11, scratch.semaphores().size());
            writer.write(frame);
            assertEquals(ALL_POSTED, DaoSemaphoreValues.of(path));
        }
        assertEquals(Optional.empty(), ImageStream.remove(path));
        assertEquals(List.of(), scratch.semaphores());
    }

    @Test
    void shouldKeepTheSemaphoresOfANamesakeInTheSameDirectoryThatNobodyHasOpen() {
        Path namesake = path.resolveSibling(path.getFileName().toString().replace(".im.shm", ".two.im.shm"));
        ImageStream.create(path, SPEC).close();
        ImageStream.create(namesake, SPEC).close();

        String warning = ImageStream.remove(namesake).orElseThrow();

        assertTrue(warning.contains(path.toString()), warning);
        assertEquals(11, scratch.semaphores().size());
        assertEquals(Optional.empty(), ImageStream.remove(path));
        assertEquals(List.of(), scratch.semaphores());
    }

    @Test
    void shouldReportAWriterThatUsesRemovedSemaphores() throws IOException, InterruptedException {
        PythonPeer.assumePresent();
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameWriter writer = stream.writer()) {
            String name = stream.layout().semaphores().names().get(3);
            Files.delete(Semaphore.file(name));
            try (ChildProcess peer = PythonPeer.start("semaphore_peer.py", "take", name)) {
                peer.expect("taking");

                String warning = StreamInfo.of(path).warnings().getFirst();

                assertTrue(
                        warning.startsWith("process " + ProcessHandle.current().pid()), warning);
                assertTrue(warning.contains("uses semaphores [3] that were removed"), warning);
                while (!StreamInfo.of(path).warnings().isEmpty()) {
                    writer.write(frame);
                    Thread.sleep(1);
                }
            }
        }
    }

    @Test
    void shouldReportAReaderThatUsesRemovedSemaphores() throws IOException {
        PythonPeer.assumePresent();
        try (ImageStream stream = ImageStream.create(path, SPEC)) {
            String name = stream.layout().semaphores().names().get(3);
            Files.delete(Semaphore.file(name));
            try (ChildProcess peer = PythonPeer.start("semaphore_peer.py", "take", name)) {
                peer.expect("taking");

                List<String> warnings = StreamInfo.of(path).warnings();

                assertEquals(1, warnings.size(), warnings.toString());
                assertTrue(
                        warnings.getFirst()
                                .startsWith("process " + ProcessHandle.current().pid()),
                        warnings.toString());
            }
        }
    }

    /** A waiting reader that kept removed ones open would be reported like a program that uses them. */
    @Test
    void shouldOpenAlsoTheNewSemaphoresThatAWaitingReaderDoesNotUse() throws IOException {
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            int other = reader.semaphoreIndex() == 0 ? 1 : 0;
            Files.delete(file(stream, other));
            ImageStream.open(path).close(); // creates it again
            assertEquals(1, StreamInfo.of(path).warnings().size());

            while (!StreamInfo.of(path).warnings().isEmpty()) {
                assertEquals(Verdict.TIMED_OUT, reader.awaitNext(200_000_000L));
            }
        }
    }

    /** The C library maps a semaphore that it creates under a temporary name. */
    @Test
    void shouldReportAProgramInCThatCreatedASemaphoreThatWasRemovedSince() throws IOException {
        PythonPeer.assumePresent();
        String name;
        try (ImageStream stream = ImageStream.create(path, SPEC)) {
            name = stream.layout().semaphores().names().get(3);
        }
        Files.delete(Semaphore.file(name));
        try (ChildProcess creator = PythonPeer.start("semaphore_peer.py", "hold", name, path)) {
            creator.expect("holding");
            assertEquals(List.of(), StreamInfo.of(path).warnings());
            Files.delete(Semaphore.file(name));
            try (ChildProcess later = PythonPeer.start("semaphore_peer.py", "take", name)) {
                later.expect("taking");

                assertEquals(
                        Set.of(creator.pid()),
                        StreamInfo.of(path).removedSemaphores().keySet());
            }
        }
    }

    @Test
    void shouldNameATruncatedSemaphoreAndCreateItAgainAfterItsRemoval() throws IOException {
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            Path semaphore = file(stream, 4);
            truncate(semaphore);

            IncompatibleException refusal = assertThrows(IncompatibleException.class, () -> writer.write(frame));

            assertTrue(refusal.getMessage().contains(semaphore.toString()), refusal.getMessage());
            assertEquals(Verdict.FRESH, reader.awaitNext(FOREVER), "the frame was published");
            Files.delete(semaphore);
            assertEquals(2, writer.write(frame));
            assertEquals(ALL_POSTED, DaoSemaphoreValues.of(path));
        }
    }

    @Test
    void shouldContinueToSleepOnANewSemaphoreAfterATruncatedOneWasRemoved() throws IOException {
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.semaphore(4))) {
            Path semaphore = file(stream, 4);
            truncate(semaphore);

            IncompatibleException refusal = assertThrows(IncompatibleException.class, () -> reader.awaitNext(FOREVER));

            assertTrue(refusal.getMessage().contains(semaphore.toString()), refusal.getMessage());
            Files.delete(semaphore);
            assertEquals(Verdict.TIMED_OUT, reader.awaitNext(1_000_000L));
            assertEquals(1, writer.write(frame));
            assertEquals(Verdict.FRESH, reader.awaitNext(FOREVER));
        }
    }
}

package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.array.SharedArray;
import org.shmrt.block.ShareableList;
import org.shmrt.block.SharedMemory;
import org.shmrt.environment.PlantedNamesTest.Obstacle;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Semaphore;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.inspect.StreamInspector;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.Scratch;

/** The name of an object in use is given to another file, or another process replaces the contents of its file. */
@Tag("slow")
@Timeout(600)
class ReplacedFileTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Shape SHAPE = Shape.of(6, 4);

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @RegisterExtension
    final BlockScratch shared = new BlockScratch();

    private final MemorySegment frame = MemorySegment.ofArray(new byte[24]);

    private StreamSpec spec(String format) {
        return StreamSpec.of(format, DataType.UINT8, SHAPE).withKeywords(2);
    }

    static Stream<Arguments> formatsAndObstacles() {
        return Stream.of("dao", "milk")
                .flatMap(format -> Stream.of(Obstacle.values()).map(obstacle -> Arguments.of(format, obstacle)));
    }

    @ParameterizedTest
    @MethodSource("formatsAndObstacles")
    void shouldReportAStreamWhoseNameWasGivenToAnotherFile(String format, Obstacle obstacle) throws IOException {
        Path path = scratch.stream("cam");
        Path other = Files.write(scratch.directory().resolve("other"), new byte[5000]);
        try (ImageStream stream = ImageStream.create(path, spec(format));
                FrameWriter writer = stream.writer();
                FrameReader spinning = stream.reader(WaitStrategy.spin());
                FrameReader sleeping = stream.reader(WaitStrategy.semaphore())) {
            writer.write(frame);
            assertTrue(spinning.awaitNext(SECOND).hasFrame()
                    && sleeping.awaitNext(SECOND).hasFrame());
            Files.delete(path);
            obstacle.at(path, other);

            for (FrameReader reader : List.of(spinning, sleeping)) {
                Verdict verdict = reader.awaitNext(10 * SECOND);

                assertTrue(verdict == Verdict.RECREATED || verdict == Verdict.REMOVED, verdict.toString());
                try {
                    assertFalse(reader.reattach());
                } catch (ShmException e) {
                    assertTrue(e.getMessage().contains(scratch.directory().toString()), e.getMessage());
                }
            }
            assertEquals(2, writer.write(frame), "whoever has the old file open can still use it");
            stream.status();
            stream.history().read(frame, SECOND);
            assertThrows(
                    IncompatibleException.class, () -> stream.keywordTable().set("key", 1));
        }
        for (Runnable use : List.<Runnable>of(
                () -> ImageStream.open(path),
                () -> ImageStream.open(path, Access.READ_ONLY),
                () -> StreamInfo.of(path),
                () -> StreamInspector.now().summary(path))) {
            ShmException refusal = assertThrows(ShmException.class, use::run);

            assertTrue(refusal.getMessage().lines().count() == 1, refusal.getMessage());
        }
        Files.delete(path);
        scratch.semaphores().forEach(Semaphore::unlink);
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepUsingAnArrayAndABlockWhoseNameWasGivenToAnotherFile(Obstacle obstacle) throws IOException {
        Path other = Files.write(scratch.directory().resolve("other"), new byte[5000]);
        Path file = scratch.directory().resolve("array");
        String name = shared.name("block");
        try (SharedArray array = SharedArray.create("file://" + file, DataType.UINT8, SHAPE);
                SharedMemory block = SharedMemory.create(name, 24)) {
            Files.delete(file);
            SharedMemory.remove(name);
            obstacle.at(file, other);
            obstacle.at(BlockScratch.file(name), other);

            array.setInt(7, 5, 3);
            block.write(0, frame);
            assertEquals(7, array.getInt(5, 3));
            assertEquals(0, block.buf().get(ValueLayout.JAVA_BYTE, 23));
            for (Runnable use : List.<Runnable>of(
                    () -> SharedArray.attach("file://" + file), () -> SharedArray.attachReadOnly("file://" + file))) {
                assertThrows(ShmException.class, use::run);
            }
            if (obstacle != Obstacle.HARD_LINK) {
                assertThrows(ShmException.class, () -> SharedMemory.attach(name).close());
                assertThrows(
                        ShmException.class,
                        () -> SharedMemory.attachReadOnly(name).close());
            }
            SharedArray.list();
            SharedMemory.list();
            try {
                assertFalse(block.isLinked());
                assertFalse(block.unlink());
            } catch (ShmException e) {
                assertEquals(Obstacle.LOOP, obstacle, e.getMessage());
            }
            assertThrows(ShmException.class, block::relink);
        } finally {
            Files.delete(BlockScratch.file(name));
        }
    }

    /** A FIFO is excluded: FITS files can also be read from pipes, which waits for the writing end as cat does. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FIFO")
    void shouldRejectAnythingButARegularFileAsFitsFile(Obstacle obstacle) throws IOException {
        Path other = Files.write(scratch.directory().resolve("other"), new byte[5000]);
        Path file = scratch.directory().resolve("x.fits");
        obstacle.at(file, other);

        assertThrows(ShmException.class, () -> FitsFile.read(file));
        assertThrows(ShmException.class, () -> FitsFile.header(file));
    }

    /**
     * The semaphores are removed while a reader sleeps on one, and the next process that opens the stream creates new
     * ones.
     */
    @Test
    void shouldMissNoFrameWhenItsSemaphoresAreUnlinked() throws Exception {
        Path path = scratch.stream("cam");
        try (ImageStream stream = ImageStream.create(path, spec("dao"));
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            FutureTask<Verdict> waiting = new FutureTask<>(() -> reader.awaitNext(20 * SECOND));
            Thread.ofPlatform().start(waiting);
            Thread.sleep(50);
            scratch.semaphores().forEach(Semaphore::unlink);

            try (ImageStream again = ImageStream.open(path);
                    FrameWriter writer = again.writer()) {
                assertEquals(1, writer.write(frame));

                assertEquals(Verdict.FRESH, waiting.get());
                assertNotEquals(List.of(), scratch.semaphores(), "the semaphores were created again");
            }
        }
    }

    /**
     * Another process truncates and refills the file, as DAO and cp do, alternately smaller and larger, while it is in
     * use.
     */
    @ParameterizedTest
    @CsvSource({"stream, dao", "stream, milk", "array, array", "list, list", "fits, fits"})
    void shouldSurviveAnotherProcessThatKeepsReplacingTheObject(String scenario, String kind) throws Exception {
        Path path = kind.equals("list")
                ? BlockScratch.file(shared.name("moving"))
                : kind.equals("fits") ? scratch.directory().resolve("x.fits") : scratch.stream("cam");
        Path small = create(kind, Shape.of(8, 8), "small");
        Path large = create(kind, Shape.of(300, 200), "large");
        Files.copy(large, path);
        // milk keeps its semaphores in the file and creates a new file; the others refill the existing one
        String fill = kind.equals("milk")
                ? "cp \"$0\" \"$2.tmp\"; mv \"$2.tmp\" \"$2\"; cp \"$1\" \"$2.tmp\"; mv \"$2.tmp\" \"$2\""
                : "cat \"$0\" > \"$2\"; cat \"$1\" > \"$2\"";
        Path stop = scratch.directory().resolve("stop");
        try (ChildProcess child = MaliciousPeerChild.start(scenario, path, 2000, 0);
                ChildProcess replacing = ChildProcess.start(List.of(
                        "sh",
                        "-c",
                        "while [ ! -e \"$3\" ]; do " + fill + "; sleep 0.05; done",
                        small.toString(),
                        large.toString(),
                        path.toString(),
                        stop.toString()))) {
            List<String> last = child.finish();
            // Not killed, because the program that it runs at that moment would create the file again later.
            Files.createFile(stop);
            replacing.finish();
            String[] counts = last.getLast().split(" ");
            assertTrue(Long.parseLong(counts[0]) > 0, last.toString());
        } finally {
            Files.deleteIfExists(path);
            Files.deleteIfExists(Path.of(path + ".tmp"));
            scratch.semaphores().forEach(Semaphore::unlink);
        }
    }

    private Path create(String kind, Shape shape, String name) throws IOException {
        Path file = scratch.directory().resolve(scratch.prefix() + name);
        MemorySegment data = MemorySegment.ofArray(new byte[(int) shape.elementCount()]);
        switch (kind) {
            case "array" ->
                SharedArray.create("file://" + file, DataType.UINT8, shape).close();
            case "fits" -> FitsFile.write(file, new MemoryImage(DataType.UINT8, shape, data), FitsOptions.defaults());
            case "list" -> {
                String block = shared.name(name);
                ShareableList.create(block, List.of("x".repeat((int) shape.elementCount()), 1L))
                        .close();
                Files.move(BlockScratch.file(block), file);
            }
            default ->
                ImageStream.create(
                                file,
                                StreamSpec.of(kind, DataType.UINT8, shape)
                                        .withKeywords(2)
                                        .withFirstFrame(data))
                        .close();
        }
        return file;
    }
}

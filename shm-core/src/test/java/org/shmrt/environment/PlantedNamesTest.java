package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.array.SharedArray;
import org.shmrt.block.SharedMemory;
import org.shmrt.cacao.FitsLoader;
import org.shmrt.cacao.LinkRequest;
import org.shmrt.cacao.LoadRequest;
import org.shmrt.cacao.StreamLinks;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.Semaphore;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Scratch;

/**
 * Another user has placed a link or another obstacle under a name that ShmRT is about to use, in a directory where
 * every user may create files.
 */
@Timeout(600)
class PlantedNamesTest {
    private static final byte[] SECRET = "of another user".getBytes(StandardCharsets.UTF_8);
    private static final Shape SHAPE = Shape.of(4, 6);
    private static final long MAX_RESET_CPU_NS = 10_000_000_000L;
    private static final long RACE_NS = 1_500_000_000L;
    private static final long MAX_RACE_NS = 60_000_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @RegisterExtension
    final BlockScratch shared = new BlockScratch();

    private final MemoryImage image = new MemoryImage(DataType.UINT8, SHAPE, MemorySegment.ofArray(new byte[24]));
    private Path target;

    /** What another user may have placed where a file is to be created. */
    enum Obstacle {
        LINK,
        DANGLING,
        LOOP,
        HARD_LINK,
        FIFO,
        DIRECTORY;

        void at(Path name, Path target) throws IOException {
            switch (this) {
                case LINK -> Files.createSymbolicLink(name, target);
                case DANGLING -> Files.createSymbolicLink(name, target.resolveSibling("not-there"));
                case LOOP -> Files.createSymbolicLink(name, name);
                case HARD_LINK -> Files.createLink(name, target);
                case FIFO -> assertTrue(ExternalCommand.succeeds("mkfifo", name.toString()));
                default -> Files.createDirectory(name);
            }
        }
    }

    @BeforeEach
    void writeTarget() throws IOException {
        target = Files.write(scratch.directory().resolve("target"), SECRET);
    }

    @AfterEach
    void targetIsUnchanged() throws IOException {
        assertArrayEquals(SECRET, Files.readAllBytes(target));
        assertFalse(Files.exists(scratch.directory().resolve("not-there")));
    }

    private StreamSpec spec(String format) {
        return StreamSpec.of(format, DataType.UINT8, SHAPE);
    }

    @ParameterizedTest
    @EnumSource
    void shouldCreateNothingWhereAnObstacleExists(Obstacle obstacle) throws IOException {
        for (String format : List.of("dao", "milk")) {
            Path path = scratch.stream(format);
            obstacle.at(path, target);
            assertThrows(AlreadyExistsException.class, () -> ImageStream.create(path, spec(format)));
            Files.delete(path);
        }
        Path array = scratch.directory().resolve("array");
        obstacle.at(array, target);
        assertThrows(AlreadyExistsException.class, () -> SharedArray.create("file://" + array, DataType.UINT8, SHAPE));
        Path block = BlockScratch.file(shared.name("block"));
        obstacle.at(block, target);
        assertThrows(AlreadyExistsException.class, () -> SharedMemory.create(shared.name("block"), 10));
        Files.delete(block);
        assertEquals(List.of(), scratch.semaphores());
    }

    /** Replacing works for anything but a directory. */
    @ParameterizedTest
    @EnumSource
    void shouldReplaceTheObstacleAndNotItsTarget(Obstacle obstacle) throws IOException {
        for (String format : List.of("dao", "milk")) {
            Path path = scratch.stream(format);
            obstacle.at(path, target);
            if (obstacle == Obstacle.DIRECTORY) {
                assertThrows(
                        ShmException.class,
                        () -> ImageStream.create(path, spec(format).replacingExisting())
                                .close());
                Files.delete(path);
            } else {
                ImageStream.create(path, spec(format).replacingExisting()).close();
                assertTrue(Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS));
            }
        }
        Path fits = scratch.directory().resolve("x.fits");
        obstacle.at(fits, target);
        if (obstacle != Obstacle.DIRECTORY && obstacle != Obstacle.FIFO) {
            FitsFile.write(fits, image, FitsOptions.defaults());
            assertTrue(Files.isRegularFile(fits, LinkOption.NOFOLLOW_LINKS));
        }
    }

    /** If the C library used an empty file as a semaphore, it would crash the process. */
    @ParameterizedTest
    @EnumSource
    void shouldNotUseAnObstacleAsSemaphore(Obstacle obstacle) throws IOException {
        Path path = scratch.stream("cam");
        Path semaphore = Semaphore.file(semaphore(path, "_sem03"));
        Path near = scratch.directory().resolve("near");
        obstacle.at(obstacle == Obstacle.HARD_LINK ? near : semaphore, target);
        if (obstacle == Obstacle.HARD_LINK) {
            Files.createLink(semaphore, Files.createFile(scratch.directory().resolve("empty")));
        }
        try {
            ShmException refusal = assertThrows(ShmException.class, () -> ImageStream.create(path, spec("dao")));

            assertTrue(refusal.getMessage().contains(semaphore.toString()), refusal.getMessage());
            assertFalse(Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        } finally {
            Files.delete(semaphore);
        }
        assertEquals(List.of(), scratch.semaphores());
        assertEquals(List.of(), scratch.stillOpen());
    }

    @Test
    void shouldReportALinkInPlaceOfASemaphore() throws IOException {
        Path semaphore = Semaphore.file(scratch.prefix() + "one");
        Obstacle.LINK.at(semaphore, target);
        try (Arena arena = Arena.ofConfined()) {
            IncompatibleException refusal =
                    assertThrows(IncompatibleException.class, () -> Semaphore.open(scratch.prefix() + "one", arena));
            assertTrue(refusal.getMessage().contains("symbolic link"), refusal.getMessage());
        } finally {
            Files.delete(semaphore);
        }
    }

    /** Taking the tokens of such a semaphore one by one would keep the processor busy for a minute. */
    @Test
    void shouldResetAPlantedSemaphoreWithTheMaximumValue() throws IOException {
        Path path = scratch.stream("cam");
        Path semaphore = Semaphore.file(semaphore(path, "_sem03"));
        byte[] full = new byte[Semaphore.BYTES];
        ByteBuffer.wrap(full)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, Integer.MAX_VALUE)
                .putInt(8, 128);
        Files.write(semaphore, full, StandardOpenOption.CREATE_NEW);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long startNs = threads.getCurrentThreadCpuTime();

        ImageStream.create(path, spec("dao")).close();

        assertTrue(threads.getCurrentThreadCpuTime() - startNs < MAX_RESET_CPU_NS);
        assertEquals(
                0,
                ByteBuffer.wrap(Files.readAllBytes(semaphore))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getInt(0));
    }

    /** A child keeps creating and removing links where ShmRT is about to create files. */
    @Test
    void shouldNeverFollowALinkPlantedConcurrently() throws Exception {
        Path stream = scratch.stream("cam");
        Path fits = scratch.directory().resolve("x.fits");
        Path block = BlockScratch.file(shared.name("block"));
        String script = """
            import os,sys
            v=sys.argv[1]
            print('started',flush=True)
            while True:
              for n in sys.argv[2:]:
                try: os.symlink(v,n)
                except OSError: pass
                try:
                  if os.path.islink(n): os.unlink(n)
                except OSError: pass
            """;
        Map<String, Integer> counts = new TreeMap<>();
        try (ChildProcess child = ChildProcess.start(List.of(
                "python3", "-c", script, target.toString(), stream.toString(), fits.toString(), block.toString()))) {
            assertEquals("started", child.line());
            long startNs = System.nanoTime();
            while (System.nanoTime() - startNs < RACE_NS
                    || (!hasSucceeded(counts) && System.nanoTime() - startNs < MAX_RACE_NS)) {
                attempt(counts, "create", () -> {
                    ImageStream.create(stream, spec("dao")).close();
                    Files.deleteIfExists(stream);
                });
                attempt(counts, "replace", () -> {
                    ImageStream.create(stream, spec("dao").replacingExisting()).close();
                    Files.deleteIfExists(stream);
                });
                attempt(counts, "write", () -> FitsFile.write(fits, image, FitsOptions.defaults()));
                attempt(counts, "block", () -> {
                    try (SharedMemory created = SharedMemory.create(shared.name("block"), 24)) {
                        created.write(0, image.data());
                        created.unlink();
                    }
                });
            }
        } finally {
            Files.deleteIfExists(block);
            Files.deleteIfExists(stream);
            scratch.semaphores().forEach(Semaphore::unlink);
        }
        assertTrue(hasSucceeded(counts), counts::toString);
    }

    private static boolean hasSucceeded(Map<String, Integer> counts) {
        return counts.getOrDefault("replace succeeded", 0) > 0 && counts.getOrDefault("write succeeded", 0) > 0;
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private static void attempt(Map<String, Integer> counts, String name, Attempt attempt) throws IOException {
        try {
            attempt.run();
            counts.merge(name + " succeeded", 1, Integer::sum);
        } catch (ShmException e) {
            counts.merge(name + " refused", 1, Integer::sum);
        }
    }

    /** The name of an object must not lead to another directory. */
    @ParameterizedTest
    @ValueSource(strings = {"../x", "/x", "a/b", "..", ".", "", "a\0b"})
    void shouldRejectNamesThatLeaveTheirDirectory(String name) {
        List<Consumer<String>> functions = List.of(
                bad -> SharedMemory.create(bad, 10),
                SharedMemory::attach,
                SharedMemory::remove,
                bad -> SharedArray.create("shm://" + noRoot(bad), DataType.UINT8, SHAPE),
                bad -> SharedArray.attach("shm://" + noRoot(bad)),
                bad -> SharedArray.delete("shm://" + noRoot(bad)),
                bad -> Semaphore.create(bad, Permissions.withUmask(0600), 0, Arena.ofAuto()),
                Semaphore::unlink,
                bad -> FitsLoader.load(LoadRequest.builder(scratch.stream("s").toString())
                        .prefix(bad + "/")
                        .directory(scratch.directory())
                        .build()),
                bad -> StreamLinks.link(LinkRequest.builder(scratch.stream("s").toString())
                        .source(target.toString())
                        .prefix(bad + "/")
                        .directory(scratch.directory())
                        .existingStream(LinkRequest.ExistingStream.REMOVE)
                        .build()));
        for (Consumer<String> function : functions) {
            assertThrows(IllegalArgumentException.class, () -> function.accept(name));
        }
        assertEquals(List.of("target"), scratch.files());
    }

    /** As in POSIX, names of SharedArray may start with a slash that is not part of the name. */
    private static String noRoot(String name) {
        return name.startsWith("/") ? "a" + name : name;
    }

    private static String semaphore(Path path, String which) {
        String file = path.getFileName().toString();
        return file.substring(0, file.indexOf('.')) + which;
    }
}

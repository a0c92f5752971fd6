package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
import org.shmrt.posix.Semaphore;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Scratch;

/** Somebody was there first, in a directory where anybody may make files, and planted what is to be followed. */
@Timeout(60)
class PlantedNamesTest {
    private static final byte[] SECRET = "of somebody else".getBytes(StandardCharsets.UTF_8);
    private static final Shape SHAPE = Shape.of(4, 6);

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @RegisterExtension
    final BlockScratch shared = new BlockScratch();

    private final MemoryImage image = new MemoryImage(DataType.UINT8, SHAPE, MemorySegment.ofArray(new byte[24]));
    private Path victim;

    /** What may lie where a file is to be made. */
    enum Plant {
        LINK,
        DANGLING,
        LOOP,
        HARD_LINK,
        FIFO,
        DIRECTORY;

        void at(Path name, Path victim) throws IOException {
            switch (this) {
                case LINK -> Files.createSymbolicLink(name, victim);
                case DANGLING -> Files.createSymbolicLink(name, victim.resolveSibling("not-there"));
                case LOOP -> Files.createSymbolicLink(name, name);
                case HARD_LINK -> Files.createLink(name, victim);
                case FIFO -> assertTrue(ExternalCommand.succeeds("mkfifo", name.toString()));
                default -> Files.createDirectory(name);
            }
        }
    }

    @BeforeEach
    void writeVictim() throws IOException {
        victim = Files.write(scratch.directory().resolve("victim"), SECRET);
    }

    @AfterEach
    void victimIsAsItWas() throws IOException {
        assertArrayEquals(SECRET, Files.readAllBytes(victim));
        assertFalse(Files.exists(scratch.directory().resolve("not-there")));
    }

    private StreamSpec spec(String format) {
        return StreamSpec.of(format, DataType.UINT8, SHAPE);
    }

    @ParameterizedTest
    @EnumSource
    void shouldMakeNothingWhereSomethingWasPlanted(Plant plant) throws IOException {
        for (String format : List.of("dao", "milk")) {
            Path path = scratch.stream(format);
            plant.at(path, victim);
            assertThrows(AlreadyExistsException.class, () -> ImageStream.create(path, spec(format)));
            Files.delete(path);
        }
        Path array = scratch.directory().resolve("array");
        plant.at(array, victim);
        assertThrows(AlreadyExistsException.class, () -> SharedArray.create("file://" + array, DataType.UINT8, SHAPE));
        Path block = BlockScratch.file(shared.name("block"));
        plant.at(block, victim);
        assertThrows(AlreadyExistsException.class, () -> SharedMemory.create(shared.name("block"), 10));
        Files.delete(block);
        assertEquals(List.of(), scratch.semaphores());
    }

    /** Replacing takes the name away from whatever has it; a directory cannot be replaced. */
    @ParameterizedTest
    @EnumSource
    void shouldReplaceWhatWasPlantedAndNotWhatItLeadsTo(Plant plant) throws IOException {
        for (String format : List.of("dao", "milk")) {
            Path path = scratch.stream(format);
            plant.at(path, victim);
            if (plant == Plant.DIRECTORY) {
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
        plant.at(fits, victim);
        if (plant != Plant.DIRECTORY && plant != Plant.FIFO) {
            FitsFile.write(fits, image, FitsOptions.defaults());
            assertTrue(Files.isRegularFile(fits, LinkOption.NOFOLLOW_LINKS));
        }
    }

    /** In the place of a semaphore. An empty file there would be the death of a process that lets the library use it. */
    @ParameterizedTest
    @EnumSource
    void shouldFollowNothingThatWasPlantedForASemaphore(Plant plant) throws IOException {
        Path path = scratch.stream("cam");
        Path semaphore = Semaphore.file(semaphore(path, "_sem03"));
        Path near = scratch.directory().resolve("near");
        plant.at(plant == Plant.HARD_LINK ? near : semaphore, victim);
        if (plant == Plant.HARD_LINK) {
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
    void shouldSayThatALinkWasPlantedForASemaphoreOrABlock() throws IOException {
        Path semaphore = Semaphore.file(scratch.prefix() + "one");
        Plant.LINK.at(semaphore, victim);
        try (Arena arena = Arena.ofConfined()) {
            IncompatibleException refusal =
                    assertThrows(IncompatibleException.class, () -> Semaphore.open(scratch.prefix() + "one", arena));
            assertTrue(refusal.getMessage().contains("symbolic link"), refusal.getMessage());
        } finally {
            Files.delete(semaphore);
        }
    }

    /** Taking its tokens one by one would take a minute. */
    @Test
    @Timeout(20)
    void shouldEmptyASemaphoreThatWasPlantedFull() throws IOException {
        Path path = scratch.stream("cam");
        Path semaphore = Semaphore.file(semaphore(path, "_sem03"));
        byte[] full = new byte[Semaphore.BYTES];
        ByteBuffer.wrap(full)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, Integer.MAX_VALUE)
                .putInt(8, 128);
        Files.write(semaphore, full, StandardOpenOption.CREATE_NEW);

        ImageStream.create(path, spec("dao")).close();

        assertEquals(
                0,
                ByteBuffer.wrap(Files.readAllBytes(semaphore))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getInt(0));
    }

    /** A child that puts a link where we are about to make a file, and takes it away again, as fast as it can. */
    @Test
    void shouldLoseNoRaceAgainstWhoPlantsLinks() throws Exception {
        Path stream = scratch.stream("cam");
        Path fits = scratch.directory().resolve("x.fits");
        Path block = BlockScratch.file(shared.name("block"));
        String script = """
            import os,sys
            v=sys.argv[1]
            print('begun',flush=True)
            while True:
              for n in sys.argv[2:]:
                try: os.symlink(v,n)
                except OSError: pass
                try:
                  if os.path.islink(n): os.unlink(n)
                except OSError: pass
            """;
        Map<String, Integer> counts = new TreeMap<>();
        try (ChildProcess planting = ChildProcess.start(List.of(
                "python3", "-c", script, victim.toString(), stream.toString(), fits.toString(), block.toString()))) {
            assertEquals("begun", planting.line());
            for (long endNs = System.nanoTime() + 1_500_000_000L; System.nanoTime() < endNs; ) {
                tried(counts, "create", () -> {
                    ImageStream.create(stream, spec("dao")).close();
                    Files.deleteIfExists(stream);
                });
                tried(counts, "replace", () -> {
                    ImageStream.create(stream, spec("dao").replacingExisting()).close();
                    Files.deleteIfExists(stream);
                });
                tried(counts, "write", () -> FitsFile.write(fits, image, FitsOptions.defaults()));
                tried(counts, "block", () -> {
                    try (SharedMemory made = SharedMemory.create(shared.name("block"), 24)) {
                        made.write(0, image.data());
                        made.unlink();
                    }
                });
            }
        } finally {
            Files.deleteIfExists(block);
            Files.deleteIfExists(stream);
            scratch.semaphores().forEach(Semaphore::unlink);
        }
        assertTrue(
                counts.getOrDefault("replace well", 0) > 0 && counts.getOrDefault("write well", 0) > 0,
                counts::toString);
    }

    private interface Attempt {
        void make() throws IOException;
    }

    private static void tried(Map<String, Integer> counts, String name, Attempt attempt) throws IOException {
        try {
            attempt.make();
            counts.merge(name + " well", 1, Integer::sum);
        } catch (ShmException e) {
            counts.merge(name + " refused", 1, Integer::sum);
        }
    }

    /** Nothing that names one object may lead to another place. */
    @ParameterizedTest
    @ValueSource(strings = {"../x", "/x", "a/b", "..", ".", "", "a\0b"})
    void shouldKeepNamesInTheirDirectory(String name) {
        List<Consumer<String>> takers = List.of(
                bad -> SharedMemory.create(bad, 10),
                SharedMemory::attach,
                SharedMemory::remove,
                bad -> SharedArray.create("shm://" + noRoot(bad), DataType.UINT8, SHAPE),
                bad -> SharedArray.attach("shm://" + noRoot(bad)),
                bad -> SharedArray.delete("shm://" + noRoot(bad)),
                bad -> Semaphore.create(bad, 0600, false, 0, Arena.ofAuto()),
                Semaphore::unlink,
                bad -> FitsLoader.load(LoadRequest.of(scratch.stream("s").toString())
                        .withPrefix(bad + "/")
                        .withDirectory(scratch.directory())),
                bad -> StreamLinks.link(
                        victim.toString(), scratch.stream("s").toString(), bad + "/", scratch.directory(), true));
        for (Consumer<String> taker : takers) {
            assertThrows(IllegalArgumentException.class, () -> taker.accept(name));
        }
        assertEquals(List.of("victim"), scratch.files());
    }

    /** SharedArray's names may begin with a slash, as those of POSIX do; it is no part of them. */
    private static String noRoot(String name) {
        return name.startsWith("/") ? "a" + name : name;
    }

    private static String semaphore(Path path, String which) {
        String file = path.getFileName().toString();
        return file.substring(0, file.indexOf('.')) + which;
    }
}

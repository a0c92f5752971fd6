package org.shmrt.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.error.NoSpaceException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Scratch;

/** Arrays that their file system has no room for. */
@Timeout(60)
class ArrayNoSpaceTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    @RegisterExtension
    final BlockScratch shared = new BlockScratch();

    private Path small;

    @BeforeEach
    void mountSmallFileSystem() throws IOException {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "only root can mount a small tmpfs");
        small = Files.createDirectory(scratch.directory().resolve("small"));
        Assumptions.assumeTrue(
                ExternalCommand.succeeds("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString()),
                "mounting a small tmpfs is not permitted here");
    }

    @AfterEach
    void unmount() {
        if (small != null) {
            ExternalCommand.succeeds("umount", small.toString());
        }
    }

    private List<Path> files() {
        try (Stream<Path> entries = Files.list(small)) {
            return entries.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldSayHowMuchIsNeededAndFreeAndHowToEnlargeIt() {
        NoSpaceException refusal = assertThrows(
                NoSpaceException.class,
                () -> SharedArray.create("file://" + small.resolve("a"), DataType.FLOAT64, Shape.of(200, 1000)));

        String message = refusal.getMessage();
        assertTrue(message.contains("needed: " + (200 * 1000 * 8 + 292) + " bytes"), message);
        assertTrue(message.contains("free: 1048576 bytes of 1048576 bytes"), message);
        assertTrue(message.contains("mount -o remount,size=3M " + small), message);
        assertEquals(List.of(), files());
        assertEquals(List.of(), scratch.stillOpen());
    }

    /** Half a petabyte: no shared memory holds it. */
    @Test
    void shouldSayTheSameOfSharedMemory() {
        String name = shared.name("huge");

        NoSpaceException refusal = assertThrows(
                NoSpaceException.class, () -> SharedArray.create(name, DataType.FLOAT64, Shape.of(1L << 46)));

        assertTrue(refusal.getMessage().contains("mount -o remount,size="), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("/dev/shm"), refusal.getMessage());
        assertEquals(List.of(), shared.names());
    }

    @Test
    void shouldReserveEveryPageSoThatNoLaterStoreFindsNone() {
        Path path = small.resolve("a");
        try (SharedArray array = SharedArray.create("file://" + path, DataType.UINT8, Shape.of(900, 1024))) {
            assertThrows(
                    NoSpaceException.class,
                    () -> SharedArray.create("file://" + small.resolve("b"), DataType.UINT8, Shape.of(512, 1024)));

            array.copyFrom(new byte[900 * 1024]);
        }
        assertEquals(List.of(path), files());
        SharedArray.delete("file://" + path);
        assertEquals(List.of(), files());
    }
}

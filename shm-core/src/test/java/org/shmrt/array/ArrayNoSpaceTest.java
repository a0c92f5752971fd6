package org.shmrt.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.error.NoSpaceException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.UnlinkedFile;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.Scratch;
import org.shmrt.testing.SmallFileSystem;

/** Arrays that do not fit on their file system. */
@Timeout(600)
class ArrayNoSpaceTest {
    @Order(1)
    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    @RegisterExtension
    final BlockScratch shared = new BlockScratch();

    @Order(2)
    @RegisterExtension
    final SmallFileSystem small = new SmallFileSystem(scratch);

    private String name(String file) {
        return "file://" + small.directory().resolve(file);
    }

    @Test
    void shouldReportNeededAndAvailableSpaceAndHowToEnlargeIt() {
        NoSpaceException exception = assertThrows(
                NoSpaceException.class, () -> SharedArray.create(name("a"), DataType.FLOAT64, Shape.of(200, 1000)));

        String message = exception.getMessage();
        assertTrue(message.contains("needed: " + (200 * 1000 * 8 + 292) + " bytes"), message);
        assertTrue(message.contains("free: 1048576 bytes of 1048576 bytes"), message);
        assertTrue(message.contains("mount -o remount,size=3M " + small.directory()), message);
        assertEquals(List.of(), small.files());
        assertEquals(List.of(), scratch.stillOpen());
    }

    /** The array has half a petabyte, more than any shared memory. */
    @Test
    void shouldReportTheSameForSharedMemory() {
        String name = shared.name("huge");

        NoSpaceException exception = assertThrows(
                NoSpaceException.class, () -> SharedArray.create(name, DataType.FLOAT64, Shape.of(1L << 46)));

        assertTrue(exception.getMessage().contains("mount -o remount,size="), exception.getMessage());
        assertTrue(exception.getMessage().contains("/dev/shm"), exception.getMessage());
        assertEquals(List.of(), shared.names());
    }

    @Test
    void shouldSayThatThereIsNoSpaceForThePagesOfASparseArray() throws IOException {
        Path path = small.directory().resolve("a");
        SharedArray.create(name("a"), DataType.UINT8, Shape.of(700, 1024)).close();
        SmallFileSystem.makeSparse(path, 4096, 4096);
        byte[] elements = new byte[700 * 1024];
        try (SharedArray array = SharedArray.attach(name("a"))) {
            try (UnlinkedFile filler = small.fill()) {
                assertNotNull(filler);
                small.assertNoSpace(assertThrows(ShmException.class, () -> array.copyTo(elements)));
                small.assertNoSpace(assertThrows(ShmException.class, () -> array.copyFrom(elements)));
                small.assertNoSpace(assertThrows(ShmException.class, () -> array.setInt(1, 350, 0)));
                small.assertNoSpace(
                        assertThrows(ShmException.class, () -> array.slice(350).getInt(0)));
            }
            array.copyFrom(elements);
        }
        SharedArray.delete(name("a"));
    }

    @Test
    void shouldReserveAllPagesOnCreation() {
        Path path = small.directory().resolve("a");
        try (SharedArray array = SharedArray.create(name("a"), DataType.UINT8, Shape.of(900, 1024))) {
            assertThrows(
                    NoSpaceException.class, () -> SharedArray.create(name("b"), DataType.UINT8, Shape.of(512, 1024)));

            array.copyFrom(new byte[900 * 1024]);
        }
        assertEquals(List.of(path), small.files());
        SharedArray.delete(name("a"));
        assertEquals(List.of(), small.files());
    }
}

package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
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
import org.shmrt.posix.Permissions;
import org.shmrt.posix.UnlinkedFile;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.testing.Scratch;
import org.shmrt.testing.SmallFileSystem;

/** Streams that do not fit into their file system. */
@Timeout(600)
class NoSpaceTest {
    @Order(1)
    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    @Order(2)
    @RegisterExtension
    final SmallFileSystem small = new SmallFileSystem(scratch);

    @Test
    void shouldReportTheNeededAndFreeSpaceAndHowToEnlargeIt() {
        Path path = small.directory().resolve(scratch.prefix() + "cam.im.shm");
        StreamSpec spec = StreamSpec.dao(DataType.UINT8, Shape.of(1500, 1024));

        NoSpaceException refusal = assertThrows(NoSpaceException.class, () -> ImageStream.create(path, spec));

        String message = refusal.getMessage();
        assertTrue(message.contains("needed: " + (1500 * 1024 + 4304) + " bytes"), message);
        assertTrue(message.contains("free: 1048576 bytes of 1048576 bytes"), message);
        assertTrue(message.contains("mount -o remount,size=3M " + small.directory()), message);
        assertEquals(List.of(), small.files());
        assertEquals(List.of(), scratch.semaphores());
        assertEquals(List.of(), scratch.stillOpen());
    }

    @Test
    void shouldReleaseTheSpaceAfterAFailure() {
        StreamSpec big = StreamSpec.dao(DataType.UINT8, Shape.of(1500, 1024));
        StreamSpec fits = StreamSpec.dao(DataType.UINT8, Shape.of(900, 1024));
        Path path = small.directory().resolve(scratch.prefix() + "cam.im.shm");
        for (int i = 0; i < 3; i++) {
            assertThrows(NoSpaceException.class, () -> ImageStream.create(path, big));
        }

        ImageStream.create(path, fits).close();
        assertThrows(
                NoSpaceException.class,
                () -> ImageStream.create(path, fits.replacingExisting()),
                "the old and the new file exist at the same time");

        assertEquals(List.of(path), small.files());
        try (ImageStream kept = ImageStream.open(path, Access.READ_ONLY)) {
            assertEquals(Shape.of(900, 1024), kept.shape());
        }
        ImageStream.remove(path);
        assertEquals(List.of(), small.files());
    }

    @Test
    void shouldReserveEveryPageAtCreation() {
        Path path = small.directory().resolve(scratch.prefix() + "cam.im.shm");
        try (ImageStream stream = ImageStream.create(path, StreamSpec.dao(DataType.UINT8, Shape.of(900, 1024)));
                FrameWriter writer = stream.writer()) {
            assertThrows(NoSpaceException.class, () -> fill(small.directory().resolve("other"), 512 * 1024));

            assertEquals(1, writer.write(MemorySegment.ofArray(new byte[900 * 1024])));
        }
        ImageStream.remove(path);
    }

    /** As a program leaves it that sets the size of the file and nothing else. */
    @Test
    void shouldSayThatThereIsNoSpaceForThePagesOfASparseStream() throws IOException {
        Path path = small.directory().resolve(scratch.prefix() + "cam.im.shm");
        StreamSpec spec = StreamSpec.dao(DataType.UINT8, Shape.of(700, 1024));
        ImageStream.create(path, spec).close();
        SmallFileSystem.makeSparse(path, 8192, 1);
        MemorySegment frame = MemorySegment.ofArray(new byte[700 * 1024]);
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer()) {
            try (UnlinkedFile filler = small.fill()) {
                assertNotNull(filler, "the file that fills the file system until it is closed");
                for (int i = 0; i < 2; i++) {
                    NoSpaceException full = assertThrows(NoSpaceException.class, () -> writer.write(frame));
                    assertTrue(full.getMessage().contains("needed: "), full.getMessage());
                    assertTrue(full.getMessage().contains("free: "), full.getMessage());
                }
            }

            assertEquals(1, writer.write(frame));
        }
        ImageStream.remove(path);
    }

    /** The keywords of a milk stream are behind its pixels. */
    @Test
    void shouldSayThatThereIsNoSpaceToReadTheKeywordsOfASparseStream() throws IOException {
        Path path = small.directory().resolve(scratch.prefix() + "cam.im.shm");
        StreamSpec spec = StreamSpec.milk(DataType.UINT8, Shape.of(200, 1024)).withKeywords(500);
        ImageStream.create(path, spec).close();
        SmallFileSystem.makeSparse(path, 8192, 1);
        try (UnlinkedFile filler = small.fill()) {
            assertNotNull(filler);
            small.assertNoSpace(assertThrows(ShmException.class, () -> StreamInfo.of(path)));
        }
        assertEquals(List.of(), StreamInfo.of(path).keywords());
        ImageStream.remove(path);
    }

    private static void fill(Path file, long bytes) {
        try (UnlinkedFile filler = UnlinkedFile.in(file, Permissions.withUmask(0600))) {
            filler.reserve(bytes);
        }
    }
}

package org.shmrt.stream;

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
import org.shmrt.posix.UnlinkedFile;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Scratch;

/** A file system of one megabyte that is soon full. */
@Timeout(60)
class NoSpaceTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

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
        Path path = small.resolve(scratch.prefix() + "cam.im.shm");
        StreamSpec spec = StreamSpec.dao(DataType.UINT8, Shape.of(1500, 1024));

        NoSpaceException refusal = assertThrows(NoSpaceException.class, () -> ImageStream.create(path, spec));

        String message = refusal.getMessage();
        assertTrue(message.contains("needed: " + (1500 * 1024 + 4304) + " bytes"), message);
        assertTrue(message.contains("free: 1048576 bytes of 1048576 bytes"), message);
        assertTrue(message.contains("mount -o remount,size=3M " + small), message);
        assertEquals(List.of(), files());
        assertEquals(List.of(), scratch.semaphores());
        assertEquals(List.of(), scratch.stillOpen());
    }

    @Test
    void shouldLeaveTheSpaceToOthersAfterARefusal() {
        StreamSpec big = StreamSpec.dao(DataType.UINT8, Shape.of(1500, 1024));
        StreamSpec fits = StreamSpec.dao(DataType.UINT8, Shape.of(900, 1024));
        Path path = small.resolve(scratch.prefix() + "cam.im.shm");
        for (int i = 0; i < 3; i++) {
            assertThrows(NoSpaceException.class, () -> ImageStream.create(path, big));
        }

        ImageStream.create(path, fits).close();
        assertThrows(
                NoSpaceException.class,
                () -> ImageStream.create(path, fits.replacingExisting()),
                "the old and the new exist together for a moment");

        assertEquals(List.of(path), files());
        try (ImageStream kept = ImageStream.open(path, Access.READ_ONLY)) {
            assertEquals(Shape.of(900, 1024), kept.shape());
        }
        ImageStream.remove(path);
        assertEquals(List.of(), files());
    }

    @Test
    void shouldReserveEveryPageSoThatNoLaterStoreFindsNone() throws IOException {
        Path path = small.resolve(scratch.prefix() + "cam.im.shm");
        try (ImageStream stream = ImageStream.create(path, StreamSpec.dao(DataType.UINT8, Shape.of(900, 1024)));
                FrameWriter writer = stream.writer()) {
            assertThrows(NoSpaceException.class, () -> fill(small.resolve("other"), 512 * 1024));

            assertEquals(1, writer.write(java.lang.foreign.MemorySegment.ofArray(new byte[900 * 1024])));
        }
        ImageStream.remove(path);
    }

    private static void fill(Path file, long bytes) {
        try (UnlinkedFile made = UnlinkedFile.in(file, 0600, false)) {
            made.reserve(bytes);
        }
    }
}

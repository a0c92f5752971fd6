package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.array.SharedArray;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.MappedFile;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Scratch;

/** A file system of huge pages, which rounds the size of each file to a multiple of them. */
@Timeout(600)
class HugePagesTest {
    private static final Path POOL = Path.of("/proc/sys/vm/nr_hugepages");
    private static final int NEEDED_PAGES = 2;

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    private Path directory;
    private String pagesBefore;

    /** Read at once: after a short first read, the kernel does not continue this file at the right position. */
    private static String pages() throws IOException {
        return Files.readAllLines(POOL).getFirst();
    }

    @BeforeEach
    void mount() throws IOException {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "only root can mount hugetlbfs");
        Assumptions.assumeTrue(Files.isWritable(POOL), "there are no huge pages here");
        pagesBefore = pages();
        int wanted = Integer.parseInt(pagesBefore) + NEEDED_PAGES;
        try {
            Files.writeString(POOL, wanted + "\n");
        } catch (IOException e) {
            Assumptions.abort("huge pages cannot be reserved here: " + e.getMessage());
        }
        Assumptions.assumeTrue(pages().equals("" + wanted), "no memory for huge pages");
        directory = Files.createDirectory(scratch.directory().resolve("huge"));
        if (!ExternalCommand.succeeds("mount", "-t", "hugetlbfs", "none", directory.toString())) {
            directory = null;
            Assumptions.abort("mounting hugetlbfs is not permitted here");
        }
    }

    @AfterEach
    void unmount() throws IOException {
        try {
            if (directory != null) {
                boolean unmounted = ExternalCommand.succeeds("umount", directory.toString());
                if (!unmounted) {
                    ExternalCommand.succeeds("umount", "-l", directory.toString());
                }
                assertTrue(unmounted, "a file there is still mapped in this process");
            }
        } finally {
            if (pagesBefore != null) {
                Files.writeString(POOL, pagesBefore + "\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldRefuseToCreateAStreamThatNobodyCouldOpen(String format) throws IOException {
        Path path = directory.resolve(scratch.prefix() + "cam.im.shm");
        StreamSpec spec = StreamSpec.of(format, DataType.UINT8, Shape.of(4, 4));

        IncompatibleException refusal = assertThrows(IncompatibleException.class, () -> ImageStream.create(path, spec));

        assertTrue(refusal.getMessage().contains("rounds the size"), refusal.getMessage());
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
        assertEquals(List.of(), scratch.semaphores());
        try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            assertEquals(
                    List.of(),
                    mappings.filter(line -> line.contains(directory.toString())).toList());
        }
    }

    /** unmount() fails if a mapping is left. */
    @Test
    void shouldUnmapAFileThatWasMappedForReading() throws IOException {
        Path path = directory.resolve("file");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(2 << 20);
        }

        try (Arena arena = Arena.ofConfined()) {
            MappedFile mapped = MappedFile.readOnly(path, arena);
            assertEquals(0, mapped.segment().get(ValueLayout.JAVA_BYTE, mapped.byteSize() - 1));
        }

        Files.delete(path);
    }

    @Test
    void shouldRefuseToCreateAnArrayThatNobodyCouldAttach() throws IOException {
        Path path = directory.resolve("array");

        IncompatibleException refusal = assertThrows(
                IncompatibleException.class, () -> SharedArray.create("file://" + path, DataType.UINT8, Shape.of(4)));

        assertTrue(refusal.getMessage().contains("rounds the size"), refusal.getMessage());
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }
}

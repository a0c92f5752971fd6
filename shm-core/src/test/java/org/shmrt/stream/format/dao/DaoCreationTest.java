package org.shmrt.stream.format.dao;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.PosixException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Clocks;
import org.shmrt.posix.FileId;
import org.shmrt.posix.Semaphore;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Scratch;
import org.shmrt.testing.StreamChild;

@Timeout(600)
class DaoCreationTest {
    private static final StreamSpec SPEC = StreamSpec.dao(DataType.UINT8, Shape.of(3, 4));

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    /** Those of the replaced stream that the new one does not have are removed, but not from others. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLeaveTheSemaphoresOfAReplacedStreamThatANamesakeElsewhereUses(boolean mapped) throws IOException {
        Path path = scratch.stream("cam");
        Path elsewhere =
                Files.createDirectory(scratch.directory().resolve("other")).resolve(path.getFileName());
        Path beside = path.resolveSibling(path.getFileName().toString().replace(".im.", ".2.im."));
        ImageStream namesake = ImageStream.create(elsewhere, SPEC);
        List<String> semaphores = scratch.semaphores();
        if (!mapped) {
            namesake.close();
            Files.move(elsewhere, beside);
        }
        try (namesake) {
            ImageStream.create(path, SPEC).close();
            StreamSpec milk = StreamSpec.milk(DataType.UINT8, Shape.of(3, 4));

            ImageStream.create(path, milk.replacingExisting()).close();

            assertEquals(semaphores, scratch.semaphores());
        }
        ImageStream.remove(mapped ? elsewhere : beside);
        assertEquals(List.of(), scratch.semaphores());
    }

    @Test
    void shouldStartAtZeroWithAllSemaphoresAtZero() {
        Path path = scratch.stream("cam");
        try (ImageStream stream = ImageStream.create(path, SPEC)) {
            assertEquals(0, stream.status().cnt0());
            assertEquals(0, stream.status().acquiredNs());
            assertEquals(Collections.nCopies(11, 0), DaoSemaphoreValues.of(path));
        }
    }

    @Test
    void shouldStartAtOneWithAllSemaphoresPostedForAFirstFrame() {
        Path path = scratch.stream("cam");
        byte[] frame = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        try (ImageStream stream =
                        ImageStream.create(path, SPEC.withDepth(3).withFirstFrame(MemorySegment.ofArray(frame)));
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(1, stream.status().cnt0());
            assertEquals(Collections.nCopies(11, 1), DaoSemaphoreValues.of(path));
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(-1, reader.frame().mismatch(MemorySegment.ofArray(frame)));
            assertTrue(reader.isStrict());
        }
    }

    @Test
    void shouldStampTheCreationTime() {
        long before = Clocks.realtimeNs();
        try (ImageStream stream = ImageStream.create(scratch.stream("cam"), SPEC)) {
            // the format stores a double of seconds, with a resolution of a quarter of a microsecond
            assertTrue(stream.status().createdNs() >= before - 1000);
            assertTrue(stream.status().createdNs() <= Clocks.realtimeNs() + 1000);
        }
    }

    /** The umask reduces the permissions of DAO's library, but not permissions that were requested. */
    @ParameterizedTest
    @CsvSource({
        "0077, rw------- rw------- rw-rw-r-- rw-rw-r-- rw-rw-r-- rw-------",
        "0202, r-------- r--r--r-- rw-rw-r-- rw-rw-r-- rw-rw-r-- r--rw-r--"
    })
    void shouldReduceDefaultButNotRequestedPermissionsByTheUmask(String umask, String expected) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh"));
        command.addAll(ChildJvm.command(
                ChildJvm.QUICK,
                StreamChild.class,
                "permissions",
                scratch.directory().toString(),
                scratch.prefix()));
        try (ChildProcess child = ChildProcess.start(command)) {
            assertEquals(List.of(expected.split(" ")), child.finish());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0600, 0666, 0640, 0777})
    void shouldHaveExactlyTheRequestedPermissions(int permissions) throws IOException {
        Path path = scratch.stream("cam");

        ImageStream.create(path, SPEC.withPermissions(permissions)).close();

        assertEquals(permissions, bits(path));
        for (String name : scratch.semaphores()) {
            assertEquals(permissions & 0666, bits(Semaphore.file(name)), "semaphores get no execute permission");
        }
    }

    private static int bits(Path file) throws IOException {
        int bits = 0;
        for (char letter : PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                .toCharArray()) {
            bits = bits << 1 | (letter == '-' ? 0 : 1);
        }
        return bits;
    }

    @Test
    void shouldNotModifyAnExistingStream() throws IOException {
        Path path = scratch.stream("cam");
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(new byte[12]).fill((byte) 5));
            byte[] before = Files.readAllBytes(path);

            AlreadyExistsException refusal =
                    assertThrows(AlreadyExistsException.class, () -> ImageStream.create(path, SPEC));

            assertTrue(refusal.getMessage().contains(path.toString()), refusal.getMessage());
            assertArrayEquals(before, Files.readAllBytes(path));
            assertEquals(Collections.nCopies(11, 1), DaoSemaphoreValues.of(path));
            assertEquals(1, scratch.files().size());
        }
    }

    @Test
    void shouldNotModifyAnythingElseOfTheName() throws IOException {
        Path file = Files.writeString(scratch.stream("text"), "no stream");
        Path link = Files.createSymbolicLink(scratch.stream("link"), Path.of("nowhere"));
        Path directory = Files.createDirectory(scratch.directory().resolve(scratch.prefix() + "directory"));

        for (Path taken : List.of(file, link, directory)) {
            assertThrows(AlreadyExistsException.class, () -> ImageStream.create(taken, SPEC));
        }
        assertThrows(ShmException.class, () -> ImageStream.create(directory, SPEC.replacingExisting()));

        assertEquals("no stream", Files.readString(file));
        assertTrue(Files.isDirectory(directory));
        assertEquals(3, scratch.files().size());
        assertEquals(List.of(), scratch.stillOpen());
        Files.delete(link);
        scratch.semaphores().forEach(Semaphore::unlink);
    }

    @Test
    void shouldReplaceAStreamWithoutDisturbingItsReaders() {
        Path path = scratch.stream("cam");
        try (ImageStream old = ImageStream.create(path, SPEC);
                FrameWriter writer = old.writer();
                FrameReader reader = old.reader(WaitStrategy.spin())) {
            writer.write(MemorySegment.ofArray(new byte[12]).fill((byte) 5));
            FileId before = FileId.of(path);

            try (ImageStream anew = ImageStream.create(
                    path,
                    StreamSpec.dao(DataType.FLOAT64, Shape.of(2, 2, 2))
                            .withDepth(2)
                            .replacingExisting())) {
                assertFalse(FileId.of(path).isSameFile(before));
                assertEquals(0, anew.status().cnt0());
                assertEquals(Verdict.FRESH, reader.awaitNext(0));
                assertEquals(
                        -1,
                        reader.frame()
                                .mismatch(MemorySegment.ofArray(new byte[12]).fill((byte) 5)));
                assertTrue(reader.validate());
            }
            assertEquals(1, scratch.files().size());
        }
    }

    @Test
    void shouldAlsoCreateWhenThereIsNothingToReplace() {
        ImageStream.create(scratch.stream("cam"), SPEC.replacingExisting()).close();

        assertEquals(1, scratch.files().size());
    }

    @Test
    void shouldNameTheMissingDirectory() {
        Path lost = scratch.directory().resolve("missing").resolve(scratch.prefix() + "cam.im.shm");

        NotFoundException refusal = assertThrows(NotFoundException.class, () -> ImageStream.create(lost, SPEC));

        assertTrue(refusal.getMessage().contains("no directory " + lost.getParent()), refusal.getMessage());
        assertNothingIsLeft();
    }

    @Test
    void shouldRejectAPathOfMoreThan255Characters() {
        Path longest = ofLength(255);
        Path tooLong = ofLength(256);

        ImageStream.create(longest, SPEC).close();
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> ImageStream.create(tooLong, SPEC));
        assertThrows(IllegalArgumentException.class, () -> ImageStream.open(tooLong));

        assertTrue(refusal.getMessage().contains("255"), refusal.getMessage());
        assertEquals(List.of(longest.getFileName().toString()), scratch.files());
    }

    @ParameterizedTest
    @ValueSource(ints = {79, 80, 81, 84, 120, 255})
    void shouldShortenTheStoredNameOfALongPathAndWarn(int length) {
        Path path = ofLength(length);
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(new byte[12]));
            String stored = stream.layout().storedName();

            if (length < 80) {
                assertEquals(path.toString(), stored);
                assertEquals(Optional.empty(), stream.creationWarning());
            } else {
                assertTrue(stored.length() < 80, stored);
                assertTrue(path.getFileName().toString().startsWith(stored), stored);
                assertTrue(stream.creationWarning().orElseThrow().contains("79"), stream.creationWarning()::toString);
            }
        }
        try (ImageStream again = ImageStream.open(path)) {
            assertEquals(1, again.status().cnt0());
            assertEquals(Shape.of(3, 4), again.shape());
        }
    }

    @Test
    void shouldTruncateALongNameBetweenCharacters() {
        Path path = scratch.directory().resolve(scratch.prefix() + "ä".repeat(80) + ".im.shm");
        try (ImageStream stream = ImageStream.create(path, SPEC)) {
            assertTrue(path.getFileName().toString().startsWith(stream.layout().storedName()));
        }
    }

    private Path ofLength(int length) {
        String start = scratch.stream("").toString().replace(".im.shm", "");
        return Path.of(start + "x".repeat(length - start.length() - 7) + ".im.shm");
    }

    @Test
    void shouldLeaveNothingWhenASemaphoreNameWouldBeTooLong() {
        // ten names of 251 bytes fit, the 252 bytes of the log semaphore's name do not
        Path path = scratch.directory()
                .resolve(scratch.prefix() + "x".repeat(245 - scratch.prefix().length()));
        Path relative = scratch.directory().relativize(path);
        assertEquals(245, relative.toString().length());

        assertThrows(IllegalArgumentException.class, () -> ImageStream.create(path, SPEC));

        assertNothingIsLeft();
    }

    @Test
    void shouldLeaveNothingWhenASemaphoreCannotBeCreated() throws IOException {
        Path path = scratch.stream("cam");
        Path obstacle = Semaphore.file(DaoNames.local(path) + "_sem05");
        Files.createDirectory(obstacle);
        try {
            PosixException refusal = assertThrows(PosixException.class, () -> ImageStream.create(path, SPEC));

            assertTrue(refusal.getMessage().contains("_sem05"), refusal.getMessage());
        } finally {
            Files.delete(obstacle);
        }

        assertNothingIsLeft();
    }

    @Test
    void shouldKeepTheOldStreamWhenItsReplacementCannotBeCreated() throws IOException {
        Path path = scratch.stream("cam");
        try (ImageStream old = ImageStream.create(path, SPEC);
                FrameWriter writer = old.writer()) {
            writer.write(MemorySegment.ofArray(new byte[12]));
            Path obstacle = Semaphore.file(DaoNames.local(path) + "_semlog");
            Files.delete(obstacle);
            Files.createDirectory(obstacle);
            try {
                assertThrows(ShmException.class, () -> ImageStream.create(path, SPEC.replacingExisting()));
            } finally {
                Files.delete(obstacle);
            }

            assertEquals(10, scratch.semaphores().size());
            assertEquals(2, writer.write(MemorySegment.ofArray(new byte[12])));
            assertEquals(1, scratch.files().size());
        }
    }

    private void assertNothingIsLeft() {
        assertEquals(List.of(), scratch.files());
        assertEquals(List.of(), scratch.semaphores());
        assertEquals(List.of(), scratch.stillOpen());
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BOOL"})
    void shouldRejectTypesThatDaoDoesNotHave(DataType type) {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class,
                () -> ImageStream.create(scratch.stream("cam"), StreamSpec.dao(type, Shape.of(3, 4))));

        assertTrue(refusal.getMessage().contains(type.numpyName()), refusal.getMessage());
        assertNothingIsLeft();
    }

    @Test
    void shouldRejectImpossibleShapesAndCounts() {
        for (Shape shape : List.of(Shape.of(), Shape.of(0), Shape.of(3, 0), Shape.of(1, 1, 1, 1))) {
            assertThrows(IllegalArgumentException.class, () -> StreamSpec.dao(DataType.UINT8, shape));
        }
        assertThrows(IllegalArgumentException.class, () -> SPEC.withDepth(0));
        assertThrows(IllegalArgumentException.class, () -> SPEC.withKeywords(-1));
        assertThrows(IllegalArgumentException.class, () -> SPEC.withKeywords(65_536));
        assertThrows(IllegalArgumentException.class, () -> SPEC.withPermissions(01777));
        assertThrows(IllegalArgumentException.class, () -> SPEC.withFirstFrame(MemorySegment.ofArray(new byte[11])));
        assertThrows(
                IllegalArgumentException.class,
                () -> ImageStream.create(
                        scratch.stream("cam"), StreamSpec.of("nonesuch", DataType.UINT8, Shape.of(3, 4))));
        assertThrows(
                IllegalArgumentException.class,
                () -> ImageStream.create(scratch.stream("cam"), StreamSpec.dao(DataType.UINT8, Shape.of(1L << 32, 1))));
        assertThrows(
                IllegalArgumentException.class,
                () -> ImageStream.create(
                        scratch.stream("cam"),
                        StreamSpec.dao(DataType.COMPLEX128, Shape.of(1L << 31, 1L << 28))
                                .withDepth(100)));
        assertNothingIsLeft();
    }

    @Test
    void shouldRejectANameThatYieldsNoSemaphoreName() {
        for (String name : List.of("....", "...")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> ImageStream.create(scratch.directory().resolve(name), SPEC),
                    name);
        }
        assertNothingIsLeft();
    }

    @Test
    void shouldStoreAVectorAsAColumn() {
        try (ImageStream stream =
                ImageStream.create(scratch.stream("vector"), StreamSpec.dao(DataType.FLOAT32, Shape.of(7)))) {
            assertEquals(Shape.of(7, 1), stream.shape());
            assertEquals(List.of(7L, 1L), stream.layout().axes());
        }
    }

    @Test
    void shouldRemoveTheFileAndAllSemaphores() {
        Path path = scratch.stream("cam");
        ImageStream.create(path, SPEC).close();
        assertEquals(11, scratch.semaphores().size());

        ImageStream.remove(path);

        assertNothingIsLeft();
        assertThrows(NotFoundException.class, () -> ImageStream.remove(path));
    }
}

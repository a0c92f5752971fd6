package org.shmrt.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.testing.Scratch;

/** Each test runs with an unlinked file, and with one that has a temporary name. */
@Timeout(600)
class UnlinkedFileTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private Path target;

    @BeforeEach
    void chooseTarget() {
        target = scratch.directory().resolve("target");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLeaveNothingWhenItIsNotLinked(boolean nameless) {
        try (UnlinkedFile file = UnlinkedFile.in(target, Permissions.withUmask(0600), nameless)) {
            file.reserve(4096);
            assertFalse(Files.exists(target));
            assertEquals(nameless ? 0 : 1, scratch.files().size());
        }

        assertEquals(List.of(), scratch.files());
    }

    @Test
    void shouldCloseAFileWhoseTemporaryNameCannotBeRemoved() throws IOException {
        UnlinkedFile file = UnlinkedFile.in(target, Permissions.withUmask(0600), false);
        Path temp = scratch.directory().resolve(scratch.files().getFirst());
        Files.delete(temp);
        Files.createDirectories(temp.resolve("below"));

        ShmException refusal = assertThrows(ShmException.class, file::close);

        assertTrue(refusal.getMessage().contains("cannot remove the incomplete file"), refusal.getMessage());
        assertEquals(List.of(), scratch.stillOpen());
        file.close();
        Files.delete(temp.resolve("below"));
        Files.delete(temp);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAppearCompleteUnderItsName(boolean nameless) throws IOException {
        try (UnlinkedFile file = UnlinkedFile.in(target, Permissions.withUmask(0600), nameless);
                Arena arena = Arena.ofConfined()) {
            file.reserve(8192);
            MemorySegment memory = file.map(8192, arena);
            memory.set(ValueLayout.JAVA_BYTE, 8191, (byte) 7);

            file.link();

            assertTrue(file.id().isSameFile(FileId.of(target)));
            assertEquals(8192, FileId.of(target).byteSize());
        }
        assertEquals(List.of("target"), scratch.files());
        byte[] content = Files.readAllBytes(target);
        assertEquals(7, content[8191]);
        assertEquals(0, content[0]);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotTouchAnExistingFile(boolean nameless) throws IOException {
        Files.writeString(target, "older");

        try (UnlinkedFile file = UnlinkedFile.in(target, Permissions.withUmask(0600), nameless)) {
            file.reserve(100);
            AlreadyExistsException refusal = assertThrows(AlreadyExistsException.class, () -> file.link());
            assertTrue(refusal.getMessage().contains(target.toString()), refusal.getMessage());
        }

        assertEquals("older", Files.readString(target));
        assertEquals(List.of("target"), scratch.files());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReplaceAnExistingFileAtomically(boolean nameless) throws IOException {
        Files.writeString(target, "older");
        FileId older = FileId.of(target);

        try (UnlinkedFile file = UnlinkedFile.in(target, Permissions.withUmask(0600), nameless)) {
            file.reserve(100);
            file.replace();
        }

        assertFalse(FileId.of(target).isSameFile(older));
        assertEquals(100, FileId.of(target).byteSize());
        assertEquals(List.of("target"), scratch.files());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLinkToAFreeNameWhenReplacing(boolean nameless) {
        try (UnlinkedFile file = UnlinkedFile.in(target, Permissions.withUmask(0600), nameless)) {
            file.reserve(10);
            file.replace();
        }

        assertEquals(List.of("target"), scratch.files());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReplaceALinkAndNotItsTarget(boolean nameless) throws IOException {
        Path other = Files.writeString(scratch.directory().resolve("other"), "kept");
        Files.createSymbolicLink(target, other);

        try (UnlinkedFile file = UnlinkedFile.in(target, Permissions.withUmask(0600), nameless)) {
            file.reserve(10);
            assertThrows(AlreadyExistsException.class, () -> file.link());
            file.replace();
        }

        assertFalse(Files.isSymbolicLink(target));
        assertEquals("kept", Files.readString(other));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldHaveExactlyTheRequestedPermissions(boolean nameless) throws IOException {
        for (int permissions : new int[] {0666, 0640, 0777}) {
            try (UnlinkedFile file = UnlinkedFile.in(target, Permissions.exactly(permissions), nameless)) {
                file.replace();
            }

            assertEquals(Integer.toOctalString(permissions), octal(target));
        }
    }

    private static String octal(Path file) throws IOException {
        int bits = 0;
        for (char letter : PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                .toCharArray()) {
            bits = bits << 1 | (letter == '-' ? 0 : 1);
        }
        return Integer.toOctalString(bits);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNameTheMissingDirectory(boolean nameless) {
        Path lost = scratch.directory().resolve("missing").resolve("file");

        NotFoundException refusal = assertThrows(
                NotFoundException.class, () -> UnlinkedFile.in(lost, Permissions.withUmask(0600), nameless));

        assertTrue(refusal.getMessage().contains("missing"), refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotBeCreatedBelowAFile(boolean nameless) throws IOException {
        Files.writeString(target, "a file");

        assertThrows(
                ShmException.class,
                () -> UnlinkedFile.in(target.resolve("below"), Permissions.withUmask(0600), nameless));

        assertEquals(List.of("target"), scratch.files());
    }
}

package org.shmrt.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NoSpaceException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.image.TestImages;

class OutputFileTest {
    private static final byte[] CONTENT = {1, 2, 3};

    @TempDir
    Path directory;

    @Test
    void shouldReplaceAFileAndKeepItsPermissions() throws IOException {
        Path file = directory.resolve("file");
        Files.write(file, new byte[100]);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        OutputFile.write(file, out -> out.write(CONTENT));
        assertArrayEquals(CONTENT, Files.readAllBytes(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void shouldKeepTheOldFileAndNothingElseWhenWritingFails() throws IOException {
        Path file = directory.resolve("file");
        OutputFile.write(file, out -> out.write(CONTENT));
        ShmException failure = assertThrows(
                ShmException.class,
                () -> OutputFile.write(file, out -> {
                    out.write(9);
                    throw new IOException("lightning\nstruck");
                }));
        TestImages.assertOneLine(failure, file.toString(), "lightning");
        assertThrows(
                IllegalStateException.class,
                () -> OutputFile.write(file, out -> {
                    out.write(9);
                    throw new IllegalStateException("not ours");
                }));
        assertArrayEquals(CONTENT, Files.readAllBytes(file));
        Files.delete(file);
        TestImages.assertNothingLeftIn(directory);
    }

    @Test
    void shouldNotShowTheFileBeforeItIsComplete() {
        Path file = directory.resolve("file");
        OutputFile.write(file, out -> {
            out.write(CONTENT);
            assertFalse(Files.exists(file));
        });
        assertTrue(Files.exists(file));
    }

    @Test
    void shouldRejectADirectoryAndAMissingParent() throws IOException {
        Path child = directory.resolve("missing").resolve("file");
        TestImages.assertOneLine(
                assertThrows(NotFoundException.class, () -> write(child)), child.toString(), "there is no directory");
        TestImages.assertOneLine(
                assertThrows(IncompatibleException.class, () -> write(directory)),
                directory.toString(),
                "is a directory");
        assertThrows(IncompatibleException.class, () -> write(Path.of("/")));
        assertThrows(IncompatibleException.class, () -> write(Path.of("")));
        TestImages.assertNothingLeftIn(directory);
        Path file = Files.write(directory.resolve("file"), CONTENT);
        TestImages.assertOneLine(
                assertThrows(IncompatibleException.class, () -> write(file.resolve("x"))),
                file.toString(),
                "is not a directory");
    }

    @Test
    void shouldReportADirectoryThatIsNotWritable() throws IOException {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(closed), "root may write everywhere");
        TestImages.assertOneLine(
                assertThrows(AccessDeniedException.class, () -> write(closed.resolve("file"))),
                "permission denied",
                closed.toString());
    }

    @Test
    void shouldReportAFullFileSystem() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "there is no such device");
        TestImages.assertOneLine(assertThrows(NoSpaceException.class, () -> write(full)), "no space", "/dev/full");
    }

    @Test
    void shouldWriteIntoADeviceInsteadOfReplacingIt() {
        Path device = Path.of("/dev/null");
        assumeTrue(Files.isWritable(device), "there is no such device");
        write(device);
        assertTrue(Files.exists(device));
        assertFalse(Files.isRegularFile(device));
    }

    @Test
    void shouldReplaceALinkInsteadOfFollowingIt() throws IOException {
        Path precious = Files.write(directory.resolve("precious"), new byte[7]);
        Path link = Files.createSymbolicLink(directory.resolve("link"), precious);
        write(link);
        assertFalse(Files.isSymbolicLink(link));
        assertArrayEquals(new byte[7], Files.readAllBytes(precious));
        assertArrayEquals(CONTENT, Files.readAllBytes(link));
    }

    private static void write(Path file) {
        OutputFile.write(file, out -> out.write(CONTENT));
    }
}

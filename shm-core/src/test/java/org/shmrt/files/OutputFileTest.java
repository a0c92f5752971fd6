package org.shmrt.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
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

    private static int mode(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0777;
    }

    private Path hidden() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, ".shmrt-*")) {
            return files.iterator().next();
        }
    }

    @Test
    void shouldBePrivateUntilItIsCompleteAndThenHaveTheModeOfTheFileItReplaces() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[100]);
        for (String permissions : List.of("rw-------", "rw-r-----", "rw-rw-rw-", "r--r--r--")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

            OutputFile.write(file, out -> {
                assertEquals(0600, mode(hidden()), "before the first byte");
                out.write(CONTENT);
                assertEquals(0600, mode(hidden()), "while it is written");
            });

            assertEquals(permissions, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
    }

    @Test
    void shouldGiveANewFileTheModeThatTheUmaskLeaves() throws IOException {
        Path ordinary = Files.write(directory.resolve("ordinary"), CONTENT);
        Path file = directory.resolve("file");

        Optional<String> remark = OutputFile.write(file, out -> {
            assertEquals(0600, mode(hidden()));
            out.write(CONTENT);
        });

        assertEquals(mode(ordinary), mode(file));
        assertEquals(Optional.empty(), remark);
    }

    private static boolean give(Path file, int uid, int gid) throws IOException {
        try {
            Files.setAttribute(file, "unix:uid", uid);
            Files.setAttribute(file, "unix:gid", gid);
            return true;
        } catch (FileSystemException e) {
            return false;
        }
    }

    @Test
    void shouldKeepTheOwnerAndTheGroup() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[100]);
        assumeTrue(give(file, 65534, 65534), "only root may give files away");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        Optional<String> remark = OutputFile.write(file, out -> out.write(CONTENT));

        assertEquals(Optional.empty(), remark);
        assertEquals(65534, Files.getAttribute(file, "unix:uid"));
        assertEquals(65534, Files.getAttribute(file, "unix:gid"));
        assertEquals(0640, mode(file));
    }

    @Test
    void shouldNotGiveAFileToWhoPlantedItsNameInASharedDirectory() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[100]);
        assumeTrue(give(file, 65534, 65534), "only root may give files away");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.setAttribute(directory, "unix:mode", 01777);

        Optional<String> remark = OutputFile.write(file, out -> out.write(CONTENT));

        assertTrue(remark.orElseThrow().contains("belonged to nobody"), remark::toString);
        assertEquals(Files.getAttribute(directory, "unix:uid"), Files.getAttribute(file, "unix:uid"));
        assertEquals(0, mode(file) & 0022, "the old permissions do not open it to anybody");
    }

    private static void write(Path file) {
        OutputFile.write(file, out -> out.write(CONTENT));
    }
}

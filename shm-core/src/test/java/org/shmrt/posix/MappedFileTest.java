package org.shmrt.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.MapChild;
import org.shmrt.testing.Scratch;
import org.shmrt.testing.SizeChanges;

@Timeout(600)
class MappedFileTest {
    private static final int OPENINGS = 2000;

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    /** The ways to map a file. */
    enum Mapping {
        READ_ONLY {
            @Override
            MappedFile map(Path path, Arena arena) {
                return MappedFile.readOnly(path, arena);
            }
        },
        READ_ONLY_BY_JAVA {
            @Override
            MappedFile map(Path path, Arena arena) {
                return MappedFile.readOnlyByJava(path, arena);
            }
        },
        READ_WRITE {
            @Override
            MappedFile map(Path path, Arena arena) {
                return MappedFile.readWrite(path, arena);
            }
        };

        abstract MappedFile map(Path path, Arena arena);
    }

    @ParameterizedTest
    @EnumSource
    void shouldMapTheWholeFile(Mapping way) throws IOException {
        Path file = Files.write(scratch.directory().resolve("file"), new byte[] {1, 2, 3});
        try (Arena arena = Arena.ofConfined()) {
            MappedFile mapping = way.map(file, arena);

            assertEquals(3, mapping.segment().byteSize());
            assertEquals(2, mapping.segment().get(ValueLayout.JAVA_BYTE, 1));
            assertEquals(FileId.of(file), mapping.id());
            assertEquals(way != Mapping.READ_WRITE, mapping.segment().isReadOnly());
        }
        assertEquals(List.of(), scratch.stillOpen());
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveNoMappingIfTheArenaIsClosed(Mapping way) throws IOException {
        Path file = Files.write(scratch.directory().resolve("file"), new byte[3]);
        Arena arena = Arena.ofConfined();
        arena.close();

        assertThrows(IllegalStateException.class, () -> way.map(file, arena));

        assertEquals(List.of(), mappingsOf(file));
        assertEquals(List.of(), scratch.stillOpen());
    }

    private static List<FileMapping> mappingsOf(Path file) {
        return FileMapping.of(ProcessHandle.current().pid(), line -> line.contains(file.toString())).stream()
                .toList();
    }

    /** The mapping may be shorter or longer than the file is now, but it can be used or is refused. */
    @ParameterizedTest
    @EnumSource
    void shouldMapOrRefuseAFileWhoseSizeChanges(Mapping way) throws IOException {
        Path file = Files.write(scratch.directory().resolve("file"), new byte[1 << 14]);
        SizeChanges.during(file, List.of(0L, 1L << 14), OPENINGS, IncompatibleException.class, () -> {
            try (Arena arena = Arena.ofConfined()) {
                assertEquals(1 << 14, way.map(file, arena).byteSize());
            }
        });

        assertEquals(List.of(), mappingsOf(file));
        assertEquals(List.of(), scratch.stillOpen());
    }

    @Test
    void shouldWriteThroughToTheFile() throws IOException {
        Path file = Files.write(scratch.directory().resolve("file"), new byte[] {1, 2, 3});

        try (Arena arena = Arena.ofConfined()) {
            MappedFile.readWrite(file, arena).segment().set(ValueLayout.JAVA_BYTE, 2, (byte) 9);
        }

        assertEquals(9, Files.readAllBytes(file)[2]);
    }

    @ParameterizedTest
    @EnumSource
    void shouldReportAMissingFile(Mapping way) {
        refused(NotFoundException.class, way, scratch.directory().resolve("none"), "there is no ");
    }

    @ParameterizedTest
    @EnumSource
    void shouldReportAMissingDirectory(Mapping way) {
        refused(
                NotFoundException.class,
                way,
                scratch.directory().resolve("none").resolve("file"),
                "no directory");
    }

    @ParameterizedTest
    @EnumSource
    void shouldReportAFileInPlaceOfADirectory(Mapping way) throws IOException {
        Path file = Files.write(scratch.directory().resolve("file"), new byte[1]);

        refused(NotFoundException.class, way, file.resolve("below"), "no directory");
    }

    @ParameterizedTest
    @EnumSource
    void shouldSuggestTheNameWithTheSuffix(Mapping way) throws IOException {
        Files.write(scratch.directory().resolve("cam.im.shm"), new byte[1]);

        refused(NotFoundException.class, way, scratch.directory().resolve("cam"), "did you mean");
    }

    @ParameterizedTest
    @EnumSource
    void shouldRejectADirectory(Mapping way) {
        refused(IncompatibleException.class, way, scratch.directory(), "is a directory");
    }

    @ParameterizedTest
    @EnumSource
    void shouldRejectAnEmptyFile(Mapping way) throws IOException {
        Path file = Files.createFile(scratch.directory().resolve("empty"));

        refused(IncompatibleException.class, way, file, "0 bytes");
    }

    @ParameterizedTest
    @EnumSource
    void shouldRejectADevice(Mapping way) {
        refused(IncompatibleException.class, way, Path.of("/dev/null"), "pipe or device");
    }

    @ParameterizedTest
    @EnumSource
    void shouldRejectAPipeWithoutWaitingForItsOtherEnd(Mapping way) {
        Path pipe = scratch.directory().resolve("pipe");
        Assumptions.assumeTrue(ExternalCommand.succeeds("mkfifo", pipe.toString()), "mkfifo is not available");

        refused(IncompatibleException.class, way, pipe, "pipe or device");
    }

    @ParameterizedTest
    @EnumSource
    void shouldReportACircularLink(Mapping way) throws IOException {
        Path link = scratch.directory().resolve("loop");
        Files.createSymbolicLink(link, link);

        refused(ShmException.class, way, link, "circle");
    }

    private void refused(Class<? extends ShmException> type, Mapping way, Path path, String words) {
        try (Arena arena = Arena.ofConfined()) {
            ShmException refusal = assertThrows(type, () -> way.map(path, arena));

            assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
            assertTrue(refusal.getMessage().contains(path.getFileName().toString()), refusal.getMessage());
            assertEquals(
                    -1,
                    refusal.getMessage().indexOf('\n'),
                    "the message has more than one line: " + refusal.getMessage());
        }
        assertEquals(List.of(), scratch.stillOpen());
    }

    @Test
    void shouldReportTheOwnerOfAnUnreadableFile() throws IOException {
        Assumptions.assumeTrue(
                System.getProperty("user.name").equals("root"), "only root can start a process of another user");
        Assumptions.assumeTrue(
                ExternalCommand.succeeds("setpriv", "--reuid=65534", "--clear-groups", ChildJvm.java(), "-version"),
                "setpriv cannot start Java as another user here");
        Path file = Files.write(scratch.directory().resolve("secret"), new byte[8]);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(scratch.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid=65534", "--clear-groups"));
        command.addAll(ChildJvm.command(ChildJvm.QUICK, MapChild.class, file.toString()));

        try (ChildProcess child = ChildProcess.start(command)) {
            String refusal = child.line();

            assertTrue(refusal.startsWith("AccessDeniedException: permission denied to read " + file), refusal);
            assertTrue(refusal.contains("belongs to root with permissions rw-------"), refusal);
        }
    }

    @Test
    void shouldDistinguishFilesByDeviceAndInode() throws IOException {
        Path file = Files.write(scratch.directory().resolve("file"), new byte[5]);
        Path copy = Files.copy(file, file.resolveSibling("copy"));
        Path hard = Files.createLink(file.resolveSibling("hard"), file);
        Path soft = Files.createSymbolicLink(file.resolveSibling("soft"), file);

        assertTrue(FileId.of(file).isSameFile(FileId.of(hard)));
        assertTrue(FileId.of(file).isSameFile(FileId.of(soft)));
        assertNotEquals(FileId.of(file), FileId.of(copy));
        assertEquals(5, FileId.of(copy).byteSize());
        assertEquals(file.toRealPath(), FileId.resolveLinks(soft));
        assertEquals(hard, FileId.resolveLinks(hard));
    }

    @Test
    void shouldDistinguishADanglingLinkFromAMissingEntry() throws IOException {
        Path soft = Files.createSymbolicLink(scratch.directory().resolve("soft"), Path.of("nowhere"));

        assertTrue(FileId.exists(soft));
        assertNull(FileId.ofOrNull(soft));
        assertThrows(NotFoundException.class, () -> FileId.resolveLinks(soft));
        FileId.delete(soft);
        assertTrue(Files.notExists(soft, LinkOption.NOFOLLOW_LINKS));
        assertThrows(NotFoundException.class, () -> FileId.delete(soft));
    }
}

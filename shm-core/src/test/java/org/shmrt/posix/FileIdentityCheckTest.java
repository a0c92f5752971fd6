package org.shmrt.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.text.FileNames;

class FileIdentityCheckTest {
    @TempDir
    Path directory;

    private Path write(String name, int bytes) throws IOException {
        return Files.write(directory.resolve(name), new byte[bytes]);
    }

    @Test
    void shouldFindAnUnchangedFile() throws Exception {
        for (Path path : new Path[] {write("plain", 10), Path.of("/dev/shm"), Path.of("/proc/self/status")}) {
            assertEquals(
                    FileIdentityCheck.Found.SAME,
                    new FileIdentityCheck(path, FileId.of(path)).check(),
                    path.toString());
        }
    }

    /** Java's text of the name is that of another file. */
    @Test
    void shouldFindAFileWhoseNameIsNotUtf8() throws Exception {
        Path file = Files.write(FileNames.parse(directory, "caf\\xe9"), new byte[10]);
        FileIdentityCheck watch = new FileIdentityCheck(file, FileId.of(file));
        Path other = write("caf\ufffd", 10);
        assertEquals(file.toString(), other.toString(), "premise");

        assertEquals(FileIdentityCheck.Found.SAME, watch.check());
    }

    @Test
    void shouldFollowLinks() throws Exception {
        Path file = write("file", 10);
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        FileIdentityCheck watch = new FileIdentityCheck(link, FileId.of(file));
        assertEquals(FileIdentityCheck.Found.SAME, watch.check());

        Files.delete(file);

        assertEquals(FileIdentityCheck.Found.NOTHING, watch.check());
    }

    @Test
    void shouldDetectAnotherFileOfTheSameNameAndAnotherSize() throws Exception {
        Path file = write("file", 10);
        FileIdentityCheck watch = new FileIdentityCheck(file, FileId.of(file));

        Files.write(file, new byte[11]);
        assertEquals(FileIdentityCheck.Found.OTHER, watch.check());
        Files.write(file, new byte[10]);
        assertEquals(FileIdentityCheck.Found.SAME, watch.check());
        Files.move(write("next", 10), file, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(FileIdentityCheck.Found.OTHER, watch.check());
    }

    @Test
    void shouldFindNothingWhenAParentIsMissingOrNotADirectory() throws Exception {
        Path inner = Files.createDirectory(directory.resolve("inner"));
        Path file = Files.write(inner.resolve("file"), new byte[3]);
        FileIdentityCheck watch = new FileIdentityCheck(file, FileId.of(file));

        Files.delete(file);
        Files.delete(inner);
        assertEquals(FileIdentityCheck.Found.NOTHING, watch.check());
        Files.write(inner, new byte[1]);
        assertEquals(FileIdentityCheck.Found.NOTHING, watch.check());
    }
}

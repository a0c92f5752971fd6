package org.shmrt.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
    @TempDir
    Path directory;

    private Path write(String name, int bytes) throws IOException {
        return Files.write(directory.resolve(name), new byte[bytes]);
    }

    @Test
    void shouldFindAFileAsItWas() throws Exception {
        for (Path path : new Path[] {write("plain", 10), Path.of("/dev/shm"), Path.of("/proc/self/status")}) {
            assertEquals(FileWatch.Found.SAME, new FileWatch(path, FileId.of(path)).look(), path.toString());
        }
    }

    @Test
    void shouldFollowLinks() throws Exception {
        Path file = write("file", 10);
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        FileWatch watch = new FileWatch(link, FileId.of(file));
        assertEquals(FileWatch.Found.SAME, watch.look());

        Files.delete(file);

        assertEquals(FileWatch.Found.NOTHING, watch.look());
    }

    @Test
    void shouldTellAnotherFileOfTheNameAndAnotherSize() throws Exception {
        Path file = write("file", 10);
        FileWatch watch = new FileWatch(file, FileId.of(file));

        Files.write(file, new byte[11]);
        assertEquals(FileWatch.Found.OTHER, watch.look());
        Files.write(file, new byte[10]);
        assertEquals(FileWatch.Found.SAME, watch.look());
        Files.move(write("next", 10), file, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(FileWatch.Found.OTHER, watch.look());
    }

    @Test
    void shouldFindNothingWhereADirectoryOnTheWayIsGoneOrNoDirectory() throws Exception {
        Path inner = Files.createDirectory(directory.resolve("inner"));
        Path file = Files.write(inner.resolve("file"), new byte[3]);
        FileWatch watch = new FileWatch(file, FileId.of(file));

        Files.delete(file);
        Files.delete(inner);
        assertEquals(FileWatch.Found.NOTHING, watch.look());
        Files.write(inner, new byte[1]);
        assertEquals(FileWatch.Found.NOTHING, watch.look());
    }
}

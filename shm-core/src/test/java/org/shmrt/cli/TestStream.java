package org.shmrt.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.shmrt.stream.ImageStream;

/** A stream path nobody else uses, whose file and semaphores are gone after the test. */
final class TestStream implements AutoCloseable {
    private final Path path;

    TestStream(Path directory) {
        // Semaphores are named after the file, so the name has to be unique on the machine.
        path = directory.resolve("shmrt-cli-" + UUID.randomUUID() + ".im.shm");
    }

    Path path() {
        return path;
    }

    @Override
    public String toString() {
        return path.toString();
    }

    @Override
    public void close() {
        if (Files.exists(path)) {
            ImageStream.remove(path);
        }
    }
}

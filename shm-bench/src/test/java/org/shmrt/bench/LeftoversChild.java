package org.shmrt.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;

/** Creates a stream and a directory with another one, prints the names of both and waits for its end. */
final class LeftoversChild {
    private LeftoversChild() {}

    public static void main(String[] words) throws IOException, InterruptedException {
        try (TemporaryStream stream = TemporaryStream.create("leftover", 64)) {
            Path directory = Files.createTempDirectory(TemporaryStream.memoryDirectory(), "shmrt_leftovers_");
            Leftovers.add(directory);
            Path inside = directory.resolve(directory.getFileName() + ".im.shm");
            ImageStream.create(inside, StreamSpec.dao(DataType.UINT8, Shape.of(64)))
                    .close();
            Files.createFile(directory.resolve("text"));
            System.out.println(stream.path().getFileName().toString().replaceFirst("\\..*", ""));
            System.out.println(directory.getFileName());
            new CountDownLatch(1).await();
        }
    }
}

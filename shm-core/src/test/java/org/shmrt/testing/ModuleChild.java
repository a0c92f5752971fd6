package org.shmrt.testing;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;

/** A user's program on the class path that uses ShmRT as a module. */
public final class ModuleChild {
    private ModuleChild() {}

    public static void main(String[] words) {
        Path path = Path.of(words[0]);
        try (ImageStream created = ImageStream.create(path, StreamSpec.dao(DataType.UINT8, Shape.of(2, 2)));
                ImageStream opened = ImageStream.open(path);
                FrameReader reader = opened.reader(WaitStrategy.semaphore());
                FrameWriter writer = created.writer()) {
            writer.write(MemorySegment.ofArray(new byte[4]));
            System.out.println(ImageStream.class.getModule().getName() + " " + reader.awaitNext(1_000_000_000L));
        }
        ImageStream.remove(path);
    }
}

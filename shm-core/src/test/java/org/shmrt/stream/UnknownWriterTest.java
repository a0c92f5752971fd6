package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.HeldDescriptors;
import org.shmrt.testing.Scratch;

/** A reader that cannot look whether the writer of a stream lives. */
@Timeout(600)
class UnknownWriterTest {
    /** Longer than the write flag must be set before the reader asks for the writer. */
    private static final long LONG_NS = 2_000_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @Test
    void shouldBeTakenForALivingOneWithoutAFreeDescriptor() {
        Path path = scratch.stream("unknown");
        try (ImageStream stream = ImageStream.create(path, StreamSpec.milk(DataType.UINT8, Shape.of(4, 4)));
                FrameWriter writer = stream.writer()) {
            writer.claim();
            try (ChildProcess child = HeldDescriptors.start(UnknownWriterTest.class, path)) {
                assertEquals(List.of("TIMED_OUT", "TIMED_OUT"), child.finish());
            }
            writer.abort();
        }
    }

    /** The child: waits for a frame with free descriptors, and without. */
    public static void main(String[] arguments) throws IOException {
        List<Verdict> verdicts = new ArrayList<>();
        try (ImageStream stream = ImageStream.open(Path.of(arguments[0]), Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            verdicts.add(reader.awaitNext(LONG_NS));
            try (HeldDescriptors _ = HeldDescriptors.all()) {
                verdicts.add(reader.awaitNext(LONG_NS));
            }
        }
        verdicts.forEach(System.out::println);
    }
}

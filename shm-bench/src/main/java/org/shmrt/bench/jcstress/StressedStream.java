package org.shmrt.bench.jcstress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;

/**
 * A stream that one virtual machine of a stress test writes and reads for as long as it lives. Its name is taken away
 * at once, so nothing is left behind however the machine ends. All words of a frame are its count.
 */
final class StressedStream {
    /** Words of a frame: a few cache lines, so that a copy takes long enough to be overtaken. */
    static final int WORDS = 64;

    private final ImageStream stream;
    private final FrameWriter writer;

    private StressedStream(String label, StreamSpec spec) {
        Path path = TemporaryStream.memoryDirectory()
                .resolve("shmrt_stress_" + ProcessHandle.current().pid() + "_" + label + ".im.shm");
        stream = ImageStream.create(path, spec);
        try {
            writer = stream.writer();
        } finally {
            ImageStream.remove(path);
        }
    }

    /** A DAO stream. */
    static StressedStream dao(String label, int depth) {
        return new StressedStream(
                label, StreamSpec.dao(DataType.INT64, Shape.of(WORDS)).withDepth(depth));
    }

    /** A milk stream, whose table of readers lies in the file. */
    static StressedStream milk(String label) {
        return new StressedStream(label, StreamSpec.milk(DataType.INT64, Shape.of(WORDS)));
    }

    /** Its only writer. */
    FrameWriter writer() {
        return writer;
    }

    /** A reader that looks and never waits: a wait would notice that the stream has no name. */
    FrameReader reader() {
        return stream.reader(WaitStrategy.spin());
    }

    /** A reader with a semaphore that no other has. */
    FrameReader sleepingReader() {
        return stream.reader(WaitStrategy.semaphore());
    }

    /** Makes every word of a frame the same. */
    static void fill(MemorySegment frame, long value) {
        for (int i = 0; i < WORDS; i++) {
            frame.setAtIndex(ValueLayout.JAVA_LONG, i, value);
        }
    }

    /** Whether every word of a frame is a value. */
    static boolean isFilled(MemorySegment frame, long value) {
        boolean filled = true;
        for (int i = 0; i < WORDS; i++) {
            filled &= frame.getAtIndex(ValueLayout.JAVA_LONG, i) == value;
        }
        return filled;
    }
}

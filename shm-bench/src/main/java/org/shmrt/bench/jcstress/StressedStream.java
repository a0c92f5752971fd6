package org.shmrt.bench.jcstress;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;

/**
 * The stream that one JVM of a stress test writes and reads during its lifetime. All words of a frame are its count.
 */
final class StressedStream {
    /** Words of a frame: a few cache lines, so that a writer can overtake a copy. */
    static final int WORDS = 64;

    /** How long the stream's file has its name. */
    private enum Name {
        /** It is unlinked immediately, so that nothing remains however the JVM ends. */
        REMOVED,
        /** Until the JVM exits: readers claim semaphores by locks on the file that has the name. */
        KEPT
    }

    private static final VarHandle COUNT = ValueLayout.JAVA_LONG.varHandle();

    private final ImageStream stream;
    private final FrameWriter writer;
    /** Another mapping of its file, as that of another program. */
    private final MemorySegment file;

    private final MemorySegment next = newFrame();
    private long written;

    private StressedStream(String label, StreamSpec spec, Name name) {
        Path path = TemporaryStream.memoryDirectory()
                .resolve("shmrt_stress_" + ProcessHandle.current().pid() + "_" + label + ".im.shm");
        stream = ImageStream.create(path, spec);
        try {
            writer = stream.writer();
            file = MappedFile.readWrite(path, Arena.global()).segment();
        } finally {
            if (name == Name.REMOVED) {
                ImageStream.remove(path);
            } else {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> ImageStream.remove(path)));
            }
        }
    }

    /** A DAO stream. */
    static StressedStream dao(String label, int depth) {
        return new StressedStream(
                label, StreamSpec.dao(DataType.INT64, Shape.of(WORDS)).withDepth(depth), Name.REMOVED);
    }

    /** A milk stream, whose table of readers is in the file. */
    static StressedStream milk(String label) {
        return new StressedStream(label, StreamSpec.milk(DataType.INT64, Shape.of(WORDS)), Name.REMOVED);
    }

    /** A milk stream whose semaphores readers can claim. */
    static StressedStream milkWithClaims(String label) {
        return new StressedStream(label, StreamSpec.milk(DataType.INT64, Shape.of(WORDS)), Name.KEPT);
    }

    /** Its only writer. */
    FrameWriter writer() {
        return writer;
    }

    /** Writes the next frame, by copy. Only for the thread of the writer. */
    void writeNext() {
        fill(next, written + 1);
        written = writer.write(next);
    }

    /** Writes a frame with a value in every word, by copy. Only for the thread of the writer. */
    void write(long value) {
        fill(next, value);
        written = writer.write(next);
    }

    /** Lets the next frame have the count after this one. Before a writer and readers use the stream. */
    StressedStream from(long count) {
        setCount(count);
        return this;
    }

    /** The count in the file, as another program reads it. For depth 1. */
    long count() {
        return (long) COUNT.getAcquire(file, stream.layout().cnt0Offset());
    }

    /** Sets the count in the file, as another program does. For depth 1. */
    void setCount(long count) {
        COUNT.setRelease(file, stream.layout().cnt0Offset(), count);
    }

    /** Whether no frame is being written, as another program sees it. For depth 1. */
    boolean isFlagDown() {
        boolean down = file.get(ValueLayout.JAVA_BYTE, stream.layout().writeFlagOffset()) == 0;
        VarHandle.acquireFence();
        return down;
    }

    /** A semaphore that lies in the file, as another program uses it. For milk streams. */
    Semaphore semaphore(int index) {
        long offset = stream.layout().semaphores().offset() + (long) index * Semaphore.BYTES;
        return Semaphore.inMemory(file.asSlice(offset, Semaphore.BYTES), "stress " + index);
    }

    /** The value up to which its semaphores are posted. */
    int cap() {
        return stream.layout().semaphores().cap();
    }

    /** Memory for a copy of a frame. */
    static MemorySegment newFrame() {
        return MemorySegment.ofArray(new long[WORDS]);
    }

    /** A reader that polls and never waits: a wait would detect that the file was unlinked. */
    FrameReader reader() {
        return stream.reader(WaitStrategy.spin());
    }

    /** A reader with its own semaphore. */
    FrameReader sleepingReader() {
        return stream.reader(WaitStrategy.semaphore());
    }

    /** Stores a value in every word of a frame. */
    static void fill(MemorySegment frame, long value) {
        for (int i = 0; i < WORDS; i++) {
            frame.setAtIndex(ValueLayout.JAVA_LONG, i, value);
        }
    }

    /** Whether every word of a frame has a value. */
    static boolean isFilled(MemorySegment frame, long value) {
        boolean filled = true;
        for (int i = 0; i < WORDS; i++) {
            filled &= frame.getAtIndex(ValueLayout.JAVA_LONG, i) == value;
        }
        return filled;
    }
}

package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/** Streams of int64 for the tests of sets, their writers, and the waiters that their semaphores count. */
abstract class SetFixture {
    static final long SECOND = 1_000_000_000L;
    static final long MS = 1_000_000L;
    static final Shape SHAPE = Shape.of(4);

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    final List<ImageStream> streams = new ArrayList<>();
    final List<FrameWriter> writers = new ArrayList<>();
    StreamSet set;

    static StreamSpec spec(String format) {
        return format.equals("milk")
                ? StreamSpec.milk(DataType.INT64, SHAPE)
                : StreamSpec.dao(DataType.INT64, SHAPE)
                        .withDepth(format.equals("dao") ? 1 : Integer.parseInt(format.substring(3)));
    }

    /** Creates a stream for each format, separated by spaces: {@code milk}, {@code dao}, {@code dao8} of depth 8. */
    ImageStream[] create(String formats) {
        for (String format : formats.split(" ")) {
            streams.add(ImageStream.create(scratch.stream("s" + streams.size()), spec(format)));
        }
        return streams.toArray(ImageStream[]::new);
    }

    /** The same, with a writer for each. */
    ImageStream[] createWithWriters(String formats) {
        ImageStream[] all = create(formats);
        streams.forEach(stream -> writers.add(stream.writer()));
        return all;
    }

    static WaitStrategy strategy(String wait) {
        return switch (wait) {
            case "spin" -> WaitStrategy.spin();
            case "idle" -> WaitStrategy.idle(new SleepingMillisIdleStrategy(1));
            case "hybrid" -> WaitStrategy.hybrid(50_000);
            default -> WaitStrategy.semaphore();
        };
    }

    StreamSet use(StreamSet newSet, String wait) {
        set = newSet;
        if (wait.equals("alternating")) {
            set.alternateSleeps();
            assertEquals(StreamSet.SleepMethod.ALTERNATING, set.sleepMethod());
        }
        return set;
    }

    @AfterEach
    void closeAll() {
        if (set != null) {
            set.close();
        }
        streams.forEach(ImageStream::close);
    }

    void write(int stream, long value) {
        write(stream, value, value, stream(stream).layout().clock().nowNs());
    }

    void write(int stream, long value, long id, long acquiredNs) {
        FrameWriter writer = writers.get(stream);
        writer.frameId(id);
        writer.claim().fill((byte) 0).setAtIndex(ValueLayout.JAVA_LONG, 0, value);
        writer.publish(acquiredNs);
    }

    ImageStream stream(int index) {
        return streams.get(index);
    }

    long value(int stream) {
        return set.frame(stream).get(ValueLayout.JAVA_LONG, 0);
    }

    StreamSet.Totals totals(long taken, long matched, long unmatched, long lost, long held) {
        return new StreamSet.Totals(taken, matched, unmatched, lost, held);
    }

    /** All frames are accounted for. */
    void assertExact() {
        for (int i = 0; i < set.size(); i++) {
            StreamSet.Totals totals = set.totals(i);
            assertEquals(
                    totals.taken(),
                    totals.matched() + totals.unmatched() + totals.lost() + totals.held(),
                    "stream " + i + ": " + totals);
        }
    }

    /** Threads that are counted as sleeping on any semaphore of any stream. */
    int waiters() {
        return streams.stream().mapToInt(SetFixture::waiters).sum();
    }

    private static int waiters(ImageStream stream) {
        SemaphoreLayout layout = stream.layout().semaphores();
        int waiters = 0;
        for (int i = 0; i < layout.count(); i++) {
            waiters += layout.isInFile()
                    ? stream.mapped()
                            .segment()
                            .get(ValueLayout.JAVA_INT, layout.offset() + (long) i * Semaphore.BYTES + 4)
                    : waiters(layout.names().get(i));
        }
        return waiters;
    }

    private static int waiters(String name) {
        try {
            byte[] bytes = Files.readAllBytes(Semaphore.file(name));
            return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt(4);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until a thread sleeps on a given number of semaphores. */
    void awaitWaiters(int number) {
        while (waiters() < number) {
            Thread.onSpinWait();
        }
    }

    static MemorySegment empty() {
        return MemorySegment.ofArray(new long[4]);
    }
}

package org.shmrt.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.InterceptedChannel;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** A recorder whose disk is slower than its stream: frames wait in memory, and the ones that do not fit are counted. */
@Timeout(600)
class SlowDiskTest {
    private static final Shape FRAME = Shape.of(64, 128);
    private static final long FRAME_BYTES = FRAME.byteSize(DataType.UINT16);
    private static final RampFrames RAMPS = new RampFrames(FRAME.elementCount());
    private static final long SLOW = 2L << 20; // bytes per second

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final AtomicLong published = new AtomicLong();

    /** A disk that takes its time for what it is given, until it is released. */
    private interface Disk {
        void take(int bytes);

        void release();
    }

    /** Records at least some frames, and further ones until the totals are as wanted. */
    private StreamTotals record(int frames, long bufferBytes, Disk disk, Predicate<StreamTotals> enough) {
        Path path = scratch.stream("cam");
        Path directory = scratch.directory().resolve("out");
        try (ImageStream stream = ImageStream.create(
                        path, StreamSpec.dao(DataType.UINT16, FRAME).withDepth(4));
                FrameWriter writer = stream.writer()) {
            Recorder recorder = Recorder.into(directory).stream(path)
                    .splitFrames(16)
                    .bufferBytes(bufferBytes)
                    .sink(file -> new InterceptedChannel(file, (to, bytes, at) -> disk.take(bytes.remaining())))
                    .start();
            for (int i = 1; i <= frames || !enough.test(totals(recorder)); i++) {
                writer.write(RAMPS.of(i));
                published.set(i);
                pause();
            }
            disk.release();
            recorder.close();
            StreamTotals totals = totals(recorder);
            assertEquals(stream.status().cnt0(), totals.recorded() + totals.lost(), totals::toString);
            assertReadable(totals);
            return totals;
        }
    }

    /** With a constant speed. */
    private static final class SlowDisk implements Disk {
        @Override
        public void take(int bytes) {
            long endNs = System.nanoTime() + bytes * 1_000_000_000L / SLOW;
            for (long leftNs = endNs - System.nanoTime(); leftNs > 0; leftNs = endNs - System.nanoTime()) {
                LockSupport.parkNanos(leftNs);
            }
        }

        @Override
        public void release() {
            // it remains slow
        }
    }

    /** Slower than the stream, however fast that is: it goes on when more frames were published than it has taken. */
    private final class SlowerDisk implements Disk {
        private static final int FRAMES = 32;

        private volatile boolean isReleased;

        @Override
        public void take(int bytes) {
            long until = published.get() + (long) FRAMES * bytes / FRAME_BYTES;
            while (!isReleased && published.get() < until) {
                LockSupport.parkNanos(100_000);
            }
        }

        @Override
        public void release() {
            isReleased = true;
        }
    }

    private static StreamTotals totals(Recorder recorder) {
        return recorder.status().streams().getFirst();
    }

    private void assertReadable(StreamTotals totals) {
        try (Recording recording = Recording.open(scratch.directory().resolve("out"));
                Arena arena = Arena.ofConfined()) {
            RecordedStream cam = recording.streams().getFirst();
            MemorySegment pixels = arena.allocate(FRAME_BYTES, 8);
            long expected = 1;
            assertEquals(totals.recorded(), cam.frames());
            for (long i = 0; i < cam.frames(); i++) {
                RecordedFrame frame = cam.frame(i);
                cam.read(i, pixels);
                assertEquals(expected + frame.lost(), frame.count(), "row " + i);
                assertTrue(RAMPS.isWhole(pixels, frame.count()), "frame " + frame.count());
                expected = frame.count() + 1;
            }
        }
    }

    @Test
    void shouldKeepAllFramesInMemoryWhileTheDiskIsSlow() {
        // 64 frames of 16 KiB take the disk half a second
        StreamTotals totals = record(64, 128 * FRAME_BYTES, new SlowDisk(), any -> true);

        assertEquals(0, totals.bufferFull() + totals.disk(), totals::toString);
    }

    @Test
    void shouldCountTheFramesForWhichThereIsNoMemory() {
        StreamTotals totals = record(64, 16 * FRAME_BYTES, new SlowerDisk(), now -> now.bufferFull() > 0);

        assertTrue(totals.recorded() >= 16, totals::toString);
        assertEquals(0, totals.disk(), totals::toString);
    }

    @Test
    void shouldAppendFramesWhileTheDiskForcesOthers() {
        CountDownLatch forcing = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Path path = scratch.stream("cam");
        try (ImageStream stream = ImageStream.create(
                        path, StreamSpec.dao(DataType.UINT16, FRAME).withDepth(4));
                FrameWriter writer = stream.writer()) {
            Recorder recorder = Recorder.into(scratch.directory().resolve("out")).stream(path)
                    .sink(file -> new InterceptedChannel(file, (to, bytes, at) -> {
                        if (Thread.currentThread().getName().equals("record-force")) {
                            forcing.countDown();
                            await(released);
                        }
                    }))
                    .start();
            long published = 0;
            while (forcing.getCount() > 0) {
                published = writer.write(RAMPS.of(published + 1));
                pause();
            }
            long before = totals(recorder).recorded();
            while (totals(recorder).recorded() < before + 64) {
                published = writer.write(RAMPS.of(published + 1));
                pause();
            }
            released.countDown();
            recorder.close();
            StreamTotals totals = totals(recorder);
            assertEquals(published, totals.recorded() + totals.lost(), totals::toString);
            assertReadable(totals);
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Long enough for the recorder to copy a frame before the stream overwrites it. */
    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package org.shmrt.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/**
 * Three streams at 1 kHz, recorded for 20 seconds; -Dshmrt.record.seconds=600 records for ten minutes. How many frames a
 * busy machine loses does not matter: each one is recorded or counted.
 */
@Tag("slow")
class ThreeStreamsTest {
    private static final long SECONDS = Long.getLong("shmrt.record.seconds", 20);
    private static final long PERIOD_NS = 1_000_000;
    private static final int STREAMS = 3;
    private static final int DEPTH = 64;
    private static final Shape FRAME = Shape.of(32, 32);

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final RampFrames ramps = new RampFrames(FRAME.elementCount());

    @Test
    void shouldRecordOrCountEveryFrameOfThreeStreams() {
        Path directory = scratch.directory().resolve("out");
        List<ImageStream> streams = new ArrayList<>();
        List<FrameWriter> writers = new ArrayList<>();
        RecorderBuilder builder = Recorder.into(directory).splitNs(5_000_000_000L);
        for (int i = 0; i < STREAMS; i++) {
            StreamSpec spec = StreamSpec.dao(DataType.UINT16, FRAME).withDepth(DEPTH);
            ImageStream stream = ImageStream.create(scratch.stream("s" + i), spec);
            streams.add(stream);
            writers.add(stream.writer());
            builder.stream(stream.path());
        }
        long frames = SECONDS * 1_000_000_000L / PERIOD_NS;
        Recorder recorder = builder.start();
        try {
            long dueNs = Clocks.monotonicNs();
            for (long count = 1; count <= frames; count++) {
                dueNs += PERIOD_NS;
                Clocks.sleepUntil(dueNs);
                for (FrameWriter writer : writers) {
                    writer.frameId(count);
                    writer.write(ramps.of(count));
                }
            }
        } finally {
            recorder.close();
            streams.forEach(ImageStream::close);
        }

        for (StreamTotals totals : recorder.status().streams()) {
            System.out.println(totals); // the figures of a long run
            assertEquals(frames, totals.recorded() + totals.lost(), totals::toString);
        }
        try (Recording recording = Recording.open(directory)) {
            assertEquals(STREAMS, recording.streams().size());
            recording.streams().forEach(this::assertWhole);
        }
    }

    private void assertWhole(RecordedStream stream) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pixels = arena.allocate(stream.frameBytes(), 8);
            long expected = 1;
            long beforeNs = 0;
            for (long i = 0; i < stream.frames(); i++) {
                RecordedFrame frame = stream.frame(i);
                assertEquals(expected + frame.lost(), frame.count());
                assertEquals(frame.count(), frame.frameId());
                assertTrue(frame.arrivedNs() >= beforeNs);
                stream.read(i, pixels);
                assertTrue(ramps.isWhole(pixels, frame.count()), "frame " + frame.count());
                expected = frame.count() + 1;
                beforeNs = frame.arrivedNs();
            }
        }
    }
}

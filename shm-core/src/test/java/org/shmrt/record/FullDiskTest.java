package org.shmrt.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;
import org.shmrt.testing.SmallFileSystem;

/** A recorder whose disk is full: the writer goes on, and every frame that is missing is counted. */
@Tag("slow")
@Timeout(600)
class FullDiskTest {
    private static final Shape FRAME = Shape.of(128, 256);

    @RegisterExtension
    @Order(1)
    final Scratch scratch = Scratch.inSharedMemory();

    @RegisterExtension
    @Order(2)
    final SmallFileSystem small = new SmallFileSystem(scratch);

    @Test
    void shouldCountEveryFrameThatDoesNotFitTheDisk() {
        Path path = scratch.stream("cam");
        Path directory = small.directory().resolve("out");
        RampFrames ramps = new RampFrames(FRAME.elementCount());
        Recorder recorder;
        try (ImageStream stream = ImageStream.create(
                        path, StreamSpec.dao(DataType.UINT16, FRAME).withDepth(4));
                FrameWriter writer = stream.writer()) {
            recorder = Recorder.into(directory).stream(path)
                    .splitFrames(4)
                    .bufferBytes(8 * FRAME.byteSize(DataType.UINT16))
                    .start();
            for (int i = 1; i <= 64; i++) { // 4 MiB into 1 MiB
                writer.write(ramps.of(i));
            }
            recorder.close();
        }
        StreamTotals totals = recorder.status().streams().getFirst();

        assertEquals(64, totals.recorded() + totals.lost(), totals::toString);
        assertTrue(totals.lost() > 0 && totals.recorded() < 16, totals::toString);
        List<RepairedFile> repaired = Recording.repair(directory);
        assertTrue(repaired.size() <= 2, repaired::toString);
        if (totals.recorded() > 0) {
            try (Recording recording = Recording.open(directory);
                    Arena arena = Arena.ofConfined()) {
                RecordedStream cam = recording.streams().getFirst();
                assertEquals(totals.recorded(), cam.frames());
                MemorySegment pixels = arena.allocate(cam.frameBytes(), 8);
                for (long i = 0; i < cam.frames(); i++) {
                    cam.read(i, pixels);
                    assertTrue(ramps.isWhole(pixels, cam.frame(i).count()));
                }
            }
        }
    }
}

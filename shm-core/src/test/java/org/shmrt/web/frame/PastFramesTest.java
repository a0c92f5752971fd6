package org.shmrt.web.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/** A stream can keep millions of small frames: a list has the newest of them. */
@Timeout(600)
class PastFramesTest {
    private static final int FRAMES = 2 * PastFrames.MAX_LISTED + 100;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private void assertNewest(Path path, int newest, boolean isSlice) {
        try (FramePool pool = new FramePool(64L << 20)) {
            try (OpenStream open = new OpenStream("cam", path, pool)) {
                List<PastFrames.Slot> slots = open.history();

                assertEquals(PastFrames.MAX_LISTED, slots.size());
                for (int i = 0; i < slots.size(); i++) {
                    assertEquals(newest - slots.size() + 1 + i, slots.get(i).count());
                }
                for (PastFrames.Slot slot : List.of(slots.getFirst(), slots.getLast())) {
                    Frame frame = open.copySlot(slot.slot()).orElseThrow();
                    assertEquals(slot.count(), frame.stamp().count());
                    assertEquals(
                            (byte) slot.count(),
                            frame.pixels(Frame.WHOLE).get(ValueLayout.JAVA_BYTE, 0),
                            isSlice ? "slice" : "frame");
                    frame.release();
                }
                if (isSlice) { // a list of slices is a copy, which does not have the others
                    assertTrue(open.copySlot(slots.getFirst().slot() - 1).isEmpty());
                }
            }
            assertTrue(pool.allocatedBytes() <= 1L << 20, "pool: " + pool.allocatedBytes());
        }
    }

    @Test
    void shouldListTheNewestFramesOfALongRing() {
        Path path = scratch.stream("cam");
        StreamSpec spec = StreamSpec.dao(DataType.UINT8, Shape.of(1)).withDepth(FRAMES - 50);
        try (ImageStream stream = ImageStream.create(path, spec);
                FrameWriter writer = stream.writer()) {
            for (int i = 1; i <= FRAMES; i++) {
                writer.write(MemorySegment.ofArray(new byte[] {(byte) i}));
            }

            assertNewest(path, FRAMES, false);
        }
    }

    @Test
    void shouldListTheNewestSlicesOfALongCube() {
        Path path = scratch.stream("cube");
        StreamSpec spec =
                StreamSpec.milk(DataType.UINT8, Shape.of(FRAMES - 50, 1, 1)).asRollingCube();
        try (ImageStream stream = ImageStream.create(path, spec);
                FrameWriter writer = stream.writer()) {
            for (int i = 1; i <= FRAMES; i++) {
                writer.writeSlice(MemorySegment.ofArray(new byte[] {(byte) i}));
            }

            assertNewest(path, FRAMES, true);
        }
    }
}

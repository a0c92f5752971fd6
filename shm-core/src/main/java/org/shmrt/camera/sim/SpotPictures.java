package org.shmrt.camera.sim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.shmrt.camera.FrameFormat;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/** The Shack-Hartmann sensor of the demo. */
final class SpotPictures implements Pictures {
    static final FrameFormat FORMAT =
            FrameFormat.mono(DataType.UINT16, Shape.of(LensletGrid.SIDE_PIXELS, LensletGrid.SIDE_PIXELS));

    private static final long SEED = 97;

    private final SpotField field = new SpotField(SEED);
    private final short[] drawn = new short[LensletGrid.SIDE_PIXELS * LensletGrid.SIDE_PIXELS];

    @Override
    public void draw(long frame, MemorySegment pixels) {
        field.render(frame, drawn);
        MemorySegment.copy(drawn, 0, pixels, ValueLayout.JAVA_SHORT, 0, drawn.length);
    }
}

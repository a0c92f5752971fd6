package org.shmrt.camera.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.shmrt.camera.FrameFormat;
import org.shmrt.memory.DataType;

/** Frames that are sections of a table, so that a frame costs one copy. */
final class TablePictures implements Pictures {
    private static final int STEPS = 1 << 16;
    private static final long SEED = 15;
    private static final int NOISE_MEAN = 100;
    private static final int NOISE_SIGMA = 20;

    private final MemorySegment table;
    private final int itemBytes;
    private final long multiplier;

    private interface Values {
        int next(long index);
    }

    /** Frame k begins at element k * multiplier modulo {@value #STEPS}. */
    private TablePictures(FrameFormat format, long multiplier, Values values) {
        long elements = format.shape().elementCount() + STEPS;
        DataType type = format.type();
        this.itemBytes = type.itemBytes();
        this.multiplier = multiplier;
        this.table = Arena.ofAuto().allocate(elements * itemBytes, 64);
        for (long i = 0; i < elements; i++) {
            store(type, i * itemBytes, values.next(i));
        }
    }

    /** Element i of frame k is (k + i) modulo 2^16; of a type with 8 bits, its low byte. */
    static TablePictures ramp(FrameFormat format) {
        return new TablePictures(format, 1, index -> (int) (index % STEPS));
    }

    /** Gaussian noise, another section of it for each frame. */
    static TablePictures noise(FrameFormat format) {
        Random random = new Random(SEED);
        return new TablePictures(
                format,
                0x9e3b,
                index -> Math.clamp(Math.round(NOISE_MEAN + NOISE_SIGMA * random.nextGaussian()), 0, 255));
    }

    private void store(DataType type, long at, int value) {
        switch (type) {
            case UINT8, INT8, BOOL ->
                table.set(ValueLayout.JAVA_BYTE, at, (byte) (type == DataType.BOOL ? value & 1 : value));
            case UINT16, INT16 -> table.set(ValueLayout.JAVA_SHORT, at, (short) value);
            case FLOAT16 -> table.set(ValueLayout.JAVA_SHORT, at, Float.floatToFloat16(value));
            case UINT32, INT32 -> table.set(ValueLayout.JAVA_INT, at, value);
            case UINT64, INT64 -> table.set(ValueLayout.JAVA_LONG, at, value);
            case FLOAT32, COMPLEX64 -> table.set(ValueLayout.JAVA_FLOAT, at, value);
            case FLOAT64, COMPLEX128 -> table.set(ValueLayout.JAVA_DOUBLE, at, value);
        }
    }

    @Override
    public void draw(long frame, MemorySegment pixels) {
        long first = Math.floorMod(frame * multiplier, (long) STEPS);
        MemorySegment.copy(table, first * itemBytes, pixels, 0, pixels.byteSize());
    }
}

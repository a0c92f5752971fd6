package org.shmrt.web.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

class ThumbnailTest {
    private final FramePool pool = new FramePool(64L << 20);

    @AfterEach
    void close() {
        pool.close();
    }

    private final Map<Frame, MemorySegment> memory = new HashMap<>();

    /** A frame whose elements the test sets. */
    private Frame frame(DataType type, long... shape) {
        Frame.Source source = new Frame.Source("s", "g", type, Shape.of(shape));
        FramePool.Block block = pool.take(source.frameBytes()).orElseThrow();
        Frame frame = new Frame(source, new Frame.Stamp(1, 0, 0, 0), Frame.WHOLE, pool, block);
        memory.put(frame, block.memory(source.frameBytes()));
        return frame;
    }

    private void set(Frame frame, DataType type, long index, double value) {
        MemorySegment data = memory.get(frame);
        switch (type) {
            case UINT8, INT8, BOOL -> data.setAtIndex(ValueLayout.JAVA_BYTE, index, (byte) value);
            case UINT16, INT16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, index, (short) value);
            case FLOAT16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, index, Float.floatToFloat16((float) value));
            case UINT32, INT32 -> data.setAtIndex(ValueLayout.JAVA_INT, index, (int) value);
            case UINT64, INT64 -> data.setAtIndex(ValueLayout.JAVA_LONG, index, (long) value);
            case FLOAT32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
            case FLOAT64 -> data.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
            case COMPLEX64 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, 2 * index + 1, (float) value);
            case COMPLEX128 -> data.setAtIndex(ValueLayout.JAVA_DOUBLE, 2 * index, value);
        }
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void shouldShowEveryTypeFromBlackToWhite(DataType type) {
        Frame frame = frame(type, 8, 8);
        for (int i = 0; i < 64; i++) {
            set(frame, type, i, type == DataType.BOOL ? i / 32 : i);
        }

        Thumbnail thumbnail = Thumbnail.of(frame, 8);

        assertEquals(8, thumbnail.width());
        assertEquals(8, thumbnail.height());
        assertEquals(64, thumbnail.valid());
        assertEquals(0, thumbnail.pixels()[0]);
        assertEquals(254, thumbnail.pixels()[63] & 0xFF);
        assertTrue(thumbnail.low() < thumbnail.high());
    }

    @ParameterizedTest
    @ValueSource(strings = {"64", "64x1", "1x64", "64x1x1", "1x1x64"})
    void shouldBeALineIfOnlyOneAxisIsLongerThanOne(String shape) {
        Frame frame = frame(
                DataType.FLOAT32,
                Stream.of(shape.split("x")).mapToLong(Long::parseLong).toArray());
        for (int i = 0; i < 64; i++) {
            set(frame, DataType.FLOAT32, i, i);
        }

        Thumbnail thumbnail = Thumbnail.of(frame, 64);

        assertEquals(1, thumbnail.height());
        assertEquals(64, thumbnail.width());
        assertEquals(0, thumbnail.pixels()[0]);
        assertEquals(254, thumbnail.pixels()[63] & 0xFF);
    }

    @Test
    void shouldMarkWhatIsNotFinite() {
        Frame frame = frame(DataType.FLOAT32, 4, 4);
        for (int i = 0; i < 16; i++) {
            set(frame, DataType.FLOAT32, i, i == 5 ? Double.NaN : i == 6 ? Double.POSITIVE_INFINITY : i);
        }

        Thumbnail thumbnail = Thumbnail.of(frame, 4);

        assertEquals(14, thumbnail.valid());
        assertEquals(Thumbnail.NOT_FINITE, thumbnail.pixels()[5] & 0xFF);
        assertEquals(Thumbnail.NOT_FINITE, thumbnail.pixels()[6] & 0xFF);
    }

    @Test
    void shouldShowAFrameOfOneValueAndOneWithoutAny() {
        Frame same = frame(DataType.FLOAT32, 4, 4);
        Frame none = frame(DataType.FLOAT32, 4, 4);
        for (int i = 0; i < 16; i++) {
            set(same, DataType.FLOAT32, i, 7);
            set(none, DataType.FLOAT32, i, Double.NaN);
        }

        Thumbnail one = Thumbnail.of(same, 4);
        Thumbnail nothing = Thumbnail.of(none, 4);

        assertEquals(7, one.low());
        assertEquals(7, one.high());
        assertEquals(0, one.pixels()[3]);
        assertEquals(0, nothing.valid());
        assertEquals(Thumbnail.NOT_FINITE, nothing.pixels()[0] & 0xFF);
    }

    @Test
    void shouldNotLetOneHotPixelHideTheRest() {
        Frame frame = frame(DataType.FLOAT32, 64, 64);
        for (int i = 0; i < 4096; i++) {
            set(frame, DataType.FLOAT32, i, i == 2000 ? 1e9 : i % 64);
        }

        Thumbnail thumbnail = Thumbnail.of(frame, 64);

        assertTrue(thumbnail.high() < 1e6, "the 99th percentile is " + thumbnail.high());
    }

    @Test
    void shouldKeepTheProportions() {
        assertSize(128, 32, Thumbnail.of(frame(DataType.UINT8, 100, 400), 128));
        assertSize(128, 1, Thumbnail.of(frame(DataType.UINT8, 1000), 128));
        assertSize(5, 1, Thumbnail.of(frame(DataType.UINT8, 5), 128));
        assertSize(20, 10, Thumbnail.of(frame(DataType.UINT8, 10, 20), 128));
        assertSize(64, 32, Thumbnail.of(frame(DataType.UINT8, 320, 640, 3), 64));
        assertSize(64, 48, Thumbnail.of(frame(DataType.UINT8, 3, 480, 640), 64));
        assertSize(1, 1, Thumbnail.of(frame(DataType.UINT8), 64));
    }

    private static void assertSize(int width, int height, Thumbnail thumbnail) {
        assertEquals(width, thumbnail.width());
        assertEquals(height, thumbnail.height());
        assertEquals(width * height, thumbnail.pixels().length);
    }
}

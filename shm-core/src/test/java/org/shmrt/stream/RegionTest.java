package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/** Parts of frames, as numpy selects them. */
class RegionTest {
    /** Element i is i. */
    private static MemoryImage counting(Shape shape) {
        short[] elements = new short[Math.toIntExact(shape.elementCount())];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = (short) i;
        }
        return new MemoryImage(DataType.UINT16, shape, MemorySegment.ofArray(elements));
    }

    private static String elements(MemoryImage image) {
        StringBuilder text = new StringBuilder();
        for (short element : image.data().toArray(ValueLayout.JAVA_SHORT_UNALIGNED)) {
            text.append(text.isEmpty() ? "" : " ").append(element);
        }
        return text.toString();
    }

    /** The expected elements are those of {@code numpy.arange(n).reshape(shape)[region]}. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "4x5; 1:3,2:4; 2x2; 7 8 12 13",
                "4x5; 1:3,:; 2x5; 5 6 7 8 9 10 11 12 13 14",
                "4x5; :,4:; 4x1; 4 9 14 19",
                "4x5; -1:,-2:-1; 1x1; 18",
                "4x5; 3:4; 4x1; 3 8 13 18",
                "4x5; :,:; 4x5; 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19",
                "6; 2:-1; 3; 2 3 4",
                "2x3x4; 1:2,1:3; 2x1x2; 5 6 17 18",
                "2x3x4; 1:,:,3:; 1x3x1; 15 19 23",
                "2x3x4; 0:1,1:3,:; 1x2x4; 4 5 6 7 8 9 10 11",
                "2x2x2x2; 1:; 2x2x2x1; 1 3 5 7 9 11 13 15"
            })
    void shouldSelectTheElementsThatNumpySelects(String shape, String text, String partShape, String expected) {
        Region region = Region.parse(text);
        MemoryImage part = region.of(counting(Shape.parse(shape)));

        assertEquals(Shape.parse(partShape), part.shape());
        assertEquals(part.shape(), region.shape(Shape.parse(shape)));
        assertEquals(expected, elements(part));
        assertEquals(region, Region.parse(region.toString()));
    }

    @Test
    void shouldSelectRowsAndColumnsByNumbers() {
        assertEquals(Region.parse("1:3,2:4"), Region.of(1, 3, 2, 4));
        assertEquals("1:3,2:4", Region.of(1, 3, 2, 4).toString());
    }

    @Test
    void shouldCopyElementsOfAnySize() {
        MemoryImage image = new MemoryImage(
                DataType.UINT8, Shape.of(3, 3), MemorySegment.ofArray(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8}));

        assertArrayEquals(
                new byte[] {4, 5, 7, 8}, Region.parse("1:,1:").of(image).data().toArray(ValueLayout.JAVA_BYTE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "0:5,0:5; exceeds axis 0 of a frame of 4x5, which has 4 indices",
                "0:4,-6:5; exceeds axis 1 of a frame of 4x5",
                "2:2,:; contains no index of axis 0",
                ":,3:1; contains no index of axis 1",
                "0:1,0:1,0:1; has 3 ranges, but a frame of 4x5 has only 2 axes"
            })
    void shouldRefuseRangesThatTheFrameDoesNotHave(String text, String reason) {
        Region region = Region.parse(text);

        String message = assertThrows(IllegalArgumentException.class, () -> region.shape(Shape.of(4, 5)))
                .getMessage();

        assertTrue(message.contains(reason), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"3", "1:2:3", "a:b", "1:2,", "''", "1;", "0x1:2", "99999999999999999999:"})
    void shouldRefuseOtherTexts(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> Region.parse(text))
                .getMessage();

        assertTrue(message.contains("is not a region: write a range START:END"), message);
    }
}

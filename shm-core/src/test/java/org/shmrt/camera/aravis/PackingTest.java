package org.shmrt.camera.aravis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.camera.FrameFormat;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/** Packed pixels and the numbers of pixel formats, against bytes computed from the definitions of PFNC and GigE Vision. */
class PackingTest {
    private static short[] unpack(Packing packing, int elements, int... bytes) {
        byte[] sent = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            sent[i] = (byte) bytes[i];
        }
        short[] frame = new short[elements];
        packing.unpack(MemorySegment.ofArray(sent), MemorySegment.ofArray(frame), elements);
        return frame;
    }

    @Test
    void shouldUnpackTwelveBitsOfGigeVision() {
        assertArrayEquals(
                new short[] {0xabc, 0x123, 0xfff, 0}, unpack(Packing.GIGE_12, 4, 0xab, 0x3c, 0x12, 0xff, 0x0f, 0x00));
    }

    @Test
    void shouldUnpackTenBitsOfGigeVision() {
        assertArrayEquals(
                new short[] {0x2af, 0x155, 0x3ff}, unpack(Packing.GIGE_10, 3, 0xab, 0x13, 0x55, 0xff, 0x03, 0x00));
    }

    @Test
    void shouldUnpackASequenceOfTwelveBits() {
        assertArrayEquals(
                new short[] {0xabc, 0x123, 0xfff, 0}, unpack(Packing.BITS_12, 4, 0xbc, 0x3a, 0x12, 0xff, 0x0f, 0x00));
    }

    @Test
    void shouldUnpackASequenceOfTenBits() {
        // 0x3ff, 0, 0x2aa, 0x155, 0x001: the lowest bit first
        long low = 0x3ffL | (0x2aaL << 20) | (0x155L << 30) | (1L << 40);
        int[] bytes = new int[7];
        for (int i = 0; i < 7; i++) {
            bytes[i] = (int) ((low >> (8 * i)) & 0xff);
        }

        assertArrayEquals(new short[] {0x3ff, 0, 0x2aa, 0x155, 1}, unpack(Packing.BITS_10, 5, bytes));
    }

    @Test
    void shouldExchangeBlueAndRed() {
        byte[] frame = new byte[6];

        Packing.BGR_8.unpack(MemorySegment.ofArray(new byte[] {1, 2, 3, 4, 5, 6}), MemorySegment.ofArray(frame), 6);

        assertArrayEquals(new byte[] {3, 2, 1, 6, 5, 4}, frame);
    }

    @ParameterizedTest
    @CsvSource({
        "0x01080001, 3x5 uint8, 15",
        "0x01100003, 3x5 uint16, 30",
        "0x010c0006, 3x5 uint16, 23",
        "0x010a0046, 3x5 uint16, 19",
        "0x01080009, 3x5 uint8 bayer rg, 15",
        "0x02180014, 3x5x3 uint8 rgb, 45",
        "0x02180021, 3x3x5 uint8 rgb planar, 45"
    })
    void shouldKnowTheFormatsOfCameras(String code, String format, long sentBytes) {
        PixelCode known = PixelCode.find(Integer.decode(code)).orElseThrow();
        FrameFormat frames = known.format(5, 3, OptionalDouble.empty());

        assertEquals(format, frames.toString());
        assertEquals(sentBytes, known.sentBytes(frames));
    }

    @Test
    void shouldNotGuessAnUnknownFormat() {
        assertTrue(PixelCode.find(0x02100032).isEmpty());
        assertEquals(
                DataType.UINT16,
                PixelCode.find(0x01100007)
                        .orElseThrow()
                        .format(2, 2, OptionalDouble.empty())
                        .type());
        assertEquals(
                Shape.of(2, 2),
                PixelCode.find(0x01100007)
                        .orElseThrow()
                        .format(2, 2, OptionalDouble.empty())
                        .shape());
    }

    @ParameterizedTest
    @CsvSource({
        "true, 65534, 65535, 0, 65535",
        "true, 65535, 1, 0, 65536",
        "true, 65535, 3, 2, 65538",
        "true, 5, 9, 3, 9",
        "true, 70000, 70002, 1, 70002",
        "true, 65535, 65536, 0, 65536",
        "false, 65535, 65536, 0, 65536",
        "false, 90, 3, 0, 91",
        "true, 70000, 3, 0, 70001"
    })
    void shouldCountIdsThatWrap(boolean isGige, long id, long next, long missing, long number) {
        FrameIds ids = new FrameIds(isGige);

        assertEquals(0, ids.take(id));
        assertEquals(id, ids.number());
        assertEquals(missing, ids.take(next));
        assertEquals(number, ids.number());
    }
}

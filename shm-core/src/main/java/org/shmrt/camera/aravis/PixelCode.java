package org.shmrt.camera.aravis;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.shmrt.camera.FrameFormat;
import org.shmrt.camera.FrameFormat.Pixels;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * A pixel format of the GenICam naming convention (PFNC), by its 32-bit number.
 *
 * @param code the number
 * @param type type of the elements in the stream
 * @param pixels meaning of the elements
 * @param bits bits of an element that carry information
 * @param packing how the camera sends them
 */
record PixelCode(int code, DataType type, Pixels pixels, int bits, Packing packing) {
    private static final List<PixelCode> KNOWN = List.of(
            of(0x01080001, 8, Pixels.MONO, Packing.NONE),
            new PixelCode(0x01080002, DataType.INT8, Pixels.MONO, 8, Packing.NONE),
            of(0x01100003, 10, Pixels.MONO, Packing.NONE),
            of(0x01100005, 12, Pixels.MONO, Packing.NONE),
            of(0x01100025, 14, Pixels.MONO, Packing.NONE),
            of(0x01100007, 16, Pixels.MONO, Packing.NONE),
            of(0x010c0004, 10, Pixels.MONO, Packing.GIGE_10),
            of(0x010c0006, 12, Pixels.MONO, Packing.GIGE_12),
            of(0x010a0046, 10, Pixels.MONO, Packing.BITS_10),
            of(0x010c0047, 12, Pixels.MONO, Packing.BITS_12),
            of(0x01080008, 8, Pixels.BAYER_GR, Packing.NONE),
            of(0x01080009, 8, Pixels.BAYER_RG, Packing.NONE),
            of(0x0108000a, 8, Pixels.BAYER_GB, Packing.NONE),
            of(0x0108000b, 8, Pixels.BAYER_BG, Packing.NONE),
            of(0x0110000c, 10, Pixels.BAYER_GR, Packing.NONE),
            of(0x0110000d, 10, Pixels.BAYER_RG, Packing.NONE),
            of(0x0110000e, 10, Pixels.BAYER_GB, Packing.NONE),
            of(0x0110000f, 10, Pixels.BAYER_BG, Packing.NONE),
            of(0x01100010, 12, Pixels.BAYER_GR, Packing.NONE),
            of(0x01100011, 12, Pixels.BAYER_RG, Packing.NONE),
            of(0x01100012, 12, Pixels.BAYER_GB, Packing.NONE),
            of(0x01100013, 12, Pixels.BAYER_BG, Packing.NONE),
            of(0x0110002e, 16, Pixels.BAYER_GR, Packing.NONE),
            of(0x0110002f, 16, Pixels.BAYER_RG, Packing.NONE),
            of(0x01100030, 16, Pixels.BAYER_GB, Packing.NONE),
            of(0x01100031, 16, Pixels.BAYER_BG, Packing.NONE),
            of(0x010a0056, 10, Pixels.BAYER_GR, Packing.BITS_10),
            of(0x010a0058, 10, Pixels.BAYER_RG, Packing.BITS_10),
            of(0x010a0054, 10, Pixels.BAYER_GB, Packing.BITS_10),
            of(0x010a0052, 10, Pixels.BAYER_BG, Packing.BITS_10),
            of(0x010c0057, 12, Pixels.BAYER_GR, Packing.BITS_12),
            of(0x010c0059, 12, Pixels.BAYER_RG, Packing.BITS_12),
            of(0x010c0055, 12, Pixels.BAYER_GB, Packing.BITS_12),
            of(0x010c0053, 12, Pixels.BAYER_BG, Packing.BITS_12),
            of(0x010c0026, 10, Pixels.BAYER_GR, Packing.GIGE_10),
            of(0x010c0027, 10, Pixels.BAYER_RG, Packing.GIGE_10),
            of(0x010c0028, 10, Pixels.BAYER_GB, Packing.GIGE_10),
            of(0x010c0029, 10, Pixels.BAYER_BG, Packing.GIGE_10),
            of(0x010c002a, 12, Pixels.BAYER_GR, Packing.GIGE_12),
            of(0x010c002b, 12, Pixels.BAYER_RG, Packing.GIGE_12),
            of(0x010c002c, 12, Pixels.BAYER_GB, Packing.GIGE_12),
            of(0x010c002d, 12, Pixels.BAYER_BG, Packing.GIGE_12),
            of(0x02180014, 8, Pixels.RGB, Packing.NONE),
            of(0x02300018, 10, Pixels.RGB, Packing.NONE),
            of(0x0230001a, 12, Pixels.RGB, Packing.NONE),
            of(0x02300033, 16, Pixels.RGB, Packing.NONE),
            of(0x02180015, 8, Pixels.RGB, Packing.BGR_8),
            of(0x02180021, 8, Pixels.RGB_PLANAR, Packing.NONE),
            of(0x02300022, 10, Pixels.RGB_PLANAR, Packing.NONE),
            of(0x02300023, 12, Pixels.RGB_PLANAR, Packing.NONE),
            of(0x02300024, 16, Pixels.RGB_PLANAR, Packing.NONE));

    private static PixelCode of(int code, int bits, Pixels pixels, Packing packing) {
        return new PixelCode(code, bits > 8 ? DataType.UINT16 : DataType.UINT8, pixels, bits, packing);
    }

    static Optional<PixelCode> find(int code) {
        return KNOWN.stream().filter(known -> known.code == code).findFirst();
    }

    /** The format of frames of a size. */
    FrameFormat format(int width, int height, OptionalDouble rateHz) {
        Shape shape = switch (pixels) {
            case RGB -> Shape.of(height, width, 3);
            case RGB_PLANAR -> Shape.of(3, height, width);
            default -> Shape.of(height, width);
        };
        return new FrameFormat(type, shape, pixels, bits, rateHz);
    }

    /** Bytes that the camera sends for a frame, without chunks. */
    long sentBytes(FrameFormat format) {
        return (format.shape().elementCount() * packing.bits(type) + 7) / 8;
    }

    /** The known formats, for messages. */
    static String names() {
        return "Mono8 to Mono16, Bayer, RGB8 to RGB16 and BGR8, and the packed ones of 10 and 12 bits";
    }
}

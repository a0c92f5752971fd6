package org.shmrt.camera.program;

import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.camera.FrameFormat;
import org.shmrt.error.IncompatibleException;
import org.shmrt.image.input.RowPadding;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * The frames that a GStreamer pipeline writes, from its caps. GStreamer pads each row to a multiple of four bytes.
 *
 * @param frames the frames of the stream
 * @param padding the rows in the pipe
 * @param bytesAfter bytes of the colour planes after each frame
 */
record GstCaps(FrameFormat frames, RowPadding padding, long bytesAfter) {
    private static final Pattern FORMAT = Pattern.compile("format=\\(string\\)(\\w+)");
    private static final Pattern WIDTH = Pattern.compile("width=\\(int\\)([0-9]{1,6})");
    private static final Pattern HEIGHT = Pattern.compile("height=\\(int\\)([0-9]{1,6})");
    private static final Pattern RATE = Pattern.compile("framerate=\\(fraction\\)([0-9]{1,9})/([1-9][0-9]{0,8})");

    /** Reads caps as gst-launch prints them. */
    static GstCaps parse(String caps, OptionalDouble givenRateHz) {
        Matcher format = FORMAT.matcher(caps);
        Matcher widthText = WIDTH.matcher(caps);
        Matcher heightText = HEIGHT.matcher(caps);
        if (!format.find() || !widthText.find() || !heightText.find()) {
            throw new IncompatibleException("gst-launch-1.0 reports caps that are not understood: " + caps);
        }
        long width = Long.parseLong(widthText.group(1));
        long height = Long.parseLong(heightText.group(1));
        Matcher rate = RATE.matcher(caps);
        OptionalDouble rateHz = givenRateHz;
        if (rateHz.isEmpty() && rate.find() && !rate.group(1).equals("0")) {
            rateHz = OptionalDouble.of(Double.parseDouble(rate.group(1)) / Double.parseDouble(rate.group(2)));
        }
        return switch (format.group(1)) {
            case "GRAY8" -> plane(DataType.UINT8, Shape.of(height, width), 1, 0, rateHz);
            case "GRAY16_LE" -> plane(DataType.UINT16, Shape.of(height, width), 1, 0, rateHz);
            case "RGB" -> plane(DataType.UINT8, Shape.of(height, width, 3), 3, 0, rateHz);
            case "I420" -> {
                long evenHeight = roundUp(height, 2);
                long chroma = roundUp(roundUp(width, 2) / 2, 4) * evenHeight / 2;
                long missingRows = (evenHeight - height) * roundUp(width, 4);
                yield plane(DataType.UINT8, Shape.of(height, width), 1, missingRows + 2 * chroma, rateHz);
            }
            default ->
                throw new IncompatibleException(
                        "gst-launch-1.0 writes " + format.group(1) + " pixels, which no stream can have");
        };
    }

    private static GstCaps plane(DataType type, Shape shape, int channels, long bytesAfter, OptionalDouble rateHz) {
        long rowBytes = shape.length(1) * channels * type.itemBytes();
        FrameFormat.Pixels pixels = channels == 3 ? FrameFormat.Pixels.RGB : FrameFormat.Pixels.MONO;
        return new GstCaps(
                new FrameFormat(type, shape, pixels, type.itemBytes() * 8, rateHz),
                new RowPadding(shape.length(0), rowBytes, roundUp(rowBytes, 4)),
                bytesAfter);
    }

    private static long roundUp(long value, long unit) {
        return (value + unit - 1) / unit * unit;
    }

    /** Size of a frame in the pipe. */
    long pipeBytes() {
        return padding.frameBytes() + bytesAfter;
    }
}

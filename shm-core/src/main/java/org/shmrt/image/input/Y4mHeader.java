package org.shmrt.image.input;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * The header of a YUV4MPEG2 video, which ffmpeg and mjpegtools write as {@code .y4m}. Luma planes of 8 bits are uint8,
 * those of 9 to 16 bits uint16. Immutable.
 *
 * @param shape rows x columns of the luma plane
 * @param type type of its elements
 * @param bits bits of an element that carry information
 * @param colour name of the colour format
 * @param chromaBytes size of the colour planes that follow each luma plane
 * @param rateHz frames per second, if the header has it
 */
public record Y4mHeader(Shape shape, DataType type, int bits, String colour, long chromaBytes, OptionalDouble rateHz) {
    /** Headers and lines before frames are shorter. */
    public static final int MAX_LINE_BYTES = 1024;

    private static final String MAGIC = "YUV4MPEG2";
    private static final int MAX_LENGTH = 1 << 20;
    private static final String DEFAULT_COLOUR = "420jpeg";
    /** The sampling of the colour planes, and for more than 8 bits their number. */
    private static final Pattern COLOUR =
            Pattern.compile("(mono|420|422|444alpha|444|411)(?:jpeg|paldv|mpeg2)?p?(9|1[0-6])?");

    private static final Pattern RATE = Pattern.compile("F([1-9][0-9]{0,8}):([1-9][0-9]{0,8})");

    /** Divisors of width and height of a colour plane, and the number of such planes. */
    private record Chroma(int x, int y, int planes) {}

    private static final Map<String, Chroma> CHROMA = Map.of(
            "mono", new Chroma(1, 1, 0),
            "420", new Chroma(2, 2, 2),
            "422", new Chroma(2, 1, 2),
            "411", new Chroma(4, 1, 2),
            "444", new Chroma(1, 1, 2),
            "444alpha", new Chroma(1, 1, 3));

    /**
     * Reads the first line of a video.
     *
     * @param line the line
     * @param name name of the video, for messages
     * @throws IncompatibleException if it is damaged
     */
    public static Y4mHeader parse(String line, String name) {
        String[] words = line.split(" ");
        if (!words[0].equals(MAGIC)) {
            throw damaged(name, "it does not start with " + MAGIC);
        }
        String colour = DEFAULT_COLOUR;
        long width = 0;
        long height = 0;
        OptionalDouble rateHz = OptionalDouble.empty();
        for (String word : words) {
            switch (word.isEmpty() ? ' ' : word.charAt(0)) {
                case 'W' -> width = length(word, name);
                case 'H' -> height = length(word, name);
                case 'C' -> colour = word.substring(1);
                case 'F' -> rateHz = rate(word);
                default -> {
                    // how the video is interlaced
                }
            }
        }
        Matcher matcher = COLOUR.matcher(colour);
        if (width == 0 || height == 0 || !matcher.matches()) {
            throw damaged(name, "its header has no width, no height, or an unknown colour format '" + colour + "'");
        }
        int bits = matcher.group(2) == null ? 8 : Integer.parseInt(matcher.group(2));
        DataType type = bits > 8 ? DataType.UINT16 : DataType.UINT8;
        Chroma chroma = CHROMA.get(matcher.group(1));
        long chromaBytes = chroma.planes
                * ((width + chroma.x - 1) / chroma.x)
                * ((height + chroma.y - 1) / chroma.y)
                * type.itemBytes();
        return new Y4mHeader(Shape.of(height, width), type, bits, colour, chromaBytes, rateHz);
    }

    private static OptionalDouble rate(String word) {
        Matcher rate = RATE.matcher(word);
        return rate.matches()
                ? OptionalDouble.of(Double.parseDouble(rate.group(1)) / Double.parseDouble(rate.group(2)))
                : OptionalDouble.empty();
    }

    private static long length(String word, String name) {
        if (!word.matches("[WH][0-9]{1,7}")) {
            throw damaged(name, "its header has the invalid length " + word.replaceAll("[^ -~]", "?"));
        }
        long length = Long.parseLong(word.substring(1));
        if (length < 1 || length > MAX_LENGTH) {
            throw damaged(name, "its header has the length " + length + ", and the limit is " + MAX_LENGTH);
        }
        return length;
    }

    /** The exception for a video that cannot be read. */
    public static IncompatibleException damaged(String name, String reason) {
        return new IncompatibleException("cannot read " + name + " as YUV4MPEG2: " + reason);
    }

    /** A sentence that says that colours are left out; empty if there are none. */
    public String remark(String name) {
        return chromaBytes > 0
                ? name + " is a video with colours (C" + colour + "): only its luma planes are written"
                : "";
    }
}

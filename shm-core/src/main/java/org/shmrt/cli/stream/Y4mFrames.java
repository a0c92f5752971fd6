package org.shmrt.cli.stream;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.cli.frame.FrameMemory;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.image.RawFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileOpening;

/**
 * The luma planes of a YUV4MPEG2 video, which ffmpeg and mjpegtools write as {@code .y4m}. Planes of 8 bits are uint8,
 * those of 9 to 16 bits uint16. The colour planes are skipped.
 */
final class Y4mFrames extends FrameSource {
    private static final String MAGIC = "YUV4MPEG2";
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_HEADER_BYTES = 1024;
    private static final int MAX_LENGTH = 1 << 20;
    private static final String DEFAULT_COLOUR = "420jpeg";
    /** The sampling of the colour planes, and for more than 8 bits their number. */
    private static final Pattern COLOUR =
            Pattern.compile("(mono|420|422|444alpha|444|411)(?:jpeg|paldv|mpeg2)?p?(9|1[0-6])?");

    /** Divisors of width and height of a colour plane, and the number of such planes. */
    private record Chroma(int x, int y, int planes) {}

    private static final Map<String, Chroma> CHROMA = Map.of(
            "mono", new Chroma(1, 1, 0),
            "420", new Chroma(2, 2, 2),
            "422", new Chroma(2, 1, 2),
            "411", new Chroma(4, 1, 2),
            "444", new Chroma(1, 1, 2),
            "444alpha", new Chroma(1, 1, 3));

    private final InputStream in;
    private final String name;
    private final MemorySegment frame;
    private final long chromaBytes;

    /**
     * Reads the header of a video.
     *
     * @throws IncompatibleException if it is damaged, or its luma planes are not frames of the stream
     */
    Y4mFrames(InputStream plain, String name, TargetStream stream, InputForm form, Consumer<String> remarks) {
        this.in = new BufferedInputStream(plain, BUFFER_BYTES);
        this.name = name;
        String[] words = line().split(" ");
        if (!words[0].equals(MAGIC)) {
            throw damaged("it does not start with " + MAGIC);
        }
        String colour = DEFAULT_COLOUR;
        long width = 0;
        long height = 0;
        for (String word : words) {
            switch (word.isEmpty() ? ' ' : word.charAt(0)) {
                case 'W' -> width = length(word);
                case 'H' -> height = length(word);
                case 'C' -> colour = word.substring(1);
                default -> {
                    // the rate, and how the video is interlaced
                }
            }
        }
        Matcher matcher = COLOUR.matcher(colour);
        if (width == 0 || height == 0 || !matcher.matches()) {
            throw damaged("its header has no width, no height, or an unknown colour format '" + colour + "'");
        }
        boolean wide = matcher.group(2) != null;
        DataType type = wide ? DataType.UINT16 : DataType.UINT8;
        Shape shape = Shape.of(height, width);
        if (type != stream.type()
                || !shape.squeezed().equals(form.frameShape(stream).squeezed())) {
            throw mismatch(Path.of(name), shape + " " + type + " (luma of C" + colour + ")", stream, form);
        }
        Chroma chroma = CHROMA.get(matcher.group(1));
        this.chromaBytes = chroma.planes
                * ((width + chroma.x - 1) / chroma.x)
                * ((height + chroma.y - 1) / chroma.y)
                * type.itemBytes();
        this.frame = FrameMemory.allocate(shape.byteSize(type), 1);
        if (chroma.planes > 0) {
            remarks.accept(name + " is a video with colours (C" + colour + "): only its luma planes are written");
        }
    }

    static FrameSource open(Path file, TargetStream stream, InputForm form, Consumer<String> remarks) {
        if (!Files.exists(file)) {
            throw new NotFoundException("there is no file " + file);
        }
        if (form.atEnd() == InputForm.AtEnd.REPEAT) {
            throw new IllegalArgumentException("--loop does not apply to " + file
                    + ": convert it to .raw, for example with ffmpeg -f rawvideo -pix_fmt gray");
        }
        try {
            InputStream in = FileOpening.stream(file);
            try {
                return new Y4mFrames(in, file.toString(), stream, form, remarks);
            } catch (RuntimeException | Error e) {
                in.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ShmException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private long length(String word) {
        if (!word.matches("[WH][0-9]{1,7}")) {
            throw damaged("its header has the invalid length " + word.replaceAll("[^ -~]", "?"));
        }
        long length = Long.parseLong(word.substring(1));
        if (length < 1 || length > MAX_LENGTH) {
            throw damaged("its header has the length " + length + ", and the limit is " + MAX_LENGTH);
        }
        return length;
    }

    /** The next line, without its end; empty at the end of the input. */
    private String line() {
        byte[] bytes = new byte[MAX_HEADER_BYTES];
        int count = 0;
        try {
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0 && count == 0) {
                    return "";
                }
                if (next < 0 || count == bytes.length) {
                    throw damaged("a header in it does not end");
                }
                bytes[count++] = (byte) next;
            }
        } catch (IOException e) {
            throw new ShmException("cannot read " + name + ": " + e.getMessage(), e);
        }
        return new String(bytes, 0, count, StandardCharsets.ISO_8859_1) + " ";
    }

    @Override
    boolean next() {
        String line = line();
        if (line.isEmpty()) {
            return false;
        }
        if (!line.startsWith("FRAME ")) {
            throw damaged("a frame in it does not start with FRAME");
        }
        try {
            if (!RawFile.read(in, frame)) {
                throw new EOFException();
            }
            in.skipNBytes(chromaBytes);
        } catch (EOFException e) {
            IncompatibleException failure = damaged("it ended inside a frame");
            failure.initCause(e);
            throw failure;
        } catch (IOException e) {
            throw new ShmException("cannot read " + name + ": " + e.getMessage(), e);
        }
        return true;
    }

    private IncompatibleException damaged(String reason) {
        return new IncompatibleException("cannot read " + name + " as YUV4MPEG2: " + reason);
    }

    @Override
    MemorySegment frame() {
        return frame;
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new ShmException("cannot close the input: " + e.getMessage(), e);
        }
    }
}

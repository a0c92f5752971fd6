package org.shmrt.cli.stream;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.shmrt.cli.frame.FrameMemory;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.image.RawFile;
import org.shmrt.image.input.Y4mHeader;
import org.shmrt.posix.FileOpening;
import org.shmrt.text.FileNames;

/**
 * The luma planes of a YUV4MPEG2 video; the colour planes are skipped.
 */
final class Y4mFrames extends FrameSource {
    private static final int BUFFER_BYTES = 1 << 16;

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
        Y4mHeader header = Y4mHeader.parse(line(), name);
        if (header.type() != stream.type()
                || !header.shape().squeezed().equals(form.frameShape(stream).squeezed())) {
            throw mismatch(
                    FileNames.parse(name),
                    header.shape() + " " + header.type() + " (luma of C" + header.colour() + ")",
                    stream,
                    form);
        }
        this.chromaBytes = header.chromaBytes();
        this.frame = FrameMemory.allocate(header.shape().byteSize(header.type()), 1);
        if (chromaBytes > 0) {
            remarks.accept(header.remark(name));
        }
    }

    static FrameSource open(Path file, TargetStream stream, InputForm form, Consumer<String> remarks) {
        if (!Files.exists(file)) {
            throw new NotFoundException("there is no file " + FileNames.text(file));
        }
        if (form.atEnd() == InputForm.AtEnd.REPEAT) {
            throw new IllegalArgumentException("--loop does not apply to " + FileNames.text(file)
                    + ": convert it to .raw, for example with ffmpeg -f rawvideo -pix_fmt gray");
        }
        try {
            InputStream in = FileOpening.stream(file);
            try {
                return new Y4mFrames(in, FileNames.text(file), stream, form, remarks);
            } catch (RuntimeException | Error e) {
                in.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ShmException("cannot read " + FileNames.text(file) + ": " + e.getMessage(), e);
        }
    }

    /** The next line, without its end; empty at the end of the input. */
    private String line() {
        byte[] bytes = new byte[Y4mHeader.MAX_LINE_BYTES];
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
        return Y4mHeader.damaged(name, reason);
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

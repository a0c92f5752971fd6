package org.shmrt.cli.stream;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.shmrt.cli.frame.FrameMemory;
import org.shmrt.cli.verb.StandardStreams;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.image.ImageFiles;
import org.shmrt.image.LoadedImage;
import org.shmrt.image.input.RowPadding;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileOpening;
import org.shmrt.posix.IoErrors;
import org.shmrt.text.FileNames;

/** The frames that {@code shm write} writes, one after the other. */
abstract class FrameSource implements AutoCloseable {
    private static final long MAX_IN_MEMORY_BYTES = 256L << 20;

    /** Moves to the next frame; false after the last. */
    abstract boolean next();

    /** The current frame. */
    abstract MemorySegment frame();

    @Override
    public abstract void close();

    /**
     * Opens a file according to its ending, or standard input for {@code -}.
     *
     * @param in name of the file, or {@code -}
     * @param stream the stream that the frames are for
     * @param form form of the frames in the input
     * @param remarks receives remarks for the user
     */
    static FrameSource open(String in, TargetStream stream, InputForm form, Consumer<String> remarks) {
        FrameSource source = openInput(in, stream, form, remarks);
        return form.axes() == InputForm.Axes.AS_IN_STREAM
                ? source
                : new TransposedFrames(
                        source, form.frameShape(stream), stream.type().itemBytes());
    }

    private static FrameSource openInput(String in, TargetStream stream, InputForm form, Consumer<String> remarks) {
        if (in.equals(StandardStreams.NAME)) {
            return StandardInput.open(stream, form, remarks);
        }
        Path file = FileNames.parse(in);
        String name = in.toLowerCase(Locale.ROOT);
        if (name.endsWith(".raw")) {
            if (!Files.exists(file)) {
                throw new NotFoundException("there is no file " + FileNames.text(file));
            }
            return rawFrames(file, stream, form);
        }
        if (form.strideBytes().isPresent()) {
            throw new IllegalArgumentException("--stride applies to raw frames: to FILE.raw and to -");
        }
        if (name.endsWith(".y4m")) {
            return Y4mFrames.open(file, stream, form, remarks);
        }
        if (name.endsWith(".npy") && Files.isRegularFile(file)) {
            return NpyFrames.open(file, stream, form, remarks);
        }
        LoadedImage loaded = ImageFiles.load(file, Optional.empty(), Optional.empty(), form.maxExpandedBytes());
        loaded.remarks().forEach(remark -> remarks.accept(FileNames.text(file) + ": " + remark));
        return new MemoryFrames(matching(file, loaded.image(), stream, form), stream.frameBytes(), form.atEnd());
    }

    private static MemorySegment matching(Path file, MemoryImage image, TargetStream stream, InputForm form) {
        Shape frame = form.frameShape(stream);
        if (image.type() != stream.type() || !InputForm.isFrames(image.shape(), frame)) {
            throw mismatch(file, image.shape() + " " + image.type(), stream, form);
        }
        return image.data();
    }

    /** The exception for a file with images that are not frames of the stream. */
    static IncompatibleException mismatch(Path file, String found, TargetStream stream, InputForm form) {
        return new IncompatibleException(FileNames.text(file) + " contains " + found + ", but frames of "
                + FileNames.text(stream.path()) + " are "
                + stream.shape() + " " + stream.type()
                + (form.axes() == InputForm.Axes.TRANSPOSED
                        ? ", which are " + form.frameShape(stream) + " in the file with --transpose"
                        : ""));
    }

    /** Files up to this size are read at once, so that repeating them costs no system calls. */
    static long maxInMemoryBytes() {
        return Math.min(MAX_IN_MEMORY_BYTES, Runtime.getRuntime().maxMemory() / 4);
    }

    private static MemorySegment readAll(FrameSource source, long frames, long frameBytes) {
        MemorySegment all = FrameMemory.allocate(frames * frameBytes, 1);
        long at = 0;
        while (at < all.byteSize() && source.next()) {
            all.asSlice(at, frameBytes).copyFrom(source.frame());
            at += frameBytes;
        }
        // fewer if the file was truncated in the meantime
        return all.asSlice(0, at);
    }

    private static FrameSource rawFrames(Path file, TargetStream stream, InputForm form) {
        RowPadding padding = InputRows.padding(form, stream);
        try {
            long bytes = Files.size(file);
            if (bytes == 0 || bytes % padding.frameBytes() != 0) {
                throw InputRows.indivisible(padding, FileNames.text(file), bytes, stream);
            }
            InputStream in = FileOpening.stream(file);
            if (form.atEnd() == InputForm.AtEnd.STOP) {
                return new PipeFrames(in, padding);
            }
            long frames = bytes / padding.frameBytes();
            if (frames * stream.frameBytes() > maxInMemoryBytes()) {
                return new RepeatedFile(file, in, padding);
            }
            try (PipeFrames once = new PipeFrames(in, padding)) {
                return new MemoryFrames(readAll(once, frames, stream.frameBytes()), stream.frameBytes(), form.atEnd());
            }
        } catch (IOException e) {
            throw IoErrors.reading(file, e);
        }
    }
}

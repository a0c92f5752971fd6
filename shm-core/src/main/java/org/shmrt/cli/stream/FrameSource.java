package org.shmrt.cli.stream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.shmrt.cli.verb.StandardStreams;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.image.ImageFiles;
import org.shmrt.image.RawFile;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileOpening;
import org.shmrt.posix.IoErrors;
import org.shmrt.stream.ImageStream;
import org.shmrt.text.FileNames;

/** The frames that {@code shm write} writes, one after the other. */
abstract class FrameSource implements AutoCloseable {
    /** What follows the last frame of a file. */
    enum AtEnd {
        STOP,
        REPEAT
    }

    /** Moves to the next frame; false after the last. */
    abstract boolean next();

    /** The current frame. */
    abstract MemorySegment frame();

    @Override
    public abstract void close();

    /** Opens a file according to its ending, or standard input for {@code -}. */
    static FrameSource open(String in, ImageStream stream, AtEnd atEnd) {
        if (in.equals(StandardStreams.NAME)) {
            return new Pipe(StandardStreams.input(), stream.layout().frameBytes());
        }
        Path file = FileNames.parse(in);
        if (in.toLowerCase(Locale.ROOT).endsWith(".raw")) {
            if (!Files.exists(file)) {
                throw new NotFoundException("there is no file " + file);
            }
            return rawFrames(file, stream, atEnd);
        }
        return new Frames(
                matching(file, ImageFiles.read(file), stream), stream.layout().frameBytes(), atEnd);
    }

    /** The bytes of the image, if it is one frame of the stream, or several along a first axis. */
    private static MemorySegment matching(Path file, MemoryImage image, ImageStream stream) {
        // a vector of n can be stored as n x 1
        Shape frame = stream.shape().squeezed();
        long[] found = image.shape().lengths();
        boolean isFrame = image.shape().squeezed().equals(frame);
        boolean isSequence = found.length > 1
                && Shape.of(Arrays.copyOfRange(found, 1, found.length))
                        .squeezed()
                        .equals(frame);
        if (image.type() != stream.type() || (!isFrame && !isSequence)) {
            throw new IncompatibleException(file + " contains " + image.shape() + " " + image.type()
                    + ", but frames of " + stream.path() + " are " + stream.shape() + " " + stream.type());
        }
        return image.data();
    }

    private static FrameSource rawFrames(Path file, ImageStream stream, AtEnd atEnd) {
        long frameBytes = stream.layout().frameBytes();
        try {
            long bytes = Files.size(file);
            if (bytes == 0 || bytes % frameBytes != 0) {
                throw new IncompatibleException(
                        file + " has " + bytes + " bytes, which is not a multiple of the frame size of " + stream.path()
                                + ", " + frameBytes + " bytes");
            }
            return atEnd == AtEnd.REPEAT
                    ? new Frames(mapped(file), frameBytes, atEnd)
                    : new Pipe(FileOpening.stream(file), frameBytes);
        } catch (IOException e) {
            throw IoErrors.reading(file, e);
        }
    }

    private static MemorySegment mapped(Path file) throws IOException {
        try (FileChannel channel = FileOpening.channel(file)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        } catch (NonWritableChannelException e) {
            // java.nio tries to extend a file that became shorter than the mapping.
            throw new IncompatibleException(file + " was truncated by another process while it was opened", e);
        }
    }

    /** Frames in memory, back to back. */
    private static final class Frames extends FrameSource {
        private final MemorySegment all;
        private final long frameBytes;
        private final AtEnd atEnd;
        private long nextOffset;
        private MemorySegment frame;

        Frames(MemorySegment all, long frameBytes, AtEnd atEnd) {
            this.all = all;
            this.frameBytes = frameBytes;
            this.atEnd = atEnd;
        }

        @Override
        boolean next() {
            if (nextOffset == all.byteSize()) {
                if (atEnd == AtEnd.STOP) {
                    return false;
                }
                nextOffset = 0;
            }
            frame = all.asSlice(nextOffset, frameBytes);
            nextOffset += frameBytes;
            return true;
        }

        @Override
        MemorySegment frame() {
            return frame;
        }

        @Override
        public void close() {
            // the garbage collector frees the memory
        }
    }

    /** Frames that arrive through a pipe or from a file that is read once. */
    private static final class Pipe extends FrameSource {
        private static final int BUFFER_BYTES = 1 << 16;

        private final InputStream in;
        private final MemorySegment frame;

        Pipe(InputStream in, long frameBytes) {
            this.in = frameBytes < BUFFER_BYTES ? new BufferedInputStream(in, BUFFER_BYTES) : in;
            this.frame = Arena.ofAuto().allocate(frameBytes, 8);
        }

        @Override
        boolean next() {
            return RawFile.read(in, frame);
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
}

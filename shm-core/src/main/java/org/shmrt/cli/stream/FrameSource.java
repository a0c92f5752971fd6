package org.shmrt.cli.stream;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.image.ImageFiles;
import org.shmrt.image.RawFile;
import org.shmrt.memory.MemoryImage;
import org.shmrt.stream.ImageStream;

/** Where {@code shm write} takes its frames from, one after the other. */
abstract class FrameSource implements AutoCloseable {
    /** Moves to the next frame; false after the last. */
    abstract boolean next();

    /** The frame moved to. */
    abstract MemorySegment frame();

    @Override
    public abstract void close();

    /** Opens a file by its ending, or standard input for {@code -}. */
    static FrameSource open(String in, ImageStream stream, boolean loop) {
        if (in.equals("-")) {
            return new Pipe(
                    new FileInputStream(FileDescriptor.in), stream.layout().frameBytes());
        }
        Path file = Path.of(in);
        if (in.toLowerCase(Locale.ROOT).endsWith(".raw")) {
            if (!Files.exists(file)) {
                throw new NotFoundException("there is no file " + file);
            }
            return rawFrames(file, stream, loop);
        }
        return new Frames(
                matching(file, ImageFiles.read(file, null, null), stream),
                stream.layout().frameBytes(),
                loop);
    }

    /** The image's bytes, if it is one frame of the stream, or several along a first axis. */
    private static MemorySegment matching(Path file, MemoryImage image, ImageStream stream) {
        long[] wanted = squeezed(stream.shape().lengths(), 0);
        long[] found = image.shape().lengths();
        boolean one = Arrays.equals(squeezed(found, 0), wanted);
        boolean several = found.length > 1 && Arrays.equals(squeezed(found, 1), wanted);
        if (image.type() != stream.type() || (!one && !several)) {
            throw new IncompatibleException(file + " holds " + image.shape() + " " + image.type() + ", but "
                    + stream.path() + " takes frames of " + stream.shape() + " " + stream.type());
        }
        return image.data();
    }

    /** Lengths from an axis on, without those of 1: a vector of n may be stored as n x 1. */
    private static long[] squeezed(long[] lengths, int from) {
        return Arrays.stream(lengths, from, lengths.length)
                .filter(length -> length != 1)
                .toArray();
    }

    private static FrameSource rawFrames(Path file, ImageStream stream, boolean loop) {
        long frameBytes = stream.layout().frameBytes();
        try {
            long bytes = Files.size(file);
            if (bytes == 0 || bytes % frameBytes != 0) {
                throw new IncompatibleException(
                        file + " has " + bytes + " bytes, which is no whole number of frames of " + stream.path() + " ("
                                + frameBytes + " bytes each)");
            }
            return loop ? new Frames(mapped(file), frameBytes, true) : new Pipe(Files.newInputStream(file), frameBytes);
        } catch (IOException e) {
            throw new ShmException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static MemorySegment mapped(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        }
    }

    /** Frames that lie in memory, back to back. */
    private static final class Frames extends FrameSource {
        private final MemorySegment all;
        private final long frameBytes;
        private final boolean loop;
        private long nextAt;
        private MemorySegment frame;

        Frames(MemorySegment all, long frameBytes, boolean loop) {
            this.all = all;
            this.frameBytes = frameBytes;
            this.loop = loop;
        }

        @Override
        boolean next() {
            if (nextAt == all.byteSize()) {
                if (!loop) {
                    return false;
                }
                nextAt = 0;
            }
            frame = all.asSlice(nextAt, frameBytes);
            nextAt += frameBytes;
            return true;
        }

        @Override
        MemorySegment frame() {
            return frame;
        }

        @Override
        public void close() {
            // the memory goes with its last user
        }
    }

    /** Frames that come through a pipe or a file read once. */
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

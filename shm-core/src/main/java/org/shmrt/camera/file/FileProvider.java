package org.shmrt.camera.file;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.shmrt.camera.FrameFormat;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.SourceOptions;
import org.shmrt.error.IncompatibleException;
import org.shmrt.image.input.KnownStart;
import org.shmrt.image.input.RowPadding;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileOpening;
import org.shmrt.posix.IoErrors;
import org.shmrt.text.FileNames;

/** Opens files and standard input, which is {@code -}. What a file is, its first bytes say. */
public final class FileProvider implements FrameSource.Provider {
    private static final String STANDARD_INPUT = "-";

    @Override
    public String scheme() {
        return FrameSource.FILE_SCHEME;
    }

    @Override
    // the source closes the channel
    @SuppressWarnings("resource")
    public FrameSource open(String text, SourceOptions options) {
        options.checkSettings(text);
        if (text.equals(STANDARD_INPUT)) {
            FileOpening.enlargeStandardInput();
            return openChannel(new FileInputStream(FileDescriptor.in).getChannel(), Optional.empty(), options);
        }
        Path file = FileNames.parse(text);
        if (Files.isDirectory(file)) {
            throw IoErrors.directory("read", file);
        }
        // Also a compressed one, whose first bytes are those of the compression.
        if (file.getFileName().toString().toLowerCase(Locale.ROOT).contains(".fits")) {
            refuseStride(file, options);
            return CubeSource.image(file, options);
        }
        try {
            return openChannel(FileOpening.channel(file), Optional.of(file), options);
        } catch (IOException e) {
            throw IoErrors.reading(file, e);
        }
    }

    private static void refuseStride(Path file, SourceOptions options) {
        if (options.strideBytes().isPresent()) {
            throw new IllegalArgumentException(
                    "--stride applies to raw frames, and " + FileNames.text(file) + " is none");
        }
    }

    private static FrameSource openChannel(FileChannel channel, Optional<Path> file, SourceOptions options) {
        ByteInput in = new ByteInput(channel, file.map(Path::toString).orElse("standard input"));
        try {
            return openInput(in, channel, file, options);
        } catch (RuntimeException | Error e) {
            in.close();
            throw e;
        }
    }

    private static FrameSource openInput(
            ByteInput in, FileChannel channel, Optional<Path> file, SourceOptions options) {
        long bytes = bytesLeft(channel); // before the first bytes are read
        Optional<KnownStart> known = known(in);
        if (known.isEmpty()) {
            return raw(in, bytes, options);
        }
        if (known.get() == KnownStart.VIDEO) {
            options.checkFormIsNotGiven(in.name() + ", " + known.get().title() + ",");
            options.checkRateIsNotGiven(in.name());
            return Y4mSource.open(in);
        }
        if (known.get() == KnownStart.PNG || file.isEmpty()) {
            throw new IncompatibleException(in.name() + " is " + known.get().title() + ", and "
                    + (file.isEmpty()
                            ? "- reads raw frames: save it as a file and give its name"
                            : "frames come from raw, .y4m, .npy and .fits files")
                    + "; nothing was written");
        }
        in.close();
        refuseStride(file.get(), options);
        return known.get() == KnownStart.NPY
                ? CubeSource.npy(file.get(), options)
                : CubeSource.image(file.get(), options);
    }

    /** Byte by byte, so that no more is awaited than is needed to exclude all of them. */
    private static Optional<KnownStart> known(ByteInput in) {
        byte[] start = new byte[KnownStart.MAX_BYTES];
        int count = 0;
        Optional<KnownStart> known = Optional.empty();
        while (known.isEmpty() && KnownStart.isPrefix(start, count) && in.peek(start, count + 1) > count) {
            count++;
            known = KnownStart.of(start, count);
        }
        return known;
    }

    private static FrameSource raw(ByteInput in, long bytes, SourceOptions options) {
        if (options.shape().isEmpty() || options.type().isEmpty()) {
            throw new IllegalArgumentException(
                    in.name() + " has raw frames: give their shape and type, for example --shape 480x640 --dtype u16");
        }
        Shape shape = options.shape().get();
        DataType type = options.type().get();
        FrameFormat format = FrameFormat.ofShape(type, shape, options.rateHz());
        // A row of colours has three values for each pixel.
        Shape rows = format.pixels() == FrameFormat.Pixels.RGB ? Shape.of(shape.length(0), 3 * shape.length(1)) : shape;
        RowPadding padding = RowPadding.of(rows, type, options.strideBytes(), in.name());
        if (bytes >= 0 && bytes % padding.frameBytes() != 0) {
            throw new IncompatibleException(in.name() + " has " + bytes
                    + " bytes, which is not a multiple of the frame size, " + padding.frameBytes() + " bytes (" + format
                    + (padding.isNone() ? "" : ", rows of " + padding.strideBytes() + " bytes")
                    + "): check shape and type, or give the bytes of a padded row with --stride; nothing was written");
        }
        return new RawSource(in, format, padding);
    }

    /** The bytes of a regular file from its current position; -1 for a pipe or a device. */
    private static long bytesLeft(FileChannel channel) {
        try {
            long size = channel.size();
            return size > 0 ? size - channel.position() : -1;
        } catch (IOException e) {
            return -1;
        }
    }
}

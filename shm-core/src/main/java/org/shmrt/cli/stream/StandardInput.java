package org.shmrt.cli.stream;

import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.shmrt.cli.verb.StandardStreams;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.image.input.KnownStart;
import org.shmrt.image.input.RowPadding;

/** Opens standard input: raw frames, or a YUV4MPEG2 video, which is recognised by its first bytes. */
final class StandardInput {
    private static final String NAME = "standard input";

    private StandardInput() {}

    /** Opens the input; a regular file must have whole frames. */
    static FrameSource open(TargetStream stream, InputForm form, Consumer<String> remarks) {
        InputStream in = StandardStreams.input();
        OptionalLong bytes = in instanceof FileInputStream file ? bytesOfFile(file) : OptionalLong.empty();
        return open(in, bytes, stream, form, remarks);
    }

    /**
     * Opens an input.
     *
     * @param bytes its size, if it is known
     */
    static FrameSource open(
            InputStream in, OptionalLong bytes, TargetStream stream, InputForm form, Consumer<String> remarks) {
        RowPadding padding = InputRows.padding(form, stream);
        byte[] start = new byte[KnownStart.MAX_BYTES];
        int count = 0;
        Optional<KnownStart> known = Optional.empty();
        try {
            // byte by byte, so that no more is awaited than is needed to exclude all of them
            while (known.isEmpty() && KnownStart.isPrefix(start, count)) {
                int next = in.read();
                if (next < 0) {
                    break;
                }
                start[count++] = (byte) next;
                known = KnownStart.of(start, count);
            }
        } catch (IOException e) {
            throw new ShmException("cannot read " + NAME + ": " + e.getMessage(), e);
        }
        if (known.isPresent() && known.get() != KnownStart.VIDEO) {
            throw new IncompatibleException(NAME + " is " + known.get().title()
                    + ", and - reads raw frames: save it as a file and give its name; nothing was written");
        }
        InputStream all = count == 0 ? in : new SequenceInputStream(new ByteArrayInputStream(start, 0, count), in);
        if (known.isPresent()) {
            if (form.strideBytes().isPresent()) {
                throw new IllegalArgumentException("--stride applies to raw frames, and " + NAME + " is "
                        + known.get().title());
            }
            return new Y4mFrames(all, NAME, stream, form, remarks);
        }
        if (bytes.isPresent() && bytes.getAsLong() % padding.frameBytes() != 0) {
            throw InputRows.indivisible(padding, NAME, bytes.getAsLong(), stream);
        }
        return new PipeFrames(all, padding);
    }

    /** The bytes left in a regular file; empty for a pipe or a device. */
    // the channel belongs to the stream, which its user closes
    @SuppressWarnings("resource")
    private static OptionalLong bytesOfFile(FileInputStream in) {
        try {
            FileChannel channel = in.getChannel();
            long size = channel.size();
            return size > 0 ? OptionalLong.of(size - channel.position()) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}

package org.shmrt.cacao;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.shmrt.error.NotFoundException;
import org.shmrt.posix.FileId;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.inspect.StreamStatus;
import org.shmrt.text.FileNames;

/**
 * The recorded state of a stream, which shows later whether the stream was written: name, size and modification time of
 * the file, and counter and time of the newest frame. The latter are needed because a store to mapped memory does not
 * change the attributes of the file.
 */
final class StreamState {
    private StreamState() {}

    /**
     * Determines the current state.
     *
     * @return one line; empty if the stream does not exist
     * @throws NotFoundException if the file is a broken link
     */
    static Optional<String> of(Path file) {
        if (!Files.exists(file)) {
            if (FileId.exists(file)) {
                throw new NotFoundException(
                        FileNames.text(file) + " is a broken link to " + FileNames.text(WorkFiles.linkTarget(file))
                                + ": create that stream, link to another (shm link), or remove the link (-r)");
            }
            return Optional.empty();
        }
        StreamInfo info = StreamInfo.of(file);
        return Optional.of(line(file, info.status().cnt0(), writeTimeNs(info.layout(), info.status())));
    }

    /** The line for a stream with this newest frame. */
    static String line(Path file, long cnt0, long writeTimeNs) {
        return FileStamp.of(file, file.toAbsolutePath().toString()) + " cnt0 " + Long.toUnsignedString(cnt0)
                + " written " + writeTimeNs + "\n";
    }

    /** Write time of the newest frame, or its acquisition time in formats without one; nanoseconds on its clock. */
    static long writeTimeNs(StreamLayout layout, StreamStatus status) {
        return layout.written().exists() ? status.writtenNs() : status.acquiredNs();
    }
}

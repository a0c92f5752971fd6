package org.shmrt.cacao;

import java.nio.file.Files;
import java.nio.file.Path;
import org.shmrt.error.NotFoundException;
import org.shmrt.posix.FileId;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.inspect.StreamStatus;

/**
 * What is remembered of a stream, to tell later whether somebody wrote it: its file's name, size and modification time,
 * and beside those, because what a writer stores into mapped memory changes none of them, counter and time of the
 * newest frame.
 */
final class StreamState {
    private StreamState() {}

    /**
     * Looks at a stream.
     *
     * @return one line, or null if there is no such stream
     * @throws NotFoundException if it is a link that leads nowhere
     */
    static String ofOrNull(Path file) {
        if (!Files.exists(file)) {
            if (FileId.exists(file)) {
                throw new NotFoundException(file + " is a link that leads nowhere, to " + WorkFiles.linkTarget(file)
                        + ": create that stream, link to another (shm link), or remove the link (-r)");
            }
            return null;
        }
        StreamInfo info = StreamInfo.of(file);
        return line(file, info.status().cnt0(), writeTimeNs(info.layout(), info.status()));
    }

    static String line(Path file, long cnt0, long writeTimeNs) {
        return FileStamp.of(file, file.toAbsolutePath().toString()) + " cnt0 " + cnt0 + " written " + writeTimeNs
                + "\n";
    }

    /** When the newest frame was written or, where the format does not tell, acquired; nanoseconds on its clock. */
    static long writeTimeNs(StreamLayout layout, StreamStatus status) {
        return layout.written().exists() ? status.writtenNs() : status.acquiredNs();
    }
}

package org.shmrt.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.shmrt.error.ShmException;
import org.shmrt.record.chunk.ChunkDirectory;
import org.shmrt.record.chunk.ChunkName;
import org.shmrt.text.FileNames;

/** Limits the space that the recordings of some streams take in a directory, by removing their oldest chunks. */
final class Retention {
    private final Path directory;
    private final Set<String> streams;
    private final long keepBytes;

    Retention(Path directory, Set<String> streams, long keepBytes) {
        this.directory = directory;
        this.streams = Set.copyOf(streams);
        this.keepBytes = keepBytes;
    }

    /**
     * Removes the oldest chunks until the others fit.
     *
     * @param open the chunks that are being written, which remain
     * @throws ShmException if the directory cannot be listed
     */
    void enforce(Set<Path> open) {
        if (keepBytes == Long.MAX_VALUE) {
            return;
        }
        List<ChunkName> chunks = new ArrayList<>();
        for (Map.Entry<String, List<ChunkName>> stream :
                ChunkDirectory.byStream(directory).entrySet()) {
            if (streams.contains(stream.getKey())) {
                chunks.addAll(stream.getValue());
            }
        }
        chunks.sort(Comparator.comparingLong(ChunkName::startNs));
        long total = 0;
        for (ChunkName chunk : chunks) {
            total += size(chunk.in(directory)) + size(ChunkName.timesOf(chunk.in(directory)));
        }
        for (ChunkName chunk : chunks) {
            if (total <= keepBytes) {
                return;
            }
            Path file = chunk.in(directory);
            if (!open.contains(file)) {
                try {
                    total -= ChunkDirectory.remove(file);
                } catch (IOException e) {
                    throw new ShmException(
                            "cannot remove the old recording " + FileNames.text(file) + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0; // removed or compressed in the meantime
        }
    }
}

package org.shmrt.record.chunk;

import java.io.IOException;
import java.nio.file.Path;
import org.shmrt.error.ShmException;

/**
 * The disk failed while it took frames of a chunk. A further try does not write them again, even if it succeeds: the
 * kernel has given up the pages that it could not write.
 */
public final class ForceFailedException extends ShmException {
    private static final long serialVersionUID = 1L;

    ForceFailedException(Path path, long fromFrame, long toFrame, IOException cause) {
        super(
                path + ": the disk failed while it took the frames " + fromFrame + " to " + (toFrame - 1)
                        + ", which may be damaged: " + cause.getMessage(),
                cause);
    }
}

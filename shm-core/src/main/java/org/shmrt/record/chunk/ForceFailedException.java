package org.shmrt.record.chunk;

import java.io.IOException;
import java.nio.file.Path;
import org.shmrt.error.ShmException;
import org.shmrt.text.FileNames;

/**
 * Frames of a chunk could not be forced to the disk. Another attempt does not write them again, even if it succeeds: the
 * kernel marks pages that it could not write as clean.
 */
public final class ForceFailedException extends ShmException {
    private static final long serialVersionUID = 1L;

    ForceFailedException(Path path, long fromFrame, long toFrame, IOException cause) {
        super(
                FileNames.text(path) + ": cannot force frames " + fromFrame + " to " + (toFrame - 1)
                        + " to the disk, so they may be damaged: " + cause.getMessage() + "; check the disk",
                cause);
    }
}

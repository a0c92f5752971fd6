package org.shmrt.cli.verb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.shmrt.error.ShmException;

/** Standard output could not be written. A verb that continues after other failures ends after this one. */
public final class OutputLostException extends ShmException {
    private static final long serialVersionUID = 1L;

    private static final int TYPE_MASK = 0170000;
    private static final int PIPE = 0010000;
    private static final int SOCKET = 0140000;

    private final boolean pipe;

    /** {@code destination} is what standard output leads to. */
    public OutputLostException(Path destination, IOException cause) {
        super("cannot write to standard output: " + cause.getMessage() + "; the output is incomplete", cause);
        this.pipe = isPipe(destination);
    }

    /** Whether the reader of a pipe has closed it: usually it has read enough, which is not an error. */
    public boolean isPipeClosed() {
        return pipe;
    }

    // The text of the error would depend on the language of the system. A pipe has no other error than this one.
    private static boolean isPipe(Path destination) {
        try {
            int type = (int) Files.getAttribute(destination, "unix:mode") & TYPE_MASK;
            return type == PIPE || type == SOCKET;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}

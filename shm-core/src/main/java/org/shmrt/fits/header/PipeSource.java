package org.shmrt.fits.header;

import java.io.BufferedInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import org.shmrt.error.ShmException;
import org.shmrt.text.FileNames;

/** A pipe or device, which can be read once. */
final class PipeSource extends SequentialSource {
    PipeSource(Path path, InputStream in) {
        super(path, new BufferedInputStream(in, BUFFER_BYTES));
    }

    @Override
    InputStream reopen() {
        throw new ShmException(
                "cannot read " + FileNames.text(path()) + " twice: it is a pipe; save it as a file first");
    }

    @Override
    public long maxBytes() {
        return Long.MAX_VALUE;
    }
}

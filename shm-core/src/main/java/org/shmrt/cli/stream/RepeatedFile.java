package org.shmrt.cli.stream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.shmrt.image.input.RowPadding;
import org.shmrt.posix.FileOpening;
import org.shmrt.posix.IoErrors;

/** Raw frames of a file that starts again after its last frame. */
final class RepeatedFile extends PipeFrames {
    private final Path file;

    RepeatedFile(Path file, InputStream in, RowPadding padding) {
        super(in, padding);
        this.file = file;
    }

    @Override
    boolean next() {
        if (super.next()) {
            return true;
        }
        try {
            restart(FileOpening.stream(file));
        } catch (IOException e) {
            throw IoErrors.reading(file, e);
        }
        return super.next();
    }
}

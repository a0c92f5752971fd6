package org.shmrt.cli.verb;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.shmrt.error.ShmException;

/** Raw bytes on standard input and output, which the command line calls {@code -}. */
public final class StandardStreams {
    /** The file name that stands for standard input or output. */
    public static final String NAME = "-";

    private StandardStreams() {}

    /** Writes to a stream of bytes. */
    @FunctionalInterface
    public interface ByteWriter {
        void writeTo(OutputStream bytes) throws IOException;
    }

    /** Standard input without decoding. */
    public static InputStream input() {
        return new FileInputStream(FileDescriptor.in);
    }

    /** Writes raw bytes to standard output and closes it. */
    public static void output(ByteWriter writer) {
        // System.out would encode the bytes as characters and hide that a pipe was closed.
        try (OutputStream bytes = new FileOutputStream(FileDescriptor.out)) {
            writer.writeTo(bytes);
        } catch (IOException e) {
            throw new ShmException("cannot write to standard output: " + e.getMessage(), e);
        }
    }
}

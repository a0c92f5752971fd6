package org.shmrt.cli.verb;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/** Raw bytes on standard input and output, which the command line calls {@code -}. */
public final class StandardStreams {
    /** The file name that stands for standard input or output. */
    public static final String NAME = "-";

    /** The file or pipe behind standard output. */
    static final Path OUTPUT = Path.of("/proc/self/fd/1");

    private StandardStreams() {}

    /** Reports every failure as the loss of the output, which no writer of files translates. */
    private static final class Output extends OutputStream {
        private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            try {
                out.write(bytes, from, length);
            } catch (IOException e) {
                throw new OutputLostException(OUTPUT, e);
            }
        }
    }

    /** Standard input without decoding. */
    public static InputStream input() {
        return new FileInputStream(FileDescriptor.in);
    }

    /**
     * Standard output for raw bytes. System.out would encode them as characters and hide that a pipe was closed. Each
     * write throws an {@link OutputLostException} if it fails.
     */
    public static OutputStream output() {
        return new Output();
    }
}

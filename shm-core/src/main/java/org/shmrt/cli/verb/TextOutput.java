package org.shmrt.cli.verb;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Text on standard output. Remembers the first failure, which {@link PrintWriter} only turns into a flag, and writes
 * nothing after it.
 */
public final class TextOutput extends PrintWriter {
    private final Recorder recorder;
    private final Path destination;
    private final Charset charset;

    private TextOutput(Recorder recorder, Path destination, Charset charset) {
        super(recorder, false);
        this.recorder = recorder;
        this.destination = destination;
        this.charset = charset;
    }

    /** Writes to {@code out}, which can take any character; {@code destination} is the file or pipe behind it. */
    public TextOutput(Writer out, Path destination) {
        this(new Recorder(out), destination, StandardCharsets.UTF_8);
    }

    /** Standard output. System.out would hide failures. */
    public static TextOutput standard() {
        Charset charset = System.out.charset();
        return new TextOutput(
                new Recorder(new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), charset)),
                StandardStreams.OUTPUT,
                charset);
    }

    /** The encoding: characters that it does not have are replaced. */
    public Charset charset() {
        return charset;
    }

    /** Whether it is a terminal, also if standard input is not. */
    public boolean isTerminal() {
        return Terminal.isTerminal(destination);
    }

    /** Writes what is buffered; throws an {@link OutputLostException} if this or an earlier write failed. */
    public void check() {
        flush();
        if (recorder.failure != null) {
            throw new OutputLostException(destination, recorder.failure);
        }
    }

    private static final class Recorder extends Writer {
        private final Writer out;
        private IOException failure;

        Recorder(Writer out) {
            this.out = out;
        }

        private interface Action {
            void run() throws IOException;
        }

        private void attempt(Action action) throws IOException {
            if (failure != null) {
                throw failure;
            }
            try {
                action.run();
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            attempt(() -> out.write(text, from, length));
        }

        @Override
        public void flush() throws IOException {
            attempt(out::flush);
        }

        @Override
        public void close() throws IOException {
            attempt(out::close);
        }
    }
}

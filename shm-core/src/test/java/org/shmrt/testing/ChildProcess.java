package org.shmrt.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Another process that a test talks with line by line. Every wait is bounded; closing kills the process if it
 * still runs.
 */
@SuppressWarnings("ReferenceEquality") // END is recognised by its identity
public final class ChildProcess implements AutoCloseable {
    private static final long PATIENCE_S = 40;
    private static final String END = new String("end of output");

    private final Process process;
    private final String shown;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    @SuppressWarnings("JdkObsolete") // two threads use it
    private final StringBuffer errors = new StringBuffer();

    private final Thread errorPump;

    private ChildProcess(Process process, String shown) {
        this.process = process;
        this.shown = shown;
        pump(process.getInputStream(), lines::add, () -> lines.add(END));
        this.errorPump =
                pump(process.getErrorStream(), line -> errors.append(line).append('\n'), () -> {});
    }

    /** Starts a program. */
    public static ChildProcess start(List<String> command) {
        return start(command, null);
    }

    /** Starts a program in a directory. */
    public static ChildProcess start(List<String> command, Path directory) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory == null ? null : directory.toFile())
                    .start();
            return new ChildProcess(process, shown(command));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command without its class path. */
    private static String shown(List<String> command) {
        return String.join(
                " ",
                command.stream().map(word -> word.length() > 300 ? "..." : word).toList());
    }

    /** Whether a program can be started and ends well. */
    public static boolean works(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Thread pump(InputStream from, java.util.function.Consumer<String> to, Runnable atEnd) {
        return Thread.ofPlatform().daemon().start(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    to.accept(line);
                }
            } catch (IOException e) {
                // the process was killed
            } finally {
                atEnd.run();
            }
        });
    }

    /** The next line of its output. */
    public String line() {
        String line = next();
        if (line == END) {
            lines.add(END);
            throw new AssertionError(shown + " ended with status " + exitCode() + " and said: " + errors());
        }
        return line;
    }

    private String next() {
        try {
            String line = lines.poll(PATIENCE_S, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError(shown + " said nothing for " + PATIENCE_S + " s; errors: " + errors);
            }
            return line;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + shown + "; errors: " + errors, e);
        }
    }

    /** Reads lines until one begins with a text, and returns that one. */
    public String lineWith(String beginning) {
        String line = line();
        while (!line.startsWith(beginning)) {
            line = line();
        }
        return line;
    }

    /** The rest of its output, up to the end. */
    public List<String> rest() {
        List<String> rest = new ArrayList<>();
        for (String line = next(); line != END; line = next()) {
            rest.add(line);
        }
        lines.add(END);
        return rest;
    }

    /** The rest of its output, after asserting that it ended well. */
    public List<String> finish() {
        List<String> rest = rest();
        if (exitCode() != 0) {
            throw new AssertionError(
                    shown + " ended with status " + exitCode() + "; output: " + rest + "; errors: " + errors());
        }
        return rest;
    }

    /** Writes a line to its input. */
    public void send(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends its input. */
    public void end() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its exit status, waiting for its end; 128 + n after signal n. */
    public int exitCode() {
        try {
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new AssertionError(shown + " does not end; errors: " + errors);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + shown, e);
        }
    }

    /** What it wrote to its standard error, complete once it has ended. */
    public String errors() {
        if (!process.isAlive()) {
            try {
                errorPump.join(1000);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return errors.toString();
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Ends it as {@code kill -9} does, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        exitCode();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}

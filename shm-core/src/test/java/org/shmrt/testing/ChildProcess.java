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
 * A child process that exchanges lines with a test. All waits have a timeout; closing kills the process if it still
 * runs.
 */
public final class ChildProcess implements AutoCloseable {
    /** Detects a process that hangs; far more than any test needs on a busy machine. */
    private static final long TIMEOUT_S = 180;

    private static final String END = new String("end of output");

    private final Process process;
    private final String shown;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
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

    /** The command without the class path, for messages. */
    private static String shown(List<String> command) {
        return String.join(
                " ",
                command.stream().map(word -> word.length() > 300 ? "..." : word).toList());
    }

    /** Whether a program can be started and exits with status 0. */
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
                // expected: the process was killed
            } finally {
                atEnd.run();
            }
        });
    }

    /** Returns the next line of its output. */
    public String line() {
        String line = next();
        if (line == END) {
            lines.add(END);
            throw new AssertionError(shown + " ended with status " + exitCode() + "; errors: " + errors());
        }
        return line;
    }

    private String next() {
        try {
            String line = lines.poll(TIMEOUT_S, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError(shown + " printed nothing for " + TIMEOUT_S + " s; errors: " + errors);
            }
            return line;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + shown + "; errors: " + errors, e);
        }
    }

    /** Skips lines until one starts with a text, and returns that one. */
    public String lineWith(String beginning) {
        String line = line();
        while (!line.startsWith(beginning)) {
            line = line();
        }
        return line;
    }

    /** Returns the rest of its output. */
    public List<String> rest() {
        List<String> rest = new ArrayList<>();
        for (String line = next(); line != END; line = next()) {
            rest.add(line);
        }
        lines.add(END);
        return rest;
    }

    /** Returns the rest of its output, after asserting that it exited with status 0. */
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

    /** Closes its input. */
    public void end() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it ends and returns its exit status; 128 + n after signal n. */
    public int exitCode() {
        try {
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                throw new AssertionError(shown + " did not end within " + TIMEOUT_S + " s; errors: " + errors);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + shown, e);
        }
    }

    /** Its standard error, complete after it has ended. */
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

    /** Kills it with SIGKILL and waits until it has ended. */
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

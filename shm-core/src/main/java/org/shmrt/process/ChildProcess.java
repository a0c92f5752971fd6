package org.shmrt.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A child process that receives commands as lines on its standard input and answers with lines on its standard output.
 * Each wait has a time limit. {@link #close} kills the process if it is still running and waits until the kernel has
 * removed it, so that no process and no zombie remains.
 *
 * <p>If this JVM ends for any reason, the kernel closes its end of the pipes. A child that must not outlive its
 * parent reads its standard input and exits at the end of it.
 *
 * <p>One thread at a time may read lines. All other methods are safe for any thread. Two threads of each object read
 * the pipes, so the child never blocks on a full pipe.
 */
public final class ChildProcess implements AutoCloseable {
    private static final long DEFAULT_SILENCE_NS = TimeUnit.MINUTES.toNanos(3);
    private static final long KILL_TIMEOUT_MS = 10_000;
    /**
     * A process that the child started can hold the pipe open after the child's end. Otherwise its end comes at once,
     * but the thread that reads it may have to wait for a processor.
     */
    private static final long ERRORS_TIMEOUT_MS = 10_000;
    /** Longer words, which are class paths, are left out of messages. */
    private static final int MAX_SHOWN_CHARS = 300;

    private final String name;
    private final long silenceNs;
    private final Runnable onOutput;
    private final Process process;
    /** An empty element is the end of the output; it remains in the queue. */
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

    /** Guarded by itself. */
    private final StringBuilder errors = new StringBuilder();

    private volatile String lastErrorLine = "";
    private final Thread errorReader;
    private volatile boolean ended;

    private ChildProcess(Builder builder, Process process) {
        this.name = builder.name;
        this.silenceNs = builder.silenceNs;
        this.onOutput = builder.onOutput;
        this.process = process;
        errorReader = startThread("errors of " + name, () -> readLines(process.getErrorStream(), this::addError));
        startThread("output of " + name, this::readOutput);
    }

    /**
     * Starts a program with the default settings of {@link #builder}.
     *
     * @param command the program and its arguments
     * @return the running process
     * @throws ChildProcessException if it cannot be started
     */
    public static ChildProcess start(List<String> command) {
        return builder(command).start();
    }

    /**
     * Prepares the start of a program.
     *
     * @param command the program and its arguments
     * @return a builder with the default settings
     */
    public static Builder builder(List<String> command) {
        return new Builder(command);
    }

    /**
     * The {@code java} launcher of this JVM's installation.
     *
     * @return its absolute path
     */
    public static String javaLauncher() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static Thread startThread(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name(name).start(work);
    }

    private static void readLines(InputStream from, Consumer<String> to) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                to.accept(line);
            }
        } catch (IOException e) {
            // the process was killed, which its exit status reports
        }
    }

    private void readOutput() {
        readLines(process.getInputStream(), line -> {
            lines.add(Optional.of(line));
            onOutput.run();
        });
        lines.add(Optional.empty());
        try {
            process.waitFor();
            errorReader.join(ERRORS_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts this thread
        }
        ended = true;
        onOutput.run();
    }

    private void addError(String line) {
        synchronized (errors) {
            errors.append(line).append('\n');
        }
        if (!line.isBlank()) {
            lastErrorLine = line.strip();
        }
    }

    /**
     * Waits for the next line of the output.
     *
     * @return the line without its end
     * @throws ChildProcessException if the output has ended, or nothing arrived in time
     */
    public String line() {
        return next().orElseThrow(() -> new ChildProcessException(
                name + " ended with status " + exitCode() + " where a line of output was expected" + quotedErrors()));
    }

    /** The next line, or empty at the end of the output. */
    private Optional<String> next() {
        try {
            Optional<String> line = lines.poll(silenceNs, TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new ChildProcessException(name + " printed nothing for " + seconds() + quotedErrors());
            }
            if (line.isEmpty()) {
                lines.add(line);
            }
            return line;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * Returns the next line of the output if it has already arrived.
     *
     * @return the line without its end, or empty
     */
    public Optional<String> pollLine() {
        Optional<String> line = lines.peek();
        return line == null || line.isEmpty() ? Optional.empty() : lines.remove();
    }

    /**
     * Reads lines up to the first one with a prefix.
     *
     * @param prefix how the wanted line starts
     * @return that line
     * @throws ChildProcessException if the output ends before, or nothing arrived in time
     */
    public String lineWith(String prefix) {
        String line = line();
        while (!line.startsWith(prefix)) {
            line = line();
        }
        return line;
    }

    /**
     * Reads the next line and checks it.
     *
     * @param expected the whole line
     * @throws ChildProcessException if it differs, the output has ended, or nothing arrived in time
     */
    public void expect(String expected) {
        String line = line();
        if (!line.equals(expected)) {
            throw new ChildProcessException(name + " printed '" + line + "' instead of '" + expected + "'");
        }
    }

    /**
     * Reads the output up to its end.
     *
     * @return the remaining lines
     * @throws ChildProcessException if nothing arrived in time
     */
    public List<String> rest() {
        List<String> rest = new ArrayList<>();
        for (Optional<String> line = next(); line.isPresent(); line = next()) {
            rest.add(line.get());
        }
        return rest;
    }

    /**
     * Reads the output up to its end and checks that the exit status is 0.
     *
     * @return the remaining lines
     * @throws ChildProcessException if the status is not 0, or nothing arrived in time
     */
    public List<String> finish() {
        List<String> rest = rest();
        if (exitCode() != 0) {
            throw new ChildProcessException(
                    name + " ended with status " + exitCode() + "; output: " + rest + quotedErrors());
        }
        return rest;
    }

    /**
     * Writes a line to the standard input. If the process has ended, the line is lost; reading a line reports the end.
     *
     * @param line the text without a line end
     */
    public void send(String line) {
        try {
            OutputStream input = process.getOutputStream();
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            // the process has ended
        }
    }

    /** Closes the standard input: the process reads the end of it. */
    public void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // the process has ended
        }
    }

    /**
     * Waits for the end of the process.
     *
     * @return its exit status; 128 + n after signal n
     * @throws ChildProcessException if it does not end in time
     */
    public int exitCode() {
        try {
            if (!process.waitFor(silenceNs, TimeUnit.NANOSECONDS)) {
                throw new ChildProcessException(name + " was still running after " + seconds() + quotedErrors());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * Whether the process has ended and all its output has been received. The lines are still there to be read.
     *
     * @return true from then on
     */
    public boolean hasEnded() {
        return ended;
    }

    /**
     * What the process wrote to its standard error; complete once it has ended.
     *
     * @return lines, each with its end; empty if the standard error is inherited
     */
    public String errors() {
        awaitErrors();
        synchronized (errors) {
            return errors.toString();
        }
    }

    /** Waits for the last errors of a process that has ended. */
    private void awaitErrors() {
        if (!process.isAlive()) {
            try {
                errorReader.join(ERRORS_TIMEOUT_MS);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    /**
     * The last line with text that the process wrote to its standard error; of all its lines once it has ended.
     *
     * @return the text, or an empty string
     */
    public String lastErrorLine() {
        awaitErrors();
        return lastErrorLine;
    }

    /** The errors as the end of a message, which is one line. */
    private String quotedErrors() {
        String text = errors().strip();
        return text.isEmpty() ? "" : "; standard error: " + text.replace("\n", " | ");
    }

    private String seconds() {
        return TimeUnit.NANOSECONDS.toSeconds(silenceNs) + " s";
    }

    private ChildProcessException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ChildProcessException("interrupted while waiting for " + name, e);
    }

    /**
     * The process id.
     *
     * @return the number the kernel gave it
     */
    public long pid() {
        return process.pid();
    }

    /**
     * Kills the process, as {@code kill -9} does, and waits until it has ended.
     *
     * @throws ChildProcessException if it is still running after 10 s, for example in a system call that cannot be interrupted
     */
    public void kill() {
        try {
            if (!destroy()) {
                throw new ChildProcessException(name + " was still running 10 s after it was killed");
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private boolean destroy() throws InterruptedException {
        process.destroyForcibly();
        return process.waitFor(KILL_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    /** Kills the process if it is still running and waits up to 10 s until it has ended. Never throws. */
    @Override
    public void close() {
        try {
            destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** The settings of a child process. */
    public static final class Builder {
        private final List<String> command;
        private final ProcessBuilder process;
        private String name;
        private long silenceNs = DEFAULT_SILENCE_NS;
        private Runnable onOutput = () -> {};

        private Builder(List<String> command) {
            this.command = List.copyOf(command);
            process = new ProcessBuilder(command);
            name = String.join(
                    " ",
                    command.stream()
                            .map(word -> word.length() > MAX_SHOWN_CHARS ? "..." : word)
                            .toList());
        }

        /**
         * Sets the name of the process in messages; by default its command without the class path.
         *
         * @param value a noun
         * @return this
         */
        public Builder name(String value) {
            name = value;
            return this;
        }

        /**
         * Sets its working directory; that of this JVM by default.
         *
         * @param value an existing directory
         * @return this
         */
        public Builder directory(Path value) {
            process.directory(value.toFile());
            return this;
        }

        /**
         * Sets how long to wait for the next line or for the end; 3 min by default.
         *
         * @param value nanoseconds
         * @return this
         */
        public Builder silenceTimeoutNs(long value) {
            silenceNs = value;
            return this;
        }

        /**
         * Lets it write to this JVM's standard error; by default its errors are collected.
         *
         * @return this
         */
        public Builder inheritErrors() {
            process.redirectError(ProcessBuilder.Redirect.INHERIT);
            return this;
        }

        /**
         * Sets an action that runs after each line of output has arrived and after the process has ended.
         *
         * @param value must be fast and must not throw; it runs on the thread that reads the output
         * @return this
         */
        public Builder onOutput(Runnable value) {
            onOutput = value;
            return this;
        }

        /**
         * Starts the process.
         *
         * @return the running process
         * @throws ChildProcessException if it cannot be started
         */
        public ChildProcess start() {
            try {
                return new ChildProcess(this, process.start());
            } catch (IOException e) {
                throw new ChildProcessException(
                        "cannot start " + name + ": " + e.getMessage() + ": check the path of " + command.getFirst(),
                        e);
            }
        }
    }
}

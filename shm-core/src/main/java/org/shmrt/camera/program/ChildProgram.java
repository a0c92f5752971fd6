package org.shmrt.camera.program;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;

/**
 * A program that writes frames into a pipe. It ends with this process, however that ends: a shell between the two waits
 * for the end of its standard input, which the kernel closes with this process, and kills the program. Its messages are
 * read by a thread, so it never blocks on them. For any thread.
 */
final class ChildProgram implements AutoCloseable {
    /** Where the program writes the pixels. */
    enum Pixels {
        /** To its standard output. */
        STANDARD_OUTPUT(""),
        /** To the descriptor 3; its standard output joins its messages. */
        DESCRIPTOR_3("3>&1 1>&2");

        private final String redirection;

        Pixels(String redirection) {
            this.redirection = redirection;
        }
    }

    /** From the end of its output to the end of the program, on a busy machine too. */
    private static final long END_TIMEOUT_MS = 10_000;
    /** From the order to end to the kill. */
    private static final long KILL_TIMEOUT_MS = 2000;

    private static final int SIGNAL_STATUS = 128;
    private static final int MAX_SIGNAL = 64;
    private static final int MAX_KEPT_LINES = 3;
    private static final int MAX_SHOWN_CHARS = 400;

    /**
     * The program runs without a standard input. Its end is the end of the shell, with the same status; the second
     * process of the shell is stopped then.
     */
    private static final String SCRIPT = """
        exec 5<&0
        "$@" </dev/null 5<&- %s &
        program=$!
        exec >/dev/null
        { read -r line <&5; kill -9 $program; } </dev/null 2>/dev/null &
        watch=$!
        exec 5<&-
        wait $program 2>/dev/null
        status=$?
        kill $watch 2>/dev/null
        exit $status
        """;

    private final String name;
    private final Process process;
    private final Thread messages;
    private final Predicate<String> data;

    /** Guarded by itself: the last messages, or the first that says that it is an error. */
    private final List<String> kept = new ArrayList<>();

    private volatile boolean closed;

    private ChildProgram(String name, Process process, Predicate<String> data) {
        this.name = name;
        this.process = process;
        this.data = data;
        this.messages = Thread.ofPlatform().daemon().name("messages of " + name).start(this::readMessages);
    }

    /**
     * Starts a program.
     *
     * @param command the program and its arguments
     * @param debianPackage the package that has it, for the message if it is missing
     * @param data receives each line of its messages, and returns whether the line was data and no message
     * @throws NotFoundException if there is no such program
     */
    static ChildProgram start(List<String> command, Pixels pixels, String debianPackage, Predicate<String> data) {
        String name = command.getFirst();
        if (Arrays.stream(System.getenv().getOrDefault("PATH", "/usr/bin").split(File.pathSeparator))
                .noneMatch(directory -> Files.isExecutable(Path.of(directory).resolve(name)))) {
            throw new NotFoundException("there is no program " + name + " on the PATH: install it, on Debian with"
                    + " apt-get install " + debianPackage);
        }
        List<String> whole = new ArrayList<>(List.of("sh", "-c", SCRIPT.formatted(pixels.redirection), "sh"));
        whole.addAll(command);
        try {
            ProcessBuilder program = new ProcessBuilder(whole);
            // Its errors are recognised by their English text. The encoding of file names stays that of the locale.
            program.environment().put("LANGUAGE", "C");
            return new ChildProgram(name, program.start(), data);
        } catch (IOException e) {
            throw new ShmException("cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    private void readMessages() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!data.test(line) && !line.isBlank()) {
                    keep(line.strip());
                }
            }
        } catch (IOException e) {
            // the program was killed, which its status reports
        }
    }

    private void keep(String line) {
        synchronized (kept) {
            if (!kept.isEmpty() && kept.getFirst().startsWith("ERROR")) {
                return;
            }
            if (line.startsWith("ERROR")) {
                kept.clear();
            } else if (kept.size() == MAX_KEPT_LINES) {
                kept.removeFirst();
            }
            kept.add(line);
        }
    }

    /** Whether the program runs. */
    boolean isAlive() {
        return process.isAlive();
    }

    /** What the program writes as pixels. */
    InputStream pixels() {
        return process.getInputStream();
    }

    /**
     * To be called when the pixels have ended: throws if the program has failed, and returns if it has ended normally or
     * was closed.
     */
    void checkEnd() {
        if (closed) {
            return;
        }
        int status;
        try {
            if (!process.waitFor(END_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                throw new ShmException(name + " has closed its output, but still runs" + reason());
            }
            messages.join(END_TIMEOUT_MS);
            status = process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (status > SIGNAL_STATUS && status <= SIGNAL_STATUS + MAX_SIGNAL && !closed) {
            throw new ShmException(name + " was killed by signal " + (status - SIGNAL_STATUS) + reason());
        }
        if (status != 0 && !closed) {
            throw new ShmException(name + " ended with status " + status + reason());
        }
    }

    /** The messages of the program as the end of a message, which is one line. */
    String reason() {
        synchronized (kept) {
            String text = String.join(" | ", kept);
            return text.isEmpty() ? "" : ": " + text.substring(0, Math.min(text.length(), MAX_SHOWN_CHARS));
        }
    }

    /** Kills the program if it still runs. A thread that reads its pixels reads their end. */
    @Override
    public void close() {
        closed = true;
        try {
            process.getOutputStream().close(); // the shell kills the program
            if (!process.waitFor(KILL_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            // it has ended
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

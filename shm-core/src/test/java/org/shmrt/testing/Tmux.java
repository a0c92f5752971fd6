package org.shmrt.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.shmrt.process.ChildProcess;

/** A terminal of tmux with a server of its own, in which a shell runs one command. For tests. */
public final class Tmux implements AutoCloseable {
    private static final long PATIENCE_NS = 90_000_000_000L;
    private static final long LOOK_NS = 100_000_000L;

    private final Path directory;

    private Tmux(Path directory) {
        this.directory = directory;
    }

    /** Skips the test where tmux is missing. */
    public static void require() {
        Assumptions.assumeTrue(ExternalCommand.succeeds("tmux", "-V"), "tmux is not installed");
    }

    /**
     * Starts a command in a terminal. Before and after it, the shell writes the settings of the terminal to the files
     * {@code before} and {@code after}, and then its exit status to {@code status}.
     *
     * @param directory for the socket and these files
     * @param environment assignments, for example {@code NO_COLOR=1}
     */
    public static Tmux start(Path directory, int width, int height, List<String> environment, List<String> command) {
        Tmux tmux = new Tmux(directory);
        List<String> words = new ArrayList<>(List.of("env"));
        words.addAll(environment);
        words.addAll(command);
        String line = words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        String script = "stty -g >" + directory + "/before; " + line + "; code=$?; stty -g >" + directory
                + "/after; echo $code >" + directory + "/status.new; mv " + directory + "/status.new " + directory
                + "/status; echo THE END; exec sleep 1000";
        // The server and the command inherit the signals of this first client.
        finish(ChildJvm.withDefaultSignals(tmux.client(
                "-f",
                "/dev/null",
                "new-session",
                "-d",
                "-x",
                String.valueOf(width),
                "-y",
                String.valueOf(height),
                script)));
        return tmux;
    }

    private List<String> client(String... arguments) {
        List<String> command = new ArrayList<>(List.of("tmux", "-u", "-S", directory + "/tmux"));
        command.addAll(List.of(arguments));
        return command;
    }

    private List<String> tmux(String... arguments) {
        return finish(client(arguments));
    }

    private static List<String> finish(List<String> command) {
        try (ChildProcess child = ChildProcess.start(command)) {
            return child.finish();
        }
    }

    /** Presses keys, by tmux's names. */
    public void press(String... keys) {
        List<String> arguments = new ArrayList<>(List.of("send-keys", "--"));
        arguments.addAll(List.of(keys));
        tmux(arguments.toArray(String[]::new));
    }

    public void resize(int width, int height) {
        tmux("resize-window", "-x", String.valueOf(width), "-y", String.valueOf(height));
    }

    /** What the terminal shows, one line for each row. */
    public List<String> screen() {
        return tmux("capture-pane", "-p");
    }

    /** The same with control sequences for colours. */
    public String colours() {
        return String.join("\n", tmux("capture-pane", "-p", "-e"));
    }

    public boolean isCursorVisible() {
        return tmux("display-message", "-p", "#{cursor_flag}").getFirst().equals("1");
    }

    /** Waits until the terminal shows a text. */
    public List<String> await(String text) {
        return await(text, rows -> rows.stream().anyMatch(row -> row.contains(text)));
    }

    /** Waits until what the terminal shows meets a condition. */
    public List<String> await(String what, Predicate<List<String>> condition) {
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < PATIENCE_NS) {
            List<String> rows = screen();
            if (condition.test(rows)) {
                return rows;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        throw new AssertionError("the terminal does not show " + what + ":\n" + String.join("\n", screen()));
    }

    /** Waits until the command has ended, and returns its exit status. */
    public int status() throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        while (!Files.exists(directory.resolve("status"))) {
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "the command does not end:\n" + screen());
            TimeUnit.NANOSECONDS.sleep(LOOK_NS);
        }
        return Integer.parseInt(read("status"));
    }

    /** The content of a file that the shell wrote. */
    public String read(String name) throws IOException {
        return Files.readString(directory.resolve(name), StandardCharsets.US_ASCII)
                .strip();
    }

    /** Process id of the command. */
    public long commandPid() {
        long shell = Long.parseLong(tmux("display-message", "-p", "#{pane_pid}").getFirst());
        return ProcessHandle.of(shell)
                .orElseThrow()
                .children()
                .findFirst()
                .orElseThrow()
                .pid();
    }

    /** Ends the terminal and what runs in it. */
    @Override
    public void close() {
        tmux("kill-server");
        for (String name : List.of("tmux", "before", "after", "status")) {
            try {
                Files.deleteIfExists(directory.resolve(name));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}

package org.shmrt.cli.show;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The controlling terminal: its size, and questions to it. It needs no library, and standard input may be a pipe; the full
 * screen and the keys of {@code org.shmrt.screen} need both. Stateless.
 */
final class ControllingTerminal {
    private static final Path DEVICE = Path.of("/dev/tty");
    private static final long STTY_LIMIT_S = 5;
    /** Every terminal answers within milliseconds; a remote one or one of a busy machine may take longer. */
    private static final long ANSWER_LIMIT_NS = 3_000_000_000L;

    /**
     * A size in character cells.
     *
     * @param columns width
     * @param lines height
     */
    record Size(int columns, int lines) {}

    private ControllingTerminal() {}

    /** The size; empty if there is no terminal or it does not know. */
    static Optional<Size> size() {
        return stty("size").flatMap(ControllingTerminal::parsed);
    }

    private static Optional<Size> parsed(String text) {
        String[] words = text.strip().split(" ");
        if (words.length != 2 || !words[0].matches("[0-9]{1,5}") || !words[1].matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        Size size = new Size(Integer.parseInt(words[1]), Integer.parseInt(words[0]));
        return size.columns() == 0 || size.lines() == 0 ? Optional.empty() : Optional.of(size);
    }

    /** Sends a question, and returns the answers until {@code isComplete} or the time limit. */
    static String ask(String question, Predicate<String> isComplete) {
        if (!isForeground()) {
            return "";
        }
        Optional<String> settings = stty("-g").map(String::strip);
        if (settings.isEmpty()) {
            return "";
        }
        Thread restore = new Thread(() -> stty(settings.get()), "restore-terminal");
        Runtime.getRuntime().addShutdownHook(restore);
        // Without echo the answer is not shown; each read waits for at most 0.1 s.
        stty("-icanon", "-echo", "min", "0", "time", "1");
        try (OutputStream out = new FileOutputStream(DEVICE.toFile());
                InputStream in = new FileInputStream(DEVICE.toFile())) {
            out.write(question.getBytes(StandardCharsets.US_ASCII));
            StringBuilder answers = new StringBuilder();
            byte[] bytes = new byte[256];
            long startNs = System.nanoTime();
            boolean isLate = false;
            while (!isComplete.test(answers.toString()) && !isLate) {
                isLate = System.nanoTime() - startNs > ANSWER_LIMIT_NS; // what has come by then is still read
                int count = in.read(bytes);
                if (count > 0) {
                    answers.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
                }
            }
            return answers.toString();
        } catch (IOException e) {
            return "";
        } finally {
            stty(settings.get());
            removeHook(restore);
        }
    }

    /** Whether this process may change the settings: the kernel stops one that does so in the background. */
    private static boolean isForeground() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
            // state, parent, group, session, terminal and the group in the foreground follow the name in brackets
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return words[2].equals(words[5]);
        } catch (IOException | IndexOutOfBoundsException e) {
            return false;
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is already shutting down, and the hook does no harm
        }
    }

    /** Runs stty on the terminal; empty if it fails. */
    private static Optional<String> stty(String... arguments) {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(DEVICE.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            boolean done = process.waitFor(STTY_LIMIT_S, TimeUnit.SECONDS) && process.exitValue() == 0;
            return done ? Optional.of(output) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}

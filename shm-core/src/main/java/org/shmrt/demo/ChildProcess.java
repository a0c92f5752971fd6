package org.shmrt.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.shmrt.error.ShmException;

/**
 * The parent's view of one child: its process, what it has reported, its last words. Each report is a line of a key
 * and a value; the newest of a key is kept. Safe for any thread.
 */
final class ChildProcess {
    /** A small heap: three of them share a machine, and none makes garbage while it runs. */
    private static final List<String> JVM_OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-Xms24m",
            "-Xmx64m",
            "-Xshare:auto",
            // no file in the temporary directory that would stay behind a killed process
            "-XX:-UsePerfData");

    private final String role;
    private final Process process;
    private final Map<String, String> reports = new ConcurrentHashMap<>();
    private volatile String lastWords = "";
    private volatile boolean ended;

    private ChildProcess(String role, Process process) {
        this.role = role;
        this.process = process;
    }

    /**
     * Starts a child on this program's own Java and class path.
     *
     * @param events gets the child after each report and when it has ended
     */
    static ChildProcess start(String role, RunPlan plan, BlockingQueue<ChildProcess> events) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), DemoProcess.class.getName(), role));
        command.addAll(plan.toArguments());
        try {
            ChildProcess child = new ChildProcess(role, new ProcessBuilder(command).start());
            child.listen(events);
            return child;
        } catch (IOException e) {
            throw new ShmException("cannot start the demo's " + role + " process: " + e.getMessage(), e);
        }
    }

    private void listen(BlockingQueue<ChildProcess> events) {
        Thread errors = daemon(
                () -> lines(process.getErrorStream(), line -> {
                    if (!line.isBlank()) {
                        lastWords = line.strip();
                    }
                }),
                role + "-errors");
        daemon(
                () -> {
                    lines(process.getInputStream(), line -> {
                        int space = line.indexOf(' ');
                        reports.put(space < 0 ? line : line.substring(0, space), line.substring(space + 1));
                        events.add(this);
                    });
                    try {
                        process.waitFor();
                        errors.join();
                    } catch (InterruptedException e) {
                        // nobody interrupts this thread
                    }
                    ended = true;
                    events.add(this);
                },
                role + "-reports");
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void lines(InputStream stream, Consumer<String> each) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            reader.lines().forEach(each);
        } catch (IOException | UncheckedIOException e) {
            // a broken pipe tells the same as its end
        }
    }

    /** Sends an order; a child that is gone does not get it, which its end will tell. */
    void order(String line) {
        try {
            OutputStream orders = process.getOutputStream();
            orders.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            orders.flush();
        } catch (IOException e) {
            // the child is gone
        }
    }

    boolean hasReported(String key) {
        return reports.containsKey(key);
    }

    /** What the child reported under a key. */
    String report(String key) {
        String value = reports.get(key);
        if (value == null) {
            throw new ShmException("the demo's " + role + " process did not report '" + key + "'");
        }
        return value;
    }

    long number(String key) {
        return Long.parseLong(report(key));
    }

    /** Whether the child has ended and all it said has been read. */
    boolean hasEnded() {
        return ended;
    }

    /** Throws if the child has ended otherwise than well. */
    void checkHealth() {
        if (hasEnded() && process.exitValue() != 0) {
            throw new ShmException("the demo's " + role + " process ended with status " + process.exitValue()
                    + (lastWords.isEmpty() ? "" : ": " + lastWords));
        }
    }

    /** Ends the child at once and waits, a while, until it has gone. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package org.shmrt.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import org.shmrt.error.ShmException;
import org.shmrt.process.ChildProcess;

/**
 * The parent's view of one child: its process and what it has reported. Each report is a line of a key and a value;
 * the newest value of a key is kept. Only the thread that follows the run may use it, except that any thread may kill
 * the child.
 */
final class DemoChild {
    /**
     * A small heap, because three children share a machine. Most of it is for new objects: what a child allocates in a
     * run, for example for its reports, fits in it without a collection, which would stop the loop.
     */
    private static final List<String> JVM_OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-Xms64m",
            "-Xmn44m",
            "-Xmx96m",
            "-Xshare:auto",
            // a killed process would leave its file in the temporary directory behind
            "-XX:-UsePerfData");

    /** Exit statuses of a JVM that HUP, INT or TERM ends. */
    private static final Set<Integer> SIGNAL_STATUSES = Set.of(129, 130, 143);

    private final String name;
    private final ChildProcess process;
    private final Map<String, String> reports = new HashMap<>();

    private DemoChild(String name, ChildProcess process) {
        this.name = name;
        this.process = process;
    }

    /**
     * Starts a child with this program's own Java and class path.
     *
     * @param events receives an element after each report and when a child has ended
     */
    static DemoChild start(String role, RunPlan plan, BlockingQueue<String> events) {
        List<String> command = new ArrayList<>();
        command.add(ChildProcess.javaLauncher());
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), DemoProcess.class.getName(), role));
        command.addAll(plan.toArguments());
        String name = "the demo's " + role + " process";
        return new DemoChild(
                name,
                ChildProcess.builder(command)
                        .name(name)
                        .onOutput(() -> events.add(role))
                        .start());
    }

    private Map<String, String> reports() {
        for (Optional<String> line = process.pollLine(); line.isPresent(); line = process.pollLine()) {
            String report = line.get();
            int space = report.indexOf(' ');
            reports.put(space < 0 ? report : report.substring(0, space), report.substring(space + 1));
        }
        return reports;
    }

    /** Sends an order. A child that has ended does not get it; {@link #checkHealth} reports its end. */
    void order(String line) {
        process.send(line);
    }

    boolean hasReported(String key) {
        return reports().containsKey(key);
    }

    /** The newest value that the child reported under a key. */
    String report(String key) {
        String value = reports().get(key);
        if (value == null) {
            throw new ShmException(name + " did not report '" + key + "'");
        }
        return value;
    }

    long number(String key) {
        return Long.parseLong(report(key));
    }

    /** Whether the child has ended and all its output has arrived. */
    boolean hasEnded() {
        return process.hasEnded();
    }

    /** Whether the child was ended by a signal that ends a JVM in order. */
    boolean wasSignalled() {
        return hasEnded() && SIGNAL_STATUSES.contains(process.exitCode());
    }

    /** Throws if the child has ended with a status other than 0. */
    void checkHealth() {
        if (hasEnded() && process.exitCode() != 0) {
            String error = process.lastErrorLine();
            throw new ShmException(
                    name + " ended with status " + process.exitCode() + (error.isEmpty() ? "" : ": " + error));
        }
    }

    /** Kills the child and waits until it has ended. */
    void kill() {
        process.close();
    }
}

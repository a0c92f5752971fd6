package org.shmrt.bench.rig.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process spoken to in lines, which never outlives the one who started it. */
public final class ChildProcess implements AutoCloseable {
    private static final String END = "\0";

    private final String name;
    private final Process process;
    private final PrintWriter commands;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final long silenceNs;

    /**
     * Starts it.
     *
     * @param name for messages
     * @param silenceNs how long it may take to its next line
     */
    public ChildProcess(String name, List<String> command, long silenceNs) throws IOException {
        this.name = name;
        this.silenceNs = silenceNs;
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = new PrintWriter(process.outputWriter(StandardCharsets.US_ASCII), true);
        Thread pump = new Thread(this::pump, "output of " + name);
        pump.setDaemon(true);
        pump.start();
    }

    private void pump() {
        try (BufferedReader output = process.inputReader(StandardCharsets.US_ASCII)) {
            output.lines().forEach(lines::add);
        } catch (IOException | RuntimeException e) {
            // it was ended while it spoke, which is what the line below says
        }
        lines.add(END);
    }

    void tell(String command) {
        commands.println(command);
    }

    /** Its next line. */
    public String nextLine() throws RunFailedException {
        try {
            String line = lines.poll(silenceNs, TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new RunFailedException(name + " has said nothing for " + silenceNs / 1_000_000_000L + " s");
            }
            if (line.equals(END)) {
                lines.add(END);
                throw new RunFailedException(name + " has ended");
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunFailedException("interrupted");
        }
    }

    void expect(String wanted) throws RunFailedException {
        String line = nextLine();
        if (!line.equals(wanted)) {
            throw new RunFailedException(name + " said '" + line + "', not '" + wanted + "'");
        }
    }

    /** Ends the process, at once. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

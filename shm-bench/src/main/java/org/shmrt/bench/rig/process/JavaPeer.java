package org.shmrt.bench.rig.process;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.HdrHistogram.Histogram;
import org.shmrt.bench.rig.loop.Loop;
import org.shmrt.bench.rig.loop.Loops;
import org.shmrt.bench.rig.scenario.Role;
import org.shmrt.bench.rig.scenario.Scenario;
import org.shmrt.bench.rig.scenario.ScenarioPaths;

/**
 * One of the Java processes of a scenario. It keeps running while the scenario is measured, so that its code is compiled
 * once, and for this scenario only. It executes the commands that it reads from standard input, which
 * {@link #runCommand} writes, and exits at the end of standard input.
 */
public final class JavaPeer implements AutoCloseable {
    /** Printed when the process has opened its files. */
    static final String OPEN = "open";
    /** Printed by the process that replies when it is ready for the first message of a run. */
    static final String READY = "ready";

    /** The real standard output: libraries that print something must not print between the lines of the rig. */
    private static final PrintStream OUT = System.out;

    /** Small, so that even a short warm-up calls the loop often enough to get it compiled. */
    private static final int BATCH = 500;

    private final Role role;
    private final Loop loop;

    private JavaPeer(Role role, Scenario scenario, ScenarioPaths paths) {
        this.role = role;
        this.loop = Loops.open(scenario, role, paths);
    }

    /** The command that starts one run. */
    static String runCommand(long warmup, long count, long periodNs) {
        return "run " + warmup + " " + count + " " + periodNs;
    }

    /**
     * Runs the process.
     *
     * @param args role, scenario, directory and prefix of the files, core
     * @throws InterruptedException if it is interrupted while waiting for a command
     */
    public static void main(String[] args) throws InterruptedException {
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        BlockingQueue<String> commands = new LinkedBlockingQueue<>();
        Thread listener = new Thread(() -> listen(commands), "listener");
        listener.setDaemon(true);
        listener.start();
        ScenarioPaths paths = new ScenarioPaths(Path.of(args[2]), args[3]);
        try (JavaPeer peer = new JavaPeer(Role.parse(args[0]), Scenario.parse(args[1]), paths)) {
            // Threads created later would inherit the affinity, so this is the last step.
            Cores.pin(Integer.parseInt(args[4]));
            print(OPEN);
            while (true) {
                String[] words = commands.take().split(" ");
                peer.run(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
            }
        } catch (RuntimeException e) {
            print("failed " + e.getMessage());
            throw e;
        }
    }

    private static void print(String line) {
        OUT.println(line);
        OUT.flush();
    }

    /** Runs on a separate thread, so that a run in progress does not outlive the parent process. */
    private static void listen(BlockingQueue<String> commands) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            in.lines().forEach(commands::add);
        } catch (IOException | UncheckedIOException e) {
            // the same as its end
        }
        Runtime.getRuntime().halt(0);
    }

    private void run(long warmup, long count, long periodNs) {
        Histogram roundTrips = RunCounters.newHistogram();
        long allocated;
        long elapsedNs;
        loop.begin();
        try {
            if (role == Role.ECHO) {
                print(READY);
            }
            batches(0, warmup, periodNs, roundTrips);
            roundTrips.reset();
            long before = allocatedBytes();
            long startNs = System.nanoTime();
            batches(warmup, count, periodNs, roundTrips);
            elapsedNs = System.nanoTime() - startNs;
            allocated = allocatedBytes() - before;
            loop.finish(warmup + count - 1);
        } catch (IllegalStateException e) {
            print("failed " + e.getMessage());
            return;
        }
        new RunCounters(loop.sent(), loop.received(), loop.bad(), allocated, elapsedNs, roundTrips).printTo(OUT);
    }

    private static long allocatedBytes() {
        return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
                ? threads.getCurrentThreadAllocatedBytes()
                : 0;
    }

    private void batches(long first, long count, long periodNs, Histogram roundTrips) {
        for (long done = 0; done < count; done += BATCH) {
            int batch = (int) Math.min(BATCH, count - done);
            if (role == Role.INITIATOR) {
                loop.initiate(first + done, batch, periodNs, roundTrips);
            } else {
                loop.echo(first + done, batch);
            }
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}

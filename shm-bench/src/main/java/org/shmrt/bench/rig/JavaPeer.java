package org.shmrt.bench.rig;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.HdrHistogram.Histogram;

/**
 * One of the two Java processes. It stays for the whole measurement, so that its code is compiled once, and runs
 * what standard input tells: {@code run EXCHANGE WARMUP COUNT}. It ends with standard input.
 */
public final class JavaPeer implements AutoCloseable {
    private static final int BATCH = 10_000;

    private final boolean initiator;
    private final Map<Exchange, Loop> loops = new EnumMap<>(Exchange.class);

    private JavaPeer(boolean initiator, RigFiles.Paths paths) {
        this.initiator = initiator;
        for (Exchange exchange : Exchange.values()) {
            loops.put(exchange, open(exchange, paths));
        }
    }

    private Loop open(Exchange exchange, RigFiles.Paths paths) {
        if (exchange == Exchange.VARHANDLE) {
            return new VarHandleLoop(paths.counters(), initiator);
        }
        Path out = initiator ? paths.ping(exchange) : paths.pong(exchange);
        Path in = initiator ? paths.pong(exchange) : paths.ping(exchange);
        return exchange == Exchange.COUNTER ? new CounterLoop(out, in) : new FrameLoop(out, in);
    }

    /**
     * Runs the process.
     *
     * @param args {@code initiator} or {@code echo}, the files' directory and prefix, the core
     * @throws InterruptedException if it is interrupted while it waits for a command
     */
    public static void main(String[] args) throws InterruptedException {
        boolean initiator = args[0].equals("initiator");
        BlockingQueue<String> commands = new LinkedBlockingQueue<>();
        Thread listener = new Thread(() -> listen(commands), "listener");
        listener.setDaemon(true);
        listener.start();
        // Threads made later would inherit it, so this comes last.
        Cores.pin(Integer.parseInt(args[3]));
        try (JavaPeer peer = new JavaPeer(initiator, new RigFiles.Paths(Path.of(args[1]), args[2]))) {
            while (true) {
                String[] words = commands.take().split(" ");
                peer.run(Exchange.parse(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
            }
        }
    }

    /** A thread of its own, so that a run in progress does not outlive the process that wanted it. */
    private static void listen(BlockingQueue<String> commands) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            in.lines().forEach(commands::add);
        } catch (IOException | UncheckedIOException e) {
            // as good as its end
        }
        Runtime.getRuntime().halt(0);
    }

    private void run(Exchange exchange, long warmup, long count) {
        Loop loop = loops.get(exchange);
        Histogram roundTrips = RunBooks.newHistogram();
        long allocated;
        loop.begin();
        try {
            if (!initiator) {
                System.out.println("ready");
                System.out.flush();
            }
            batches(loop, 0, warmup, roundTrips);
            roundTrips.reset();
            long before = allocatedBytes();
            batches(loop, warmup, count, roundTrips);
            allocated = allocatedBytes() - before;
            loop.finish(warmup + count - 1);
        } catch (IllegalStateException e) {
            System.out.println("failed " + e.getMessage());
            System.out.flush();
            return;
        }
        new RunBooks(loop.sent(), loop.received(), loop.bad(), allocated, roundTrips).printTo(System.out);
    }

    private static long allocatedBytes() {
        return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
                ? threads.getCurrentThreadAllocatedBytes() : 0;
    }

    private void batches(Loop loop, long first, long count, Histogram roundTrips) {
        for (long done = 0; done < count; done += BATCH) {
            int batch = (int) Math.min(BATCH, count - done);
            if (initiator) {
                loop.initiate(first + done, batch, roundTrips);
            } else {
                loop.echo(first + done, batch);
            }
        }
    }

    @Override
    public void close() {
        loops.values().forEach(Loop::close);
    }
}

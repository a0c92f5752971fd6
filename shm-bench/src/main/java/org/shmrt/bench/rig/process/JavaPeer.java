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
import org.shmrt.bench.rig.loop.AeronLoop;
import org.shmrt.bench.rig.loop.AgronaLoop;
import org.shmrt.bench.rig.loop.ChronicleLoop;
import org.shmrt.bench.rig.loop.CounterLoop;
import org.shmrt.bench.rig.loop.CounterReaderLoop;
import org.shmrt.bench.rig.loop.CycleLoop;
import org.shmrt.bench.rig.loop.FrameLoop;
import org.shmrt.bench.rig.loop.Loop;
import org.shmrt.bench.rig.loop.MappedBufferLoop;
import org.shmrt.bench.rig.loop.MemcpyLoop;
import org.shmrt.bench.rig.loop.PublishLoop;
import org.shmrt.bench.rig.loop.ReadersLoop;
import org.shmrt.bench.rig.loop.SocketLoop;
import org.shmrt.bench.rig.loop.VarHandleLoop;
import org.shmrt.bench.rig.report.RunCounters;
import org.shmrt.bench.rig.scenario.Scenario;

/**
 * One of the two Java processes of an exchange. It stays while the exchange is measured, so that its code is
 * compiled once, and for this exchange alone; it runs what standard input tells: {@code run WARMUP COUNT PERIOD_NS}.
 * It ends with standard input.
 */
public final class JavaPeer implements AutoCloseable {
    /** The rig's own; libraries that print something must not print between its lines. */
    private static final PrintStream OUT = System.out;

    /** Small, so that even a short warm-up calls the loop often enough to have all of it compiled. */
    private static final int BATCH = 500;

    private final boolean initiator;
    private final Loop loop;

    private JavaPeer(boolean initiator, Scenario exchange, RigFiles.Paths paths) {
        this.initiator = initiator;
        this.loop = open(initiator, exchange, paths);
    }

    private static Loop open(boolean initiator, Scenario exchange, RigFiles.Paths paths) {
        Path out = initiator ? paths.ping(exchange) : paths.pong(exchange);
        Path in = initiator ? paths.pong(exchange) : paths.ping(exchange);
        int bytes = exchange.frameBytes();
        return switch (exchange.kind()) {
            case COUNTER -> new CounterLoop(out, in);
            case COUNTER_READER -> new CounterReaderLoop(out, in);
            case VARHANDLE -> new VarHandleLoop(paths.plain(exchange), initiator);
            case AGRONA -> new AgronaLoop(out, in, bytes);
            case AERON -> new AeronLoop(paths.directory(exchange), initiator, bytes);
            case CHRONICLE -> new ChronicleLoop(out, in, bytes);
            case MAPPED_BUFFER -> new MappedBufferLoop(out, in, bytes);
            case SOCKET -> new SocketLoop(paths.plain(exchange), initiator, bytes);
            case COPY, IN_PLACE, NO_COPY ->
                new FrameLoop(out, in, exchange.waiting().strategy(), exchange.kind());
            case PUBLISH, C_PUBLISH ->
                initiator
                        ? new PublishLoop(paths.ping(exchange))
                        : new ReadersLoop(
                                paths.ping(exchange),
                                exchange.readers(),
                                exchange.waiting().strategy());
            case CYCLE -> new CycleLoop(paths.ping(exchange), bytes);
            case MEMCPY -> new MemcpyLoop(paths.plain(exchange), bytes);
            default -> throw new IllegalArgumentException(exchange + " is not of Java");
        };
    }

    /**
     * Runs the process.
     *
     * @param args {@code initiator} or {@code echo}, the exchange, the files' directory and prefix, the core
     * @throws InterruptedException if it is interrupted while it waits for a command
     */
    public static void main(String[] args) throws InterruptedException {
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        boolean initiator = args[0].equals("initiator");
        BlockingQueue<String> commands = new LinkedBlockingQueue<>();
        Thread listener = new Thread(() -> listen(commands), "listener");
        listener.setDaemon(true);
        listener.start();
        RigFiles.Paths paths = new RigFiles.Paths(Path.of(args[2]), args[3]);
        try (JavaPeer peer = new JavaPeer(initiator, Scenario.parse(args[1]), paths)) {
            // Threads made later would inherit it, so this comes last.
            Cores.pin(Integer.parseInt(args[4]));
            OUT.println("open");
            OUT.flush();
            while (true) {
                String[] words = commands.take().split(" ");
                peer.run(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
            }
        } catch (RuntimeException e) {
            OUT.println("failed " + e.getMessage());
            OUT.flush();
            throw e;
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

    private void run(long warmup, long count, long periodNs) {
        Histogram roundTrips = RunCounters.newHistogram();
        long allocated;
        long elapsedNs;
        loop.begin();
        try {
            if (!initiator) {
                OUT.println("ready");
                OUT.flush();
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
            OUT.println("failed " + e.getMessage());
            OUT.flush();
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
            if (initiator) {
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

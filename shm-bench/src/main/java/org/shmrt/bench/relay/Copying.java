package org.shmrt.bench.relay;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamClock;
import org.shmrt.stream.format.StreamSpec;

/** One run: a thread writes frames at a rate, two processes copy them, and a thread reads the copy. */
final class Copying implements AutoCloseable {
    private static final Shape SHAPE = Shape.of(480, 640);
    private static final int DEPTH = 8;
    private static final String EVERY = "--every";
    private static final String AERON = "--aeron";
    private static final String MTU = "--mtu";
    private static final String LARGE = "8192";
    private static final long READ_NS = 100_000_000L;
    private static final long OPEN_NS = 20_000_000_000L;

    /** How the frames are copied. */
    enum Transport {
        BARE,
        TCP,
        DAO,
        AERON
    }

    /**
     * What was measured.
     *
     * @param microHertz frames of the copy in a second, times a million
     * @param ageP50Ns time from the acquisition of a frame to its reading in the copy
     * @param ageP99Ns the same, of the slowest in a hundred
     */
    record Result(long microHertz, long ageP50Ns, long ageP99Ns) {}

    private final TemporaryStream source = TemporaryStream.create(
            "source", StreamSpec.dao(DataType.UINT16, SHAPE).withDepth(DEPTH));
    private final RelayProcesses processes = new RelayProcesses();
    private final Path copy;

    Copying(Transport transport) {
        if (transport == Transport.BARE) {
            copy = processes.addCopy(source.path());
            ImageStream.create(copy, StreamSpec.dao(DataType.UINT16, SHAPE).withDepth(DEPTH))
                    .close();
            ChildProcess sender = processes.start(
                    CopyLoop.class, List.of("send", source.path().toString()));
            processes.start(
                    CopyLoop.class, List.of("receive", sender.line().substring("port ".length()), copy.toString()));
        } else {
            copy = relay(transport);
        }
    }

    /** Starts the relay, and returns the path of its copy. */
    private Path relay(Transport transport) {
        List<Path> streams = List.of(source.path());
        return switch (transport) {
            case DAO -> {
                String listening = processes.serve(streams, "--dao-port", "0");
                String depth = Integer.toString(DEPTH);
                yield processes.get(RelayProcesses.daoPort(listening), source.path(), "--dao", "--depth", depth);
            }
            case AERON -> {
                String listening = processes.serve(streams, AERON, MTU, LARGE);
                yield processes.get(RelayProcesses.port(listening), source.path(), EVERY, AERON, MTU, LARGE);
            }
            default -> processes.get(RelayProcesses.port(processes.serve(streams)), source.path(), EVERY);
        };
    }

    /** Measures for some seconds, after a warm-up of the same time, but at least one second. */
    Result run(double rateHz, double seconds) throws InterruptedException {
        AtomicBoolean stopped = new AtomicBoolean();
        Thread writing = Thread.ofPlatform().daemon().name("source").start(() -> write(rateHz, stopped));
        try (ImageStream stream = open();
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            read(reader, Math.max(1, seconds), new LatencyLog(0));
            LatencyLog ages = new LatencyLog((int) (2 * rateHz * seconds) + 1000);
            long startNs = System.nanoTime();
            int frames = read(reader, seconds, ages);
            double measured = (System.nanoTime() - startNs) / 1e9;
            return new Result((long) (frames / measured * 1e6), ages.at(0.5), ages.at(0.99));
        } finally {
            stopped.set(true);
            writing.join();
        }
    }

    private static int read(FrameReader reader, double seconds, LatencyLog ages) {
        long startNs = System.nanoTime();
        int frames = 0;
        while (System.nanoTime() - startNs < seconds * 1e9) {
            if (reader.awaitNext(READ_NS).hasFrame()) {
                ages.add(StreamClock.REALTIME.nowNs() - reader.acquiredNs());
                frames++;
            }
        }
        return frames;
    }

    private void write(double rateHz, AtomicBoolean stopped) {
        try (FrameWriter writer = source.stream().writer()) {
            long periodNs = (long) (1e9 / rateHz);
            long dueNs = System.nanoTime();
            while (!stopped.get()) {
                writer.claim();
                writer.publish();
                dueNs += periodNs;
                for (long leftNs = dueNs - System.nanoTime(); leftNs > 0; leftNs = dueNs - System.nanoTime()) {
                    LockSupport.parkNanos(leftNs);
                }
            }
        }
    }

    /** Opens the copy as soon as the relay has created it. */
    private ImageStream open() throws InterruptedException {
        long startNs = System.nanoTime();
        while (true) {
            try {
                return ImageStream.open(copy, Access.READ_WRITE);
            } catch (NotFoundException | IncompatibleException e) {
                if (System.nanoTime() - startNs > OPEN_NS) {
                    throw e;
                }
                Thread.sleep(10);
            }
        }
    }

    @Override
    public void close() {
        processes.close();
        source.close();
    }
}

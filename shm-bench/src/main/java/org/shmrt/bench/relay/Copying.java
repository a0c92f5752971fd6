package org.shmrt.bench.relay;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.agrona.IoUtil;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.bench.rig.process.RigProcess;
import org.shmrt.cli.Shm;
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
    private static final long SILENCE_NS = 60_000_000_000L;
    private static final long READ_NS = 100_000_000L;
    private static final long OPEN_NS = 20_000_000_000L;

    /** How the frames are copied. */
    enum Transport {
        /** Not at all: for the loop of the source. */
        NONE,
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
     * @param loopP999Ns how late the source published, of the latest in a thousand
     */
    record Result(long microHertz, long ageP50Ns, long ageP99Ns, long loopP999Ns) {}

    private final TemporaryStream source = TemporaryStream.create(
            "source", StreamSpec.dao(DataType.UINT16, SHAPE).withDepth(DEPTH));
    private final Path copy;
    private final List<ChildProcess> children = new ArrayList<>();

    Copying(Transport transport) {
        String name = source.path().getFileName().toString();
        copy = source.path().resolveSibling("copy_" + name);
        if (transport == Transport.NONE) {
            return;
        }
        if (transport == Transport.BARE) {
            ImageStream.create(copy, StreamSpec.dao(DataType.UINT16, SHAPE).withDepth(DEPTH))
                    .close();
            ChildProcess sender = start(CopyLoop.class, "send", source.path().toString());
            start(CopyLoop.class, "receive", sender.line().substring("port ".length()), copy.toString());
        } else {
            relay(transport, name.substring(0, name.length() - ".im.shm".length()));
        }
    }

    private void relay(Transport transport, String name) {
        List<String> serve =
                new ArrayList<>(List.of("relay", "serve", source.path().toString(), "--port", "0", "--wait", "sem"));
        List<String> get = new ArrayList<>(List.of("relay", "get"));
        List<String> aeron = List.of("--aeron", "--mtu", "8192");
        switch (transport) {
            case DAO -> serve.addAll(List.of("--dao-port", "0"));
            case AERON -> serve.addAll(aeron);
            default -> {
                // no options
            }
        }
        String listening = start(Shm.class, serve.toArray(String[]::new)).lineWith("shm relay serve: listening");
        String port = transport == Transport.DAO
                ? listening.replaceAll(".* for DAO, ([0-9]+) .*", "$1")
                : listening.replaceAll(".*127\\.0\\.0\\.1:([0-9]+) .*", "$1");
        get.addAll(List.of("127.0.0.1:" + port + ":" + name, copy.toString()));
        switch (transport) {
            case DAO -> get.addAll(List.of("--dao", "--depth", Integer.toString(DEPTH)));
            case AERON -> {
                get.add("--every");
                get.addAll(aeron);
            }
            default -> get.add("--every");
        }
        start(Shm.class, get.toArray(String[]::new));
    }

    private ChildProcess start(Class<?> main, String... words) {
        ChildProcess child = RigProcess.start(
                String.join(" ", words),
                RigProcess.java(List.of("-XX:-UsePerfData", "-XX:+UseSerialGC"), main, words),
                SILENCE_NS);
        children.add(child);
        return child;
    }

    /** Measures for some seconds, after a warm-up of the same time, but at least one second. */
    Result run(double rateHz, double seconds) throws InterruptedException {
        AtomicBoolean stopped = new AtomicBoolean();
        LatencyLog late = new LatencyLog((int) (2 * rateHz * seconds) + 1000);
        Thread writing = Thread.ofPlatform().daemon().name("source").start(() -> write(rateHz, stopped, late));
        if (children.isEmpty()) {
            return alone(seconds, stopped, late, writing);
        }
        try (ImageStream stream = open();
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            read(reader, Math.max(1, seconds), new LatencyLog(0));
            LatencyLog ages = new LatencyLog((int) (2 * rateHz * seconds) + 1000);
            late.clear();
            long startNs = System.nanoTime();
            int frames = read(reader, seconds, ages);
            double measured = (System.nanoTime() - startNs) / 1e9;
            return new Result((long) (frames / measured * 1e6), ages.at(0.5), ages.at(0.99), late.at(0.999));
        } finally {
            stopped.set(true);
            writing.join();
        }
    }

    private static Result alone(double seconds, AtomicBoolean stopped, LatencyLog late, Thread writing)
            throws InterruptedException {
        Thread.sleep((long) (1000 * Math.max(1, seconds)));
        late.clear();
        Thread.sleep((long) (1000 * seconds));
        stopped.set(true);
        writing.join();
        return new Result(0, 0, 0, late.at(0.999));
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

    private void write(double rateHz, AtomicBoolean stopped, LatencyLog late) {
        try (FrameWriter writer = source.stream().writer()) {
            long periodNs = (long) (1e9 / rateHz);
            long dueNs = System.nanoTime();
            while (!stopped.get()) {
                writer.claim();
                writer.publish();
                late.add(System.nanoTime() - dueNs);
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
        children.reversed().forEach(child -> {
            child.kill();
            child.close();
            removePage(child.pid());
            IoUtil.delete(new File("/dev/shm/shmrt-aeron." + child.pid() + "-1"), true);
        });
        source.close();
        if (Files.exists(copy)) {
            ImageStream.remove(copy);
        }
    }

    /** A killed relay leaves its page. */
    private static void removePage(long pid) {
        try {
            Files.deleteIfExists(Path.of("/dev/shm/shmrt-relay." + pid));
        } catch (IOException e) {
            System.err.println("relay: cannot remove the page of process " + pid + ": " + e.getMessage());
        }
    }
}

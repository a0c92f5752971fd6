package org.shmrt.bench.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.shmrt.bench.report.Row;
import org.shmrt.error.ShmException;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;

/**
 * The fake GigE camera of Aravis, 512 x 512 at 400 Hz: into a stream with slots, in which the library assembles the frames, and
 * into a stream with one slot, to which they are copied. The latency is that of a reader in another process, from the time
 * at which the library had the first packet.
 */
final class CameraFrames {
    private static final String PROGRAM = "arv-fake-gv-camera-0.8";
    private static final String SERIAL = "ingest";
    private static final int RATE = 400;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long START_NS = 60 * SECOND_NS;
    private static final long LOOK_MS = 50;
    private static final double LATENCY_TARGET = 0.7;
    private static final double RATE_TARGET = 1.0;

    private final Workplace workplace;

    CameraFrames(Workplace workplace) {
        this.workplace = workplace;
    }

    private record Measured(long latencyNs, long microHertz) {}

    List<Row> run() throws IOException {
        List<Long> slotNs = new ArrayList<>();
        List<Long> copyNs = new ArrayList<>();
        List<Long> slotRate = new ArrayList<>();
        List<Long> copyRate = new ArrayList<>();
        try (ChildProcess camera = workplace.start(PROGRAM, List.of(PROGRAM, "-i", "127.0.0.1", "-s", SERIAL))) {
            for (int pair = 0; pair < workplace.pairs(); pair++) {
                workplace.progress("frames of a camera", pair);
                Measured slots = measure(camera, "16");
                Measured copies = measure(camera, "1");
                slotNs.add(slots.latencyNs());
                copyNs.add(copies.latencyNs());
                slotRate.add(slots.microHertz());
                copyRate.add(copies.microHertz());
            }
        } catch (ShmException e) {
            return List.of(Row.leftOut(
                    "aravis",
                    "camera into the slots, against copies",
                    OptionalDouble.of(LATENCY_TARGET),
                    e.getMessage()));
        }
        return List.of(
                Row.ratio(
                        "aravis_latency",
                        "camera into the slots, against copies, p50",
                        slotNs,
                        copyNs,
                        OptionalDouble.of(LATENCY_TARGET)),
                Row.ratio(
                        "aravis_rate",
                        "camera into the slots, against copies, rate",
                        slotRate,
                        copyRate,
                        Row.Unit.MICROHERTZ,
                        OptionalDouble.of(RATE_TARGET),
                        Row.Bound.AT_LEAST));
    }

    private Measured measure(ChildProcess camera, String depth) {
        Path stream = workplace.file("camera.im.shm");
        List<String> command = workplace.grab(
                "arv:Aravis-Fake-" + SERIAL,
                stream,
                "--format",
                "dao",
                "--depth",
                depth,
                "--set",
                "packet-size=8192",
                "--set",
                "Width=512",
                "--set",
                "Height=512",
                "--set",
                "AcquisitionFrameRate=" + RATE);
        long startNs = System.nanoTime();
        while (true) {
            try (ChildProcess grab = workplace.start("shm grab", command)) {
                while (!Files.exists(stream) && !grab.hasEnded()) {
                    sleep();
                }
                if (!grab.hasEnded()) {
                    Measured measured = read(stream);
                    end(grab);
                    return measured;
                }
                if (camera.hasEnded()) {
                    throw new ShmException(PROGRAM + " has ended: another one uses the port of GigE cameras");
                }
                if (System.nanoTime() - startNs > START_NS) {
                    throw new ShmException("the camera does not answer: " + grab.lastErrorLine());
                }
            } finally {
                workplace.remove(stream);
            }
        }
    }

    /** Not killed: the camera would wait some seconds for its controller. */
    private static void end(ChildProcess grab) {
        ProcessHandle.of(grab.pid()).ifPresent(ProcessHandle::destroy);
        while (!grab.hasEnded()) {
            sleep();
        }
    }

    private Measured read(Path path) {
        long[] latencies = new long[(int) (2 * RATE * workplace.seconds()) + RATE];
        int n = 0;
        long first = 0;
        long firstNs = 0;
        long lastNs = 0;
        long last = 0;
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            long warmNs = System.nanoTime() + 2 * SECOND_NS;
            long endNs = warmNs + (long) (workplace.seconds() * SECOND_NS);
            for (long nowNs = System.nanoTime(); nowNs < endNs; nowNs = System.nanoTime()) {
                Verdict verdict = reader.awaitNewest(SECOND_NS);
                if (!verdict.hasFrame()) {
                    throw new ShmException("no frame came from the camera within a second (" + verdict + ")");
                }
                lastNs = System.nanoTime();
                last = reader.count();
                if (lastNs < warmNs) {
                    first = last;
                    firstNs = lastNs;
                } else if (n < latencies.length) {
                    latencies[n++] = stream.layout().clock().nowNs() - reader.acquiredNs();
                }
            }
        }
        long[] sorted = Arrays.copyOf(latencies, n);
        Arrays.sort(sorted);
        return new Measured(n == 0 ? 0 : sorted[n / 2], (long) ((last - first) * 1e6 * SECOND_NS / (lastNs - firstNs)));
    }

    private static void sleep() {
        try {
            Thread.sleep(LOOK_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

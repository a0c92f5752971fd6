package org.shmrt.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.shmrt.error.ShmException;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.telemetry.TelemetryWriter;

/**
 * Runs the cycle of a loop on scratch streams of the same format, type and shape, fed at the loop's rate by a thread of
 * its own. For the loop's thread. A process that is killed meanwhile leaves the scratch streams, whose names contain its
 * process id.
 */
final class Rehearsal<P> implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final double NS_PER_S = 1e9;
    private static final int BURST_EVERY = 50;
    private static final int BURST = 3;
    private static final int GAP_EVERY = 400;
    /** Longer than the loop waits at once, so that it times out. */
    private static final long GAP_NS = 25_000_000;

    private static final int CHANGE_EVERY = 20;

    /** How frames come. */
    enum Pattern {
        /** At the rate, with bursts, gaps and changes of the parameters. */
        IRREGULAR,
        /** At the rate. */
        STEADY
    }

    private final LoopParts<P> parts;
    private final TelemetryWriter telemetry;
    private final List<ImageStream> inputs = new ArrayList<>();
    private final List<FrameWriter> writers = new ArrayList<>();
    private final List<MemorySegment> frames = new ArrayList<>();
    private Optional<ImageStream> output = Optional.empty();

    Rehearsal(LoopParts<P> parts, TelemetryWriter telemetry) {
        this.parts = parts;
        this.telemetry = telemetry;
        boolean made = false;
        try {
            for (ImageStream real : parts.trigger().streams()) {
                ImageStream scratch = create(real);
                inputs.add(scratch);
                writers.add(scratch.writer());
                frames.add(newest(real));
            }
            output = parts.output().map(Rehearsal::create);
            made = true;
        } finally {
            if (!made) {
                close();
            }
        }
    }

    private static ImageStream create(ImageStream like) {
        StreamLayout layout = like.layout();
        StreamSpec spec = StreamSpec.of(layout.format(), layout.type(), layout.shape())
                .withDepth(layout.depth())
                .withPermissions(0600);
        Path path = like.path()
                .toAbsolutePath()
                .resolveSibling("warmup" + OwnProcess.PID + "-" + NUMBER.incrementAndGet() + ".im.shm");
        return ImageStream.create(path, spec);
    }

    /** A frame as the step will see it: its speed may depend on the content. */
    private static MemorySegment newest(ImageStream real) {
        MemorySegment frame = Arena.ofAuto().allocate(real.layout().frameBytes(), Long.BYTES);
        try (FrameReader reader = real.reader(WaitStrategy.spin())) {
            if (!reader.readNewest(frame, GAP_NS).hasFrame()) {
                frame.fill((byte) 0);
            }
        }
        return frame;
    }

    /**
     * Runs for a time.
     *
     * @throws ShmException if the step fails
     */
    void run(long durationNs, Pattern pattern) {
        LoopControl control = new LoopControl(telemetry, Optional.empty());
        LoopCore<P> core = parts.core(LoopCore.Mode.REHEARSAL, inputs, output, telemetry, control);
        Thread feeder = new Thread(() -> feed(durationNs, pattern, control), "shmrt-warm-up");
        feeder.setDaemon(true);
        feeder.start();
        try {
            core.run();
            feeder.interrupt();
            feeder.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            core.close();
        }
        if (core.failure().isPresent()) {
            Throwable cause = core.failure().get();
            throw new ShmException(
                    "the step of the loop " + parts.plan().name() + " failed in the warm-up: " + cause
                            + "; the step must work with scratch frames as with real ones",
                    cause);
        }
    }

    private void feed(long durationNs, Pattern pattern, LoopControl control) {
        long periodNs = (long) (NS_PER_S / parts.plan().rateHz());
        long nextNs = System.nanoTime();
        long endNs = nextNs + durationNs;
        for (int i = 1; System.nanoTime() < endNs && !Thread.currentThread().isInterrupted(); i++) {
            nextNs += periodNs;
            if (pattern == Pattern.IRREGULAR && i % GAP_EVERY == 0) {
                nextNs += GAP_NS;
            }
            Clocks.sleepUntil(nextNs);
            int burst = pattern == Pattern.IRREGULAR && i % BURST_EVERY == 0 ? BURST : 1;
            for (int k = 0; k < writers.size() * burst; k++) {
                int stream = k % writers.size();
                writers.get(stream).write(frames.get(stream));
            }
            if (pattern == Pattern.IRREGULAR && i % CHANGE_EVERY == 0) {
                changeParameters();
            }
        }
        control.stop();
    }

    private void changeParameters() {
        if (parts.parameters() instanceof Parameters.Settable<P> settable) {
            settable.rehearse();
        }
    }

    @Override
    public void close() {
        List<ImageStream> all = new ArrayList<>(inputs);
        output.ifPresent(all::add);
        for (ImageStream scratch : all) {
            scratch.close();
            ImageStream.remove(scratch.path());
        }
    }
}

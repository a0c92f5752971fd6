package org.shmrt.bench.loop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.math.FloatMatrix;
import org.shmrt.math.SlopeComputer;
import org.shmrt.math.SubapertureGrid;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Clocks;
import org.shmrt.posix.thread.Scheduling;
import org.shmrt.runtime.ControlLoop;
import org.shmrt.runtime.Trigger;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.telemetry.LatencyHistogram;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopTelemetry;

/**
 * A control loop at 1 kHz in this process, and its camera. The loop has the last processor for itself, if the machine has
 * several; all else runs on the first, and so do the processes that the calling thread starts.
 */
public final class SteadyLoop implements AutoCloseable {
    private static final int SIDE = 120;
    private static final int SLOPES = 288;
    private static final int COMMANDS = 97;
    private static final int DEPTH = 64;
    private static final double RATE_HZ = 1000;
    private static final int CAMERA_PRIORITY = 20;
    private static final int LOOP_PRIORITY = 50;
    private static final double PERCENTILE = 99.9;
    private static final long POLL_NS = 1_000_000;
    private static final Duration WARM_UP = Duration.ofSeconds(2);

    private final TemporaryStream camera = create("camera", StreamSpec.dao(DataType.UINT16, Shape.of(SIDE, SIDE)));
    private final TemporaryStream mirror = create("mirror", StreamSpec.dao(DataType.FLOAT32, Shape.of(COMMANDS)));
    private final SlopeComputer slopes = new SlopeComputer(SubapertureGrid.of(SIDE, SIDE, SIDE / 12));
    private final FloatMatrix matrix = FloatMatrix.of(COMMANDS, SLOPES, values());
    private final float[] vector = new float[SLOPES];
    private final String name;
    private final ControlLoop loop;
    private final LoopTelemetry page;
    private final BitSet processorsBefore;
    private final Thread looping = new Thread(this::runLoop, "loop");
    private final Thread writing = new Thread(this::writeFrames, "camera");
    private volatile boolean isPrepared;
    private volatile Optional<String> refusal = Optional.empty();
    private volatile boolean stopped;

    /**
     * Starts the loop and its camera.
     *
     * @param label the first part of the loop's name
     */
    public SteadyLoop(String label) {
        name = label + "-" + ProcessHandle.current().pid();
        slopes.warmUp();
        matrix.warmUp();
        int processors = Runtime.getRuntime().availableProcessors();
        processorsBefore = Scheduling.affinity(Scheduling.CALLER);
        // a child inherits the processor of the thread that starts it
        boolean ignored = Scheduling.tryAffinity(Scheduling.CALLER, 0);
        loop = ControlLoop.named(name)
                .trigger(Trigger.frame(camera.stream()).sleepThenSpin())
                .output(mirror.stream())
                .rateHz(RATE_HZ)
                .cpu(processors - 1)
                .otherThreadsOn(0)
                .fifo(LOOP_PRIORITY)
                .lockMemory()
                .noIdleStates()
                .step(this::compute)
                .build();
        page = LoopTelemetry.open(name);
        looping.setDaemon(true);
        writing.setDaemon(true);
        looping.start();
        while (!isPrepared && looping.isAlive()) {
            LockSupport.parkNanos(POLL_NS);
        }
        writing.start();
    }

    private static TemporaryStream create(String label, StreamSpec spec) {
        return TemporaryStream.create(label, spec.withDepth(DEPTH));
    }

    private static float[] values() {
        float[] values = new float[COMMANDS * SLOPES];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (i * 37 % 101) / 101 - 0.5f;
        }
        return values;
    }

    private void compute(MemorySegment frame, MemorySegment command, Void none) {
        slopes.compute(frame, vector);
        matrix.multiply(vector, command);
    }

    private void runLoop() {
        refusal = Arming.of(loop, WARM_UP);
        isPrepared = true;
        loop.run();
    }

    private void writeFrames() {
        boolean ignored = Scheduling.tryPriority(Scheduling.CALLER, Scheduling.Priority.fifo(CAMERA_PRIORITY));
        try (FrameWriter writer = camera.stream().writer();
                Arena arena = Arena.ofConfined()) {
            MemorySegment frame = arena.allocate(2L * SIDE * SIDE, Long.BYTES);
            long dueNs = Clocks.monotonicNs();
            while (!stopped) {
                dueNs += (long) (1e9 / RATE_HZ);
                Clocks.sleepUntil(dueNs);
                writer.write(frame);
            }
        }
    }

    /**
     * The stream of its frames, of 120 x 120 u16.
     *
     * @return its path
     */
    public Path camera() {
        return camera.path();
    }

    /**
     * The stream of its commands, 97 float32.
     *
     * @return its path
     */
    public Path mirror() {
        return mirror.path();
    }

    /**
     * Why the loop runs although it is not armed.
     *
     * @return a remark for the report; an empty text if it is armed
     */
    public String remark() {
        return refusal.orElse("");
    }

    /**
     * The 99.9th percentile of the time from a frame to its command. It measures after a second, in which what started
     * beside the loop is compiled.
     *
     * @param seconds how long it measures
     * @return nanoseconds
     * @throws InterruptedException if the calling thread is interrupted
     */
    public long endToEndP999Ns(double seconds) throws InterruptedException {
        Thread.sleep((long) (1000 * Math.min(1, seconds)));
        LatencyHistogram before = page.snapshot().histogram(LoopMeasure.END_TO_END);
        LatencyHistogram times;
        do { // no step at all is possible where other programs use the processor
            Thread.sleep((long) (1000 * seconds));
            times = page.snapshot().histogram(LoopMeasure.END_TO_END).since(before);
        } while (times.count() == 0 && looping.isAlive());
        if (times.count() == 0) {
            throw new IllegalStateException("the loop has ended: " + loop.failure());
        }
        return times.percentileNs(PERCENTILE);
    }

    @Override
    public void close() {
        loop.stop();
        stopped = true;
        try {
            looping.join();
            writing.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        page.close();
        loop.close();
        camera.close();
        mirror.close();
        for (int thread : Scheduling.threadIds()) {
            boolean ignored = Scheduling.tryAffinity(thread, processorsBefore);
        }
    }
}

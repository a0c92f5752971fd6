package org.shmrt.bench.determinism;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.shmrt.math.FloatMatrix;
import org.shmrt.math.SlopeComputer;
import org.shmrt.math.SubapertureGrid;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.thread.ThreadUsage;
import org.shmrt.runtime.ControlLoop;
import org.shmrt.runtime.LoopFinding;
import org.shmrt.runtime.Trigger;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.telemetry.LatencyHistogram;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopSnapshot;
import org.shmrt.telemetry.LoopTelemetry;

/** The program of {@code control_step.c} as a {@link ControlLoop}. */
final class ControlStep {
    static final int SIDE = 120;
    static final int SLOPES = 288;
    static final int ROWS = 97;
    static final int TIMES_WORDS = 65_536;
    private static final long FIRST_NS = 5_000_000_000L;
    private static final int MEAN_CALLS = 100;

    private final SlopeComputer slopes = new SlopeComputer(SubapertureGrid.of(SIDE, SIDE, SIDE / 12));
    private final FloatMatrix matrix = FloatMatrix.of(ROWS, SLOPES, values());
    private final float[] vector = new float[SLOPES];
    private final Samples compute;
    private final int count;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private boolean isLive;
    private ThreadUsage usage = ThreadUsage.now();
    private long bytes;
    private long firstNs;
    private long endNs;
    private List<String> counts = List.of();
    private ControlLoop loop;

    private ControlStep(int count) {
        this.count = count;
        compute = new Samples(count);
    }

    private static float[] values() {
        float[] values = new float[ROWS * SLOPES];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (i * 37 % 101) / 101 - 0.5f;
        }
        return values;
    }

    /**
     * Runs the loop. Its measurement begins with the first step after arming.
     *
     * @param words camera, mirror, a file that only the step in C needs, count, warm-up steps, period and guard in ns,
     *     core of the loop, core of all other threads, priority, seconds of warm-up on scratch streams. The loop learns
     *     the guard itself
     */
    public static void main(String[] words) {
        ControlStep step = new ControlStep(Integer.parseInt(words[3]) + Integer.parseInt(words[4]));
        try (ImageStream camera = ImageStream.open(Path.of(words[0]));
                ImageStream mirror = ImageStream.open(Path.of(words[1]))) {
            step.run(camera, mirror, words);
        }
    }

    private void run(ImageStream camera, ImageStream mirror, String[] words) {
        System.out.println("NOTE slopes " + slopes.warmUp());
        System.out.println("NOTE matrix " + matrix.warmUp());
        check();
        for (int i = 0; i < MEAN_CALLS; i++) { // its first calls allocate
            bytes = threads.getCurrentThreadAllocatedBytes();
        }
        String name = "determinism-" + ProcessHandle.current().pid();
        try (ControlLoop built = ControlLoop.named(name)
                .trigger(Trigger.frame(camera).sleepThenSpin())
                .output(mirror)
                .rateHz(1e9 / Long.parseLong(words[5]))
                .cpu(Integer.parseInt(words[7]))
                .otherThreadsOn(Integer.parseInt(words[8]))
                .fifo(Math.max(1, Integer.parseInt(words[9])))
                .lockMemory()
                .step((frame, command, none) -> step(frame, command))
                .build()) {
            loop = built;
            loop.warmUp(Duration.ofNanos((long) (Double.parseDouble(words[10]) * 1e9)));
            loop.arm();
            loop.threadReport().problems().forEach(ControlStep::note);
            isLive = true;
            System.out.println("ready");
            loop.run();
            loop.failure().ifPresent(failure -> {
                throw new IllegalStateException("the loop failed", failure);
            });
            report(name).forEach(System.out::println);
        }
    }

    private static void note(LoopFinding problem) {
        System.out.println("NOTE " + problem.toString().lines().findFirst().orElse(""));
    }

    private void check() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment fixed = arena.allocate(2L * SIDE * SIDE, 64);
            for (int i = 0; i < SIDE * SIDE; i++) {
                fixed.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (100 + i % 77));
            }
            float[] command = new float[ROWS];
            slopes.compute(fixed, vector);
            matrix.multiply(vector, command);
            System.out.println(
                    String.format(Locale.ROOT, "CHECK %.5f %.5f %.5f", command[0], command[50], command[96]));
        }
    }

    private void step(MemorySegment frame, MemorySegment command) {
        long startNs = System.nanoTime();
        slopes.compute(frame, vector);
        matrix.multiply(vector, command);
        long computedNs = System.nanoTime();
        if (isLive) {
            record(startNs, computedNs);
        }
    }

    private void record(long startNs, long computedNs) {
        if (compute.count() == 0) {
            usage = ThreadUsage.now();
            firstNs = startNs;
            bytes = threads.getCurrentThreadAllocatedBytes();
        }
        compute.add(computedNs - startNs);
        if (compute.count() == count) {
            long allocated = threads.getCurrentThreadAllocatedBytes() - bytes;
            endNs = System.nanoTime();
            counts = new ArrayList<>(RealTime.counts(usage));
            counts.add("COUNT allocated_bytes " + allocated);
            isLive = false;
            loop.stop();
        }
    }

    private List<String> report(String name) {
        LoopSnapshot page;
        try (LoopTelemetry telemetry = LoopTelemetry.open(name)) {
            page = telemetry.snapshot();
        }
        List<String> lines = new ArrayList<>(List.of(
                line("wake", page.histogram(LoopMeasure.WAKE)),
                line("compute", page.histogram(LoopMeasure.COMPUTE)),
                line("publish", page.histogram(LoopMeasure.PUBLISH)),
                line("total", page.histogram(LoopMeasure.END_TO_END))));
        int first = compute.countWithin(FIRST_NS, endNs - firstNs);
        lines.add(compute.line("compute_first", 0, first));
        lines.add(compute.line("compute_later", first, compute.count()));
        lines.addAll(counts);
        lines.add("COUNT lost_frames " + page.count(LoopCounter.MISSED));
        lines.add("COUNT overtaken " + page.count(LoopCounter.OVERTAKEN));
        lines.add("COUNT armed_ns " + firstNs);
        lines.add("COUNT end_ns " + endNs);
        return lines;
    }

    private static String line(String name, LatencyHistogram times) {
        return "SERIES " + name + " " + times.count() + " " + times.percentileNs(50) + " " + times.percentileNs(99)
                + " " + times.percentileNs(99.9) + " " + times.percentileNs(99.99) + " " + times.maxNs();
    }

    static StreamSpec cameraSpec() {
        return StreamSpec.milk(DataType.UINT16, Shape.of(SIDE, SIDE));
    }

    static StreamSpec mirrorSpec() {
        return StreamSpec.milk(DataType.FLOAT32, Shape.of(ROWS));
    }
}

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
import java.util.Optional;
import org.shmrt.bench.loop.Arming;
import org.shmrt.math.FloatMatrix;
import org.shmrt.math.SlopeComputer;
import org.shmrt.math.SubapertureGrid;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.thread.Scheduling;
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
    /** How the line starts that is printed instead of {@code ready} where the machine is too busy for the loop. */
    static final String REFUSED = "refused: ";

    private static final long FIRST_NS = 5_000_000_000L;

    private final SlopeComputer slopes = new SlopeComputer(SubapertureGrid.of(SIDE, SIDE, SIDE / 12));
    private final FloatMatrix matrix = FloatMatrix.of(ROWS, SLOPES, values());
    private final float[] vector = new float[SLOPES];
    private final int count;
    private volatile int loopTask;
    private volatile boolean isRunning;
    private volatile boolean isRefused;

    private ControlStep(int count) {
        this.count = count;
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
     *     the guard itself. A further word lets it compute an old frame before each new one
     */
    public static void main(String[] words) throws InterruptedException {
        ControlStep step = new ControlStep(Integer.parseInt(words[3]) + Integer.parseInt(words[4]));
        try (ImageStream camera = ImageStream.open(Path.of(words[0]));
                ImageStream mirror = ImageStream.open(Path.of(words[1]))) {
            step.run(camera, mirror, words);
        }
    }

    private void run(ImageStream camera, ImageStream mirror, String[] words) throws InterruptedException {
        System.out.println("NOTE slopes " + slopes.warmUp());
        System.out.println("NOTE matrix " + matrix.warmUp());
        check();
        String name = "determinism-" + ProcessHandle.current().pid();
        try (ControlLoop loop = ControlLoop.named(name)
                .trigger(Trigger.frame(camera).sleepThenSpin())
                .output(mirror)
                .rateHz(1e9 / Long.parseLong(words[5]))
                .cpu(Integer.parseInt(words[7]))
                .otherThreadsOn(Integer.parseInt(words[8]))
                .fifo(Math.max(1, Integer.parseInt(words[9])))
                .lockMemory()
                .noIdleStates()
                .step(this::compute)
                .prefetch(words.length > 11 ? this::compute : (frame, command, none) -> {})
                .build()) {
            Thread thread = new Thread(
                    () -> {
                        loopTask = Scheduling.threadId();
                        Duration warmUp = Duration.ofNanos((long) (Double.parseDouble(words[10]) * 1e9));
                        Optional<String> refusal = Arming.of(loop, warmUp);
                        if (refusal.isPresent()) {
                            isRefused = true;
                            System.out.println(REFUSED + refusal.get());
                            return;
                        }
                        loop.threadReport().problems().forEach(ControlStep::note);
                        System.out.println("ready");
                        isRunning = true;
                        loop.run();
                    },
                    "loop");
            thread.start();
            List<String> lines;
            try (LoopTelemetry page = LoopTelemetry.open(name)) {
                lines = observe(page, thread);
            }
            loop.stop();
            thread.join();
            if (isRefused) {
                return;
            }
            if (loop.failure().isPresent() || lines.isEmpty()) {
                throw new IllegalStateException("the loop ended early: " + loop.failure());
            }
            lines.forEach(System.out::println);
        }
    }

    private void compute(MemorySegment frame, MemorySegment command, Void none) {
        slopes.compute(frame, vector);
        matrix.multiply(vector, command);
    }

    /** What another thread can read of the loop: its page, what its thread has allocated, and what the kernel counts. */
    private record Reading(LoopSnapshot page, long allocatedBytes, ThreadUsage usage) {
        private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        static Reading of(LoopTelemetry page, Thread thread, int task) {
            return new Reading(
                    page.snapshot(), THREADS.getThreadAllocatedBytes(thread.threadId()), ThreadUsage.of(task));
        }
    }

    /** Reads the loop's counters at its first step, some seconds later and at its last step, from another thread. */
    private List<String> observe(LoopTelemetry page, Thread thread) throws InterruptedException {
        // So that the JVM loads and links what this needs before the loop is armed, not while its events are counted.
        Reading ignored = Reading.of(page, thread, Scheduling.threadId());
        // The loop counts steps in its warm-up too.
        while (thread.isAlive() && !isRunning) {
            Thread.sleep(1);
        }
        while (thread.isAlive() && page.count(LoopCounter.STEPS) == 0) {
            Thread.sleep(1);
        }
        if (!thread.isAlive()) {
            return List.of();
        }
        long armedNs = System.nanoTime();
        Reading armed = Reading.of(page, thread, loopTask);
        while (thread.isAlive()
                && System.nanoTime() - armedNs < FIRST_NS
                && page.count(LoopCounter.STEPS) < count / 2) {
            Thread.sleep(1);
        }
        LoopSnapshot early = page.snapshot();
        while (thread.isAlive() && page.count(LoopCounter.STEPS) < count) {
            Thread.sleep(1);
        }
        if (!thread.isAlive()) {
            return List.of();
        }
        long endNs = System.nanoTime(); // the events of the following lines are not the loop's
        Reading end = Reading.of(page, thread, loopTask);
        LoopSnapshot last = end.page;
        LatencyHistogram first = early.histogram(LoopMeasure.COMPUTE);
        List<String> lines = new ArrayList<>(List.of(
                line("wake", last.histogram(LoopMeasure.WAKE)),
                line("compute", last.histogram(LoopMeasure.COMPUTE)),
                line("publish", last.histogram(LoopMeasure.PUBLISH)),
                line("total", last.histogram(LoopMeasure.END_TO_END)),
                line("compute_first", first),
                line("compute_later", last.histogram(LoopMeasure.COMPUTE).since(first))));
        lines.addAll(RealTime.counts(end.usage.since(armed.usage)));
        lines.add("COUNT allocated_bytes " + (end.allocatedBytes - armed.allocatedBytes));
        lines.add("COUNT lost_frames " + last.count(LoopCounter.MISSED));
        lines.add("COUNT overtaken " + last.count(LoopCounter.OVERTAKEN));
        lines.add("COUNT loop_task " + loopTask);
        lines.add("COUNT armed_ns " + armedNs);
        lines.add("COUNT end_ns " + endNs);
        return lines;
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

package org.shmrt.bench.determinism;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.shmrt.math.FloatMatrix;
import org.shmrt.math.SlopeComputer;
import org.shmrt.math.SubapertureGrid;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Clocks;
import org.shmrt.posix.thread.ThreadUsage;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;

/** The program of {@code control_step.c} with ShmRT. */
final class ControlStep {
    static final int SIDE = 120;
    static final int SLOPES = 288;
    static final int ROWS = 97;
    static final int TIMES_WORDS = 65_536;
    private static final long GIVE_UP_NS = 5_000_000_000L;
    private static final long SHORT_NS = 50_000;
    private static final int QUICK_STEPS = 30_000;
    private static final int WARM_UP_SAMPLES = 1 << 17;
    private static final long QUIET_NS = 1_000_000_000L;
    private static final long MAX_QUICK_NS = 20_000_000_000L;
    private static final long MAX_WARM_UP_NS = 30_000_000_000L;

    private final long period;
    private final long guard;
    private final SlopeComputer slopes = new SlopeComputer(SubapertureGrid.of(SIDE, SIDE, SIDE / 12));
    private final FloatMatrix matrix = FloatMatrix.of(ROWS, SLOPES, values());
    private final float[] vector = new float[SLOPES];
    private final float[] command = new float[ROWS];
    private final Samples wake;
    private final Samples compute;
    private final Samples publish;
    private final Samples total;
    /** When the next frame is due; 0 if unknown. */
    private long dueNs;

    private ControlStep(long period, long guard, int count) {
        this.period = period;
        this.guard = guard;
        int capacity = Math.max(count, WARM_UP_SAMPLES);
        wake = new Samples(capacity);
        compute = new Samples(capacity);
        publish = new Samples(capacity);
        total = new Samples(capacity);
    }

    private static float[] values() {
        float[] values = new float[ROWS * SLOPES];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (i * 37 % 101) / 101 - 0.5f;
        }
        return values;
    }

    /**
     * Runs the step.
     *
     * @param words camera, mirror, file of times, count, warm-up steps, period and guard in ns, core of the loop, core of all
     *     other threads, priority, seconds of warm-up on scratch streams
     */
    public static void main(String[] words) throws Exception {
        ControlStep step =
                new ControlStep(Long.parseLong(words[5]), Long.parseLong(words[6]), Integer.parseInt(words[3]));
        RealTime.prepareProcess(Integer.parseInt(words[8]));
        List<String> lines = new ArrayList<>();
        Thread loop = new Thread(() -> step.run(words, lines), "loop");
        loop.start();
        loop.join();
        lines.forEach(System.out::println);
        if (lines.isEmpty()) {
            System.exit(1);
        }
    }

    private void run(String[] words, List<String> lines) {
        RealTime.pin(Integer.parseInt(words[7]));
        lines.add("NOTE slopes " + slopes.warmUp());
        lines.add("NOTE matrix " + matrix.warmUp());
        int priority = Integer.parseInt(words[9]);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment fixed = arena.allocate(2L * SIDE * SIDE, 64);
            for (int i = 0; i < SIDE * SIDE; i++) {
                fixed.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (100 + i % 77));
            }
            slopes.compute(fixed, vector);
            matrix.multiply(vector, command);
            lines.add(String.format(Locale.ROOT, "CHECK %.5f %.5f %.5f", command[0], command[50], command[96]));
            MemorySegment times;
            try (FileChannel file =
                    FileChannel.open(Path.of(words[2]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                times = file.map(FileChannel.MapMode.READ_WRITE, 0, 8L * TIMES_WORDS, arena);
            }
            ScratchCamera scratch =
                    new ScratchCamera(Path.of(words[0]), fixed, times, period, Integer.parseInt(words[8]));
            warmUp(scratch, times, Double.parseDouble(words[10]), priority);
            try (ImageStream camera = ImageStream.open(Path.of(words[0]));
                    FrameReader in = camera.reader(WaitStrategy.spin());
                    ImageStream mirror = ImageStream.open(Path.of(words[1]));
                    FrameWriter out = mirror.writer()) {
                measure(in, out, times, Integer.parseInt(words[3]), Integer.parseInt(words[4]), priority, lines);
            }
        } catch (Exception e) {
            RealTime.drop();
            e.printStackTrace();
            lines.clear();
        }
    }

    /** The result of one turn of the loop. */
    private enum Turn {
        DONE,
        OVERTAKEN,
        TIMED_OUT
    }

    /**
     * One turn: sleeps, spins, computes, publishes, and stores the times. Warm-up and measurement call this method, and
     * neither has a loop of its own that has to be compiled.
     */
    private Turn turn(FrameReader in, FrameWriter out, MemorySegment times, long timeoutNs) {
        if (dueNs > 0) {
            Clocks.sleepUntil(dueNs - guard);
        }
        if (!in.awaitNewest(timeoutNs).hasFrame()) {
            return Turn.TIMED_OUT;
        }
        long woken = System.nanoTime();
        slopes.compute(in.frame(), vector);
        matrix.multiply(vector, command);
        if (!in.validate()) {
            return Turn.OVERTAKEN;
        }
        long computed = System.nanoTime();
        MemorySegment.copy(command, 0, out.claim(), ValueLayout.JAVA_FLOAT, 0, ROWS);
        out.publish();
        long end = System.nanoTime();
        long start = times.getAtIndex(ValueLayout.JAVA_LONG, in.count() % TIMES_WORDS);
        dueNs = start + period;
        wake.add(woken - start);
        compute.add(computed - woken);
        publish.add(end - computed);
        total.add(end - start);
        return Turn.DONE;
    }

    private void clearSamples() {
        wake.clear();
        compute.clear();
        publish.clear();
        total.clear();
    }

    /**
     * Runs the turn on scratch streams of the same kind: first as fast as possible, then at the rate of the loop, through
     * waiting, missing frames and timing out, until nothing was compiled for a second.
     */
    private void warmUp(ScratchCamera scratch, MemorySegment times, double seconds, int priority) throws Exception {
        try (ImageStream from = scratch.create(cameraSpec());
                ImageStream to = ImageStream.create(scratch.mirror(), mirrorSpec());
                FrameReader reader = from.reader(WaitStrategy.spin());
                FrameWriter writer = to.writer()) {
            try (FrameWriter frames = from.writer()) {
                Quiet quiet = new Quiet();
                for (int i = 0; i < QUICK_STEPS || !quiet.lasts(QUIET_NS / 2, MAX_QUICK_NS); i++) {
                    scratch.write(frames);
                    dueNs = 0;
                    turn(reader, writer, times, GIVE_UP_NS);
                    if (total.count() == WARM_UP_SAMPLES) {
                        clearSamples();
                    }
                }
                clearSamples();
            }
            scratch.start(from);
            RealTime.raise(priority);
            try {
                paced(reader, writer, times, (long) (seconds * 1e9));
            } finally {
                RealTime.drop();
                scratch.stop();
                clearSamples();
                dueNs = 0;
            }
        } finally {
            scratch.remove();
        }
    }

    private void paced(FrameReader reader, FrameWriter writer, MemorySegment times, long leastNs) {
        Quiet quiet = new Quiet();
        long start = System.nanoTime();
        for (long turn = 1; total.count() < WARM_UP_SAMPLES; turn++) {
            if (turn % 61 == 0) {
                Clocks.sleepUntil(System.nanoTime() + 5 * period / 2);
            }
            turn(reader, writer, times, turn % 53 == 0 ? SHORT_NS : 4 * period);
            if (System.nanoTime() - start > leastNs && quiet.lasts(QUIET_NS, MAX_WARM_UP_NS)) {
                return;
            }
        }
    }

    /** Since when the JIT compiler has done nothing. */
    private static final class Quiet {
        private final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        private final long start = System.nanoTime();
        private long since = start;
        private long checkedNs = start;
        private long compiledMs = compiler.getTotalCompilationTime();

        /** Whether it was quiet for a time, or the longest time is over. */
        boolean lasts(long ns, long longestNs) {
            long now = System.nanoTime();
            if (now - checkedNs > QUIET_NS / 20) {
                checkedNs = now;
                long compiled = compiler.getTotalCompilationTime();
                since = compiled == compiledMs ? since : now;
                compiledMs = compiled;
            }
            return now - since > ns || now - start > longestNs;
        }
    }

    static StreamSpec cameraSpec() {
        return StreamSpec.milk(DataType.UINT16, Shape.of(SIDE, SIDE));
    }

    static StreamSpec mirrorSpec() {
        return StreamSpec.milk(DataType.FLOAT32, Shape.of(ROWS));
    }

    private void measure(
            FrameReader in,
            FrameWriter out,
            MemorySegment times,
            int count,
            int warmUpSteps,
            int priority,
            List<String> lines) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 100; i++) { // its first calls allocate
            threads.getCurrentThreadAllocatedBytes();
        }
        System.out.println("ready");
        RealTime.raise(priority);
        run(in, out, times, warmUpSteps);
        clearSamples();
        ThreadUsage usage = ThreadUsage.now();
        long lost = in.lostTotal();
        long armedNs = System.nanoTime();
        long bytes = threads.getCurrentThreadAllocatedBytes();
        long overtaken = run(in, out, times, count);
        long allocated = threads.getCurrentThreadAllocatedBytes() - bytes;
        long endNs = System.nanoTime();
        List<String> faults = RealTime.counts(usage);
        RealTime.drop();
        lines.add(wake.line("wake"));
        lines.add(compute.line("compute"));
        lines.add(publish.line("publish"));
        lines.add(total.line("total"));
        int first = (int) Math.min(5_000_000_000L / period, compute.count() / 2);
        lines.add(compute.line("compute_first", 0, first));
        lines.add(compute.line("compute_later", first, compute.count()));
        lines.addAll(faults);
        lines.add("COUNT allocated_bytes " + allocated);
        lines.add("COUNT lost_frames " + (in.lostTotal() - lost));
        lines.add("COUNT overtaken " + overtaken);
        lines.add("COUNT armed_ns " + armedNs);
        lines.add("COUNT end_ns " + endNs);
    }

    /** Some turns; returns how many frames were overwritten while they were read. */
    private long run(FrameReader in, FrameWriter out, MemorySegment times, int steps) {
        long overtaken = 0;
        while (total.count() < steps) {
            Turn turn = turn(in, out, times, GIVE_UP_NS);
            if (turn == Turn.TIMED_OUT) {
                return overtaken;
            }
            overtaken += turn == Turn.OVERTAKEN ? 1 : 0;
        }
        return overtaken;
    }
}

package org.shmrt.bench.determinism;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.shmrt.math.FloatMatrix;
import org.shmrt.math.SlopeComputer;
import org.shmrt.math.SubapertureGrid;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
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

    private final long period;
    private final long guard;
    private final SlopeComputer slopes = new SlopeComputer(SubapertureGrid.of(SIDE, SIDE, SIDE / 12));
    private final FloatMatrix matrix = FloatMatrix.of(ROWS, SLOPES, values());
    private final float[] vector = new float[SLOPES];
    private final float[] command = new float[ROWS];
    /** Times of the last step: woken, computed, published. */
    private long wokenNs;

    private long computedNs;
    private long publishedNs;

    private ControlStep(long period, long guard) {
        this.period = period;
        this.guard = guard;
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
        ControlStep step = new ControlStep(Long.parseLong(words[5]), Long.parseLong(words[6]));
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
            warmUp(Path.of(words[0]), fixed, Double.parseDouble(words[10]), priority);
            MemorySegment times;
            try (FileChannel file = FileChannel.open(Path.of(words[2]), StandardOpenOption.READ)) {
                times = file.map(FileChannel.MapMode.READ_ONLY, 0, 8L * TIMES_WORDS, arena);
            }
            try (ImageStream camera = ImageStream.open(Path.of(words[0]));
                    FrameReader in = camera.reader(WaitStrategy.spin());
                    ImageStream mirror = ImageStream.open(Path.of(words[1]));
                    FrameWriter out = mirror.writer()) {
                measure(in, out, times, Integer.parseInt(words[3]), Integer.parseInt(words[4]), priority, lines);
            }
        } catch (Exception e) {
            RealTime.lower();
            e.printStackTrace();
            lines.clear();
        }
    }

    /** Waits, computes and publishes once; returns whether it did. */
    private boolean step(FrameReader in, FrameWriter out, long timeoutNs) {
        if (!in.awaitNewest(timeoutNs).hasFrame()) {
            return false;
        }
        wokenNs = System.nanoTime();
        slopes.compute(in.frame(), vector);
        matrix.multiply(vector, command);
        if (!in.validate()) {
            return false;
        }
        computedNs = System.nanoTime();
        MemorySegment.copy(command, 0, out.claim(), ValueLayout.JAVA_FLOAT, 0, ROWS);
        out.publish();
        publishedNs = System.nanoTime();
        return true;
    }

    /** Scratch streams of the same kind, at the rate of the loop, through waiting, missing frames and timing out. */
    private void warmUp(Path camera, MemorySegment frame, double seconds, int priority) throws Exception {
        Path in = camera.resolveSibling(camera.getFileName().toString().replace("camera", "scratchin"));
        Path out = camera.resolveSibling(camera.getFileName().toString().replace("camera", "scratchout"));
        AtomicBoolean isOver = new AtomicBoolean();
        try (ImageStream from = ImageStream.create(in, cameraSpec());
                ImageStream to = ImageStream.create(out, mirrorSpec());
                FrameReader reader = from.reader(WaitStrategy.spin());
                FrameWriter writer = to.writer()) {
            Thread source = new Thread(
                    () -> {
                        try (FrameWriter frames = from.writer()) {
                            for (long next = System.nanoTime(); !isOver.get(); next += period) {
                                java.util.concurrent.locks.LockSupport.parkNanos(next - System.nanoTime());
                                frames.write(frame);
                            }
                        }
                    },
                    "scratch camera");
            // Threads inherit the core of their creator, and the loop needs its own.
            source.start();
            RealTime.raise(priority);
            Samples ignored = new Samples(1 << 20);
            long end = System.nanoTime() + (long) (seconds * 1e9);
            long turn = 0;
            long due = 0;
            while (System.nanoTime() < end) {
                turn++;
                if (turn % 61 == 0) {
                    RealTime.sleepUntil(System.nanoTime() + 5 * period / 2);
                } else if (due > 0 && turn % 7 != 0) {
                    RealTime.sleepUntil(due - guard);
                }
                if (step(reader, writer, turn % 53 == 0 ? SHORT_NS : 4 * period)) {
                    due = wokenNs + period;
                    ignored.add(publishedNs - wokenNs + computedNs);
                }
            }
            isOver.set(true);
            source.join();
        } finally {
            RealTime.lower();
            ImageStream.remove(in);
            ImageStream.remove(out);
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
        Samples wake = new Samples(count);
        Samples compute = new Samples(count);
        Samples publish = new Samples(count);
        Samples total = new Samples(count);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = threads.getCurrentThreadAllocatedBytes();
        RealTime.Usage usage = RealTime.Usage.now();
        long armedNs = 0;
        long lost = 0;
        long overtaken = 0;
        long due = 0;
        int left = warmUpSteps;
        System.out.println("ready");
        RealTime.raise(priority);
        long steps = 0;
        while (total.count() < count) {
            if (due > 0) {
                RealTime.sleepUntil(due - guard);
            }
            long seen = in.count();
            if (!step(in, out, GIVE_UP_NS)) {
                if (in.count() == seen) {
                    break;
                }
                overtaken++;
                continue;
            }
            long published = times.getAtIndex(ValueLayout.JAVA_LONG, in.count() % TIMES_WORDS);
            due = published + period;
            if (left > 0) {
                if (--left == 0) {
                    usage = RealTime.Usage.now();
                    lost = in.lostTotal();
                    overtaken = 0;
                    bytes = threads.getCurrentThreadAllocatedBytes();
                    armedNs = System.nanoTime();
                }
                continue;
            }
            steps++;
            wake.add(wokenNs - published);
            compute.add(computedNs - wokenNs);
            publish.add(publishedNs - computedNs);
            total.add(publishedNs - published);
        }
        long endNs = System.nanoTime();
        long allocated = threads.getCurrentThreadAllocatedBytes() - bytes;
        List<String> faults = RealTime.Usage.now().since(usage);
        RealTime.lower();
        lines.add(wake.line("wake"));
        lines.add(compute.line("compute"));
        lines.add(publish.line("publish"));
        lines.add(total.line("total"));
        int first = (int) Math.min(5_000_000_000L / period, steps / 2);
        lines.add(compute.line("compute_first", 0, first));
        lines.add(compute.line("compute_later", first, compute.count()));
        lines.addAll(faults);
        lines.add("COUNT allocated_bytes " + allocated);
        lines.add("COUNT lost_frames " + (in.lostTotal() - lost));
        lines.add("COUNT overtaken " + overtaken);
        lines.add("COUNT armed_ns " + armedNs);
        lines.add("COUNT end_ns " + endNs);
    }
}

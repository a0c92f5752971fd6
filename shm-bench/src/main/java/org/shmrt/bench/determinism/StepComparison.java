package org.shmrt.bench.determinism;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.shmrt.bench.report.Row;
import org.shmrt.bench.rig.process.RigProcess;
import org.shmrt.process.ChildProcess;
import org.shmrt.process.ChildProcessException;
import org.shmrt.stream.ImageStream;

/** The step of a control loop, as a loop of the runtime and in C. */
final class StepComparison {
    private static final int STEP_WARM_UP = 1000;

    /** What is in the caches of the processor when a frame comes. */
    enum Caches {
        /** What the sleep has left. */
        AS_THEY_ARE("step_", "step"),
        /** Both programs compute an old frame before each new one. */
        PREFETCHED("prefetch_", "step with prefetch");

        private final String key;
        private final String title;

        Caches(String key, String title) {
            this.key = key;
            this.title = title;
        }
    }

    private final Session session;
    private final Caches caches;

    StepComparison(Session session, Caches caches) {
        this.session = session;
        this.caches = caches;
    }

    void run() throws IOException {
        List<ChildOutput> java = new ArrayList<>();
        List<ChildOutput> c = new ArrayList<>();
        List<JvmLog.Events> events = new ArrayList<>();
        for (int pair = 0; pair < session.plan().pairs(); pair++) {
            session.progress(caches.title + ", pair " + (pair + 1) + " of "
                    + session.plan().pairs());
            for (int turn = 0; turn < 2; turn++) {
                if ((turn + pair) % 2 == 0) {
                    Path log = session.file("jvm.log");
                    ChildOutput output = stepOf(
                            "step in Java",
                            stream -> Session.java(
                                    List.of("-Xms256m", "-Xmx256m", JvmLog.flag(log)),
                                    ControlStep.class,
                                    stepWords(stream, true)));
                    java.add(output);
                    if (output.counts().containsKey("end_ns")) {
                        events.add(JvmLog.between(
                                log,
                                output.counts().get("armed_ns"),
                                output.counts().get("end_ns"),
                                output.counts().get("loop_task")));
                    }
                } else {
                    c.add(stepOf("step in C", stream -> {
                        List<String> command = new ArrayList<>(List.of(session.program("control_step")));
                        command.addAll(List.of(stepWords(stream, false)));
                        return command;
                    }));
                }
            }
        }
        requireSameResult(java, c);
        for (String part : List.of("total", "wake", "compute", "publish")) {
            for (String percentile : Session.PERCENTILES) {
                OptionalDouble target = switch (part + " " + percentile) {
                    case "total p50" -> OptionalDouble.of(1.2);
                    case "total p99.99" -> OptionalDouble.of(1.1);
                    case "publish p50" -> OptionalDouble.of(1.5);
                    default -> OptionalDouble.empty();
                };
                session.add(Session.ratio(
                        caches.key + part + "_vs_c_" + Session.key(percentile),
                        caches.title + " vs C, " + part + ", " + percentile,
                        java,
                        c,
                        part,
                        percentile,
                        target));
            }
        }
        if (caches == Caches.AS_THEY_ARE) {
            addEvents(java, c, events);
        }
    }

    private void addEvents(List<ChildOutput> java, List<ChildOutput> c, List<JvmLog.Events> events) {
        session.add(Row.ratioOfPairs(
                "compute_first_vs_later_p99",
                "compute after arming vs later, p99",
                Session.values(java, "compute_first", "p99"),
                Session.values(java, "compute_later", "p99"),
                OptionalDouble.of(1.2)));
        for (String count : List.of("page_faults", "allocated_bytes")) {
            session.add(Row.count(
                    count + "_after_arming",
                    count.replace('_', ' ') + " of the loop after arming",
                    java.stream()
                            .map(one -> one.counts().get(count))
                            .filter(value -> value != null)
                            .toList(),
                    OptionalDouble.of(0),
                    ""));
        }
        session.add(Row.count(
                "safepoints_after_arming",
                "safepoints after arming",
                events.stream().map(JvmLog.Events::safepoints).toList(),
                OptionalDouble.of(0),
                ""));
        session.add(Row.count(
                "deoptimisations_after_arming",
                "deoptimisations of the loop after arming",
                events.stream().map(JvmLog.Events::loopDeoptimisations).toList(),
                OptionalDouble.of(0),
                ""));
        session.add(Row.count(
                "other_deoptimisations_after_arming",
                "deoptimisations of other threads after arming",
                events.stream().map(JvmLog.Events::otherDeoptimisations).toList(),
                OptionalDouble.empty(),
                "the thread that reads the loop's counters"));
        session.add(Row.count(
                "compilations_after_arming",
                "compilations after arming",
                events.stream().map(JvmLog.Events::compilations).toList(),
                OptionalDouble.empty(),
                "all threads of the JVM"));
        for (String count : List.of("lost_frames", "overtaken", "involuntary_switches")) {
            session.add(Row.count(
                    count + "_java",
                    count.replace('_', ' ') + " of the step in Java",
                    counts(java, count),
                    OptionalDouble.empty(),
                    "in C: " + counts(c, count)));
        }
    }

    private static List<Long> counts(List<ChildOutput> outputs, String name) {
        return outputs.stream()
                .map(one -> one.counts().get(name))
                .filter(value -> value != null)
                .toList();
    }

    /** The two programs must compute the same for the same frame. */
    private void requireSameResult(List<ChildOutput> java, List<ChildOutput> c) {
        for (ChildOutput one : java) {
            for (ChildOutput other : c) {
                for (int i = 0; i < Math.min(one.check().size(), other.check().size()); i++) {
                    double difference =
                            Math.abs(one.check().get(i) - other.check().get(i));
                    if (difference > 1e-3 * (1 + Math.abs(other.check().get(i)))) {
                        session.note("The steps differ: " + one.check() + " in Java, " + other.check() + " in C");
                    }
                }
            }
        }
    }

    /** Paths of the streams and of the file of times of one run. */
    private record StepFiles(Path camera, Path mirror, Path times) {}

    private interface StepCommand {
        List<String> of(StepFiles files);
    }

    private String[] stepWords(StepFiles files, boolean isJava) {
        List<String> words = new ArrayList<>(List.of(
                files.camera.toString(),
                files.mirror.toString(),
                files.times.toString(),
                Integer.toString(session.plan().count(Session.KILO_HERTZ_NS)),
                Integer.toString(STEP_WARM_UP),
                Long.toString(Session.KILO_HERTZ_NS),
                Long.toString(Session.GUARD_NS),
                Integer.toString(session.plan().loopCore())));
        if (isJava) {
            words.add(Integer.toString(session.plan().otherCore()));
        }
        words.add(Integer.toString(Plan.LOOP_PRIORITY));
        if (isJava) {
            words.add(Double.toString(session.plan().warmUpSeconds()));
        }
        if (caches == Caches.PREFETCHED) {
            words.add("prefetch");
        }
        return words.toArray(String[]::new);
    }

    private ChildOutput stepOf(String name, StepCommand command) throws IOException {
        StepFiles files =
                new StepFiles(session.file("camera.im.shm"), session.file("mirror.im.shm"), session.file("times"));
        Files.write(files.times, new byte[8 * ControlStep.TIMES_WORDS]);
        ImageStream.create(files.camera, ControlStep.cameraSpec()).close();
        ImageStream.create(files.mirror, ControlStep.mirrorSpec()).close();
        try (ChildProcess child = RigProcess.start(name, command.of(files), Session.SILENCE_NS)) {
            String line = child.line();
            while (!line.equals("ready") && !line.startsWith(ControlStep.REFUSED)) {
                line = child.line();
            }
            if (line.startsWith(ControlStep.REFUSED)) {
                child.finish();
                session.note(name + " was not measured: " + line.substring(ControlStep.REFUSED.length()));
                return ChildOutput.parse(List.of());
            }
            List<String> writer = List.of(
                    session.program("frame_writer"),
                    files.camera.toString(),
                    files.times.toString(),
                    Long.toString(Session.KILO_HERTZ_NS),
                    // More than the step needs, also on a busy machine: it ends first, and the writer is killed.
                    Integer.toString(2 * session.plan().count(Session.KILO_HERTZ_NS) + 200 * STEP_WARM_UP),
                    Integer.toString(session.plan().otherCore()),
                    Integer.toString(Plan.CAMERA_PRIORITY));
            try (ChildProcess camera = RigProcess.start("camera", writer, Session.SILENCE_NS)) {
                List<String> lines = child.finish();
                camera.kill();
                return session.accept(name, lines);
            }
        } catch (ChildProcessException e) {
            session.note(name + " failed: " + e.getMessage());
            return ChildOutput.parse(List.of());
        } finally {
            ImageStream.remove(files.camera);
            ImageStream.remove(files.mirror);
        }
    }
}

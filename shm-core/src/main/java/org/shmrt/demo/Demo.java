package org.shmrt.demo;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.shmrt.doctor.KilledDemo;
import org.shmrt.error.ShmException;
import org.shmrt.stream.format.StreamFormat;
import org.shmrt.text.FileNames;

/**
 * {@code shm demo}: a camera sends frames to a control loop, which sends commands to a mirror, each in a process of
 * its own and through shared memory. It chooses a rate and waits that the processors of this machine can hold, prints a
 * table of the latencies, explains lost frames and writes three pictures. After a run ends for any reason, only the folder
 * with the pictures remains.
 */
public final class Demo {
    private static final double WARM_UP_FRACTION = 0.2;
    private static final double MAX_WARM_UP_S = 2;
    private static final int MAX_PRIORITY = 99;

    private Demo() {}

    /** Whether a line shows the progress while the demo runs. */
    public enum Progress {
        /** For a terminal. */
        SHOWN,
        HIDDEN
    }

    /**
     * What to run.
     *
     * @param seconds duration including warm-up, 0.2 to 3600
     * @param rateHz frames per second, 1 to 100000; empty to choose what the processors can hold
     * @param format format of the streams, for example {@code dao}
     * @param waiting how to wait for frames: {@code spin}, {@code sem}, or {@code hybrid}, which polls for 50 us and then
     *     sleeps; empty to choose. Processes that only spin occupy both cores of a small machine, so that the camera has
     *     to wait until the scheduler interrupts one of them
     * @param priority real-time priority of the three processes, 1 to 99, or 0 for none; empty to choose
     * @param outDir folder for the pictures; empty for a new one in the current directory
     * @param progress whether to show a progress line
     */
    public record Settings(
            double seconds,
            OptionalDouble rateHz,
            String format,
            Optional<String> waiting,
            OptionalInt priority,
            Optional<Path> outDir,
            Progress progress) {
        /**
         * Checks all values.
         *
         * @throws IllegalArgumentException if a value is not valid; the message says which values are
         */
        public Settings {
            if (!(seconds >= 0.2 && seconds <= 3600)) {
                throw new IllegalArgumentException(
                        "cannot run the demo for " + seconds + " seconds: choose 0.2 to 3600 seconds");
            }
            double rate = rateHz.orElse(1);
            if (!(rate >= 1 && rate <= 100_000)) {
                throw new IllegalArgumentException("cannot run the demo at " + rate + " Hz: choose 1 to 100000 Hz");
            }
            List<String> formats = StreamFormat.names();
            if (!formats.contains(format)) {
                throw new IllegalArgumentException(
                        "unknown format '" + format + "': use one of " + String.join(", ", formats));
            }
            waiting.ifPresent(Waiting::parse);
            int wanted = priority.orElse(0);
            if (wanted < 0 || wanted > MAX_PRIORITY) {
                throw new IllegalArgumentException(
                        "there is no priority " + wanted + ": choose 1 to 99, or 0 for none");
            }
        }

        RunChoice choose(Cores cores) {
            return RunChoice.of(new RunChoice.Wishes(rateHz, waiting.map(Waiting::parse), priority), cores);
        }

        RunPlan plan(RunChoice choice, Path directory, String tag) {
            double warmUpSeconds = Math.min(WARM_UP_FRACTION * seconds, MAX_WARM_UP_S);
            return new RunPlan(
                    format,
                    choice.waiting(),
                    choice.priority(),
                    choice.rateHz(),
                    Math.max(1, Math.round(seconds * choice.rateHz())),
                    (long) (warmUpSeconds * choice.rateHz()),
                    progress,
                    directory,
                    tag);
        }
    }

    /**
     * Runs the demo, prints the table and writes the pictures.
     *
     * @param settings what to run
     * @param out receives the table
     * @param live receives the progress line
     * @return the measurements
     * @throws ShmException if a process of the demo fails, or a file cannot be written
     */
    public static DemoResult run(Settings settings, PrintWriter out, PrintWriter live) {
        DemoPictures.checkFolder(settings.outDir());
        DemoResult result;
        try {
            Cores cores = Cores.measure();
            RunChoice choice = settings.choose(cores);
            choice.lines().forEach(out::println);
            removeKilledRuns(out);
            try (DemoRun run = new DemoRun(settings, cores, choice, live)) {
                run.execute();
                result = run.result(DemoPictures.createFolder(settings.outDir()));
                DemoReport.print(result, out);
                DemoPictures.write(result, run.lastFrame());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShmException("the demo was interrupted", e);
        }
        out.println("Pictures are in " + FileNames.text(result.directory()));
        out.flush();
        return result;
    }

    private static void removeKilledRuns(PrintWriter out) {
        for (KilledDemo demo : KilledDemo.candidates()) {
            try {
                if (demo.removeIfUnused()) {
                    out.println("removed the files of an earlier demo that was killed: " + demo.tag());
                }
            } catch (ShmException e) {
                // of another user, whose next demo removes them
            }
        }
    }
}

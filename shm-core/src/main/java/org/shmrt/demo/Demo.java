package org.shmrt.demo;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.shmrt.error.ShmException;
import org.shmrt.stream.format.StreamFormat;

/**
 * {@code shm demo}: a camera sends frames to a control loop, which sends commands to a mirror, each in a process of
 * its own and through shared memory. Then it prints a table of the latencies and writes two pictures. After a run
 * ends for any reason, only the folder with the pictures remains.
 */
public final class Demo {
    private static final double WARM_UP_FRACTION = 0.2;
    private static final double MAX_WARM_UP_S = 2;

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
     * @param rateHz frames per second, 1 to 100000
     * @param format format of the streams, for example {@code dao}
     * @param waiting how to wait for frames: {@code spin}, {@code sem} or {@code hybrid}. The default of the command
     *     is {@code hybrid}, which polls for 50 us and then sleeps: a frame that arrives in this time needs no system
     *     call, and otherwise the core is free for other processes. Processes that only spin occupy both cores of a
     *     small machine, so that the camera has to wait until the scheduler interrupts one of them
     * @param outDir folder for the pictures; empty for a new one in the current directory
     * @param progress whether to show a progress line
     */
    public record Settings(
            double seconds, double rateHz, String format, String waiting, Optional<Path> outDir, Progress progress) {
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
            if (!(rateHz >= 1 && rateHz <= 100_000)) {
                throw new IllegalArgumentException("cannot run the demo at " + rateHz + " Hz: choose 1 to 100000 Hz");
            }
            List<String> formats = StreamFormat.names();
            if (!formats.contains(format)) {
                throw new IllegalArgumentException(
                        "unknown format '" + format + "': use one of " + String.join(", ", formats));
            }
            Waiting.parse(waiting);
        }

        RunPlan plan(Path directory, String tag) {
            double warmUpSeconds = Math.min(WARM_UP_FRACTION * seconds, MAX_WARM_UP_S);
            return new RunPlan(
                    format,
                    Waiting.parse(waiting),
                    rateHz,
                    Math.max(1, Math.round(seconds * rateHz)),
                    (long) (warmUpSeconds * rateHz),
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
     * @return the measurements
     * @throws ShmException if a process of the demo fails, or a file cannot be written
     */
    public static DemoResult run(Settings settings, PrintWriter out) {
        DemoPictures.checkFolder(settings.outDir());
        DemoResult result;
        try (DemoRun run = new DemoRun(settings, new ProgressLine(out, settings.progress()))) {
            run.execute();
            result = run.result(DemoPictures.createFolder(settings.outDir()));
            DemoReport.print(result, out);
            DemoPictures.write(result, run.lastFrame());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShmException("the demo was interrupted", e);
        }
        out.println("Pictures are in " + result.directory());
        out.flush();
        return result;
    }
}

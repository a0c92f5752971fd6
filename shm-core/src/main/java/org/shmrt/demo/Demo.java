package org.shmrt.demo;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.shmrt.error.ShmException;
import org.shmrt.stream.format.StreamFormat;

/**
 * {@code shm demo}: a camera sends frames to a control loop, which sends commands to a mirror, each in a process of
 * its own and all through shared memory; then a table and two pictures say how fast that was. Whatever ends a run,
 * nothing of it stays behind but the folder with the pictures.
 */
public final class Demo {
    private static final double WARM_UP_PART = 0.2;
    private static final double LONGEST_WARM_UP_S = 2;

    private Demo() {}

    /**
     * What to run.
     *
     * @param seconds how long, 0.2 to 3600, warm-up included
     * @param rateHz frames a second, 1 to 100000
     * @param format format of the streams, for example {@code dao}
     * @param waiting how to wait for frames: {@code spin}, {@code sem} or {@code hybrid}. The default of the command
     *     is {@code hybrid}, which polls for 50 us and then sleeps: it meets a frame that comes at once without a
     *     system call, and else leaves its core to others. Processes that only spin fill the two cores of a small
     *     machine, where the camera then waits for the scheduler to take one away from them
     * @param outDir folder for the pictures, or null for a new one in the current directory
     * @param live whether {@code out} is a terminal that shall show a line while the demo runs
     */
    public record Settings(double seconds, double rateHz, String format, String waiting, Path outDir, boolean live) {
        /**
         * Checks everything.
         *
         * @throws IllegalArgumentException saying what would be accepted
         */
        public Settings {
            if (!(seconds >= 0.2 && seconds <= 3600)) {
                throw new IllegalArgumentException("a demo runs for 0.2 to 3600 seconds, not " + seconds);
            }
            if (!(rateHz >= 1 && rateHz <= 100_000)) {
                throw new IllegalArgumentException("a demo runs at 1 to 100000 Hz, not at " + rateHz);
            }
            List<String> formats = formats();
            if (format == null || !formats.contains(format)) {
                throw new IllegalArgumentException(
                        "unknown format '" + format + "': use one of " + String.join(", ", formats));
            }
            if (waiting == null || !RunPlan.WAITS.contains(waiting)) {
                throw new IllegalArgumentException(
                        "unknown wait '" + waiting + "': use one of " + String.join(", ", RunPlan.WAITS));
            }
        }

        private static List<String> formats() {
            return ServiceLoader.load(StreamFormat.class, StreamFormat.class.getClassLoader()).stream()
                    .map(provider -> provider.get().name())
                    .toList();
        }

        RunPlan plan(Path directory, String tag) {
            double warmUpSeconds = Math.min(WARM_UP_PART * seconds, LONGEST_WARM_UP_S);
            return new RunPlan(
                    format,
                    waiting,
                    rateHz,
                    Math.max(1, Math.round(seconds * rateHz)),
                    (long) (warmUpSeconds * rateHz),
                    live,
                    directory,
                    tag);
        }
    }

    /**
     * Runs the demo, prints the table and writes the pictures.
     *
     * @param settings what to run
     * @param out where the table goes
     * @return what was measured
     * @throws ShmException if a process of the demo fails, or a file cannot be written
     */
    public static DemoResult run(Settings settings, PrintStream out) {
        DemoPictures.checkFolder(settings.outDir());
        DemoResult result;
        try (DemoRun run = new DemoRun(settings, new LiveLine(out, settings.live()))) {
            run.execute();
            result = run.result(DemoPictures.makeFolder(settings.outDir()));
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

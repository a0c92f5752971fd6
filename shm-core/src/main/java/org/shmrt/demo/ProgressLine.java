package org.shmrt.demo;

import java.io.PrintWriter;
import java.util.Locale;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.ImageStream;

/** A line on a terminal that shows the progress of the run. For any thread. */
final class ProgressLine {
    private static final long INTERVAL_NS = 200_000_000;
    private static final String ERASE = "\r\033[K";

    private final PrintWriter out;
    private final Demo.Progress progress;
    private boolean ended;
    private long startNs;
    private long lastNs;
    private long lastFrames;

    ProgressLine(PrintWriter out, Demo.Progress progress) {
        this.out = out;
        this.progress = progress;
        draw("starting camera, control loop and mirror ...");
    }

    /** Sets the time at which frame 0 is due. */
    synchronized void started(long newStartNs) {
        startNs = newStartNs;
        lastNs = newStartNs;
    }

    /** Updates the line, a few times a second at most. */
    synchronized void show(ImageStream camera, DemoChild mirror) {
        long nowNs = Clocks.monotonicNs();
        if (progress == Demo.Progress.HIDDEN || startNs == 0 || nowNs - lastNs < INTERVAL_NS) {
            return;
        }
        try {
            long frames = camera.status().cnt0();
            draw(String.format(
                    Locale.ROOT,
                    "%5.1f s  %s frames  %.0f Hz%s",
                    (nowNs - startNs) / 1e9,
                    Long.toUnsignedString(frames),
                    (frames - lastFrames) / ((nowNs - lastNs) / 1e9),
                    progress(mirror)));
            lastNs = nowNs;
            lastFrames = frames;
        } catch (ShmException e) {
            // the stream was removed; the run itself detects this and reports why
        }
    }

    private static String progress(DemoChild mirror) {
        if (!mirror.hasReported("progress")) {
            return "";
        }
        String[] values = mirror.report("progress").split(" ");
        String skipped = "  skipped " + values[0];
        return values[1].equals("0")
                ? skipped + "  warming up"
                : String.format(
                        Locale.ROOT,
                        "%s  end to end p50 %.1f us, p99 %.1f us",
                        skipped,
                        Long.parseLong(values[1]) / 1e3,
                        Long.parseLong(values[2]) / 1e3);
    }

    private synchronized void draw(String line) {
        if (progress == Demo.Progress.SHOWN && !ended) {
            out.print(ERASE + line);
            out.flush();
        }
    }

    /** Removes the line permanently. */
    synchronized void clear() {
        draw("");
        ended = true;
    }
}

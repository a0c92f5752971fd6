package org.shmrt.demo;

import java.io.PrintStream;
import java.util.Locale;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.ImageStream;

/** The line on a terminal that tells how the run is getting on; silent where there is no terminal. Any thread. */
final class LiveLine {
    private static final long INTERVAL_NS = 200_000_000;
    private static final String ERASE = "\r\033[K";

    private final PrintStream out;
    private final boolean shown;
    private boolean over;
    private long startNs;
    private long lastNs;
    private long lastFrames;

    LiveLine(PrintStream out, boolean shown) {
        this.out = out;
        this.shown = shown;
        draw("starting camera, control loop and mirror ...");
    }

    /** Tells when frame 0 is due. */
    synchronized void started(long newStartNs) {
        startNs = newStartNs;
        lastNs = newStartNs;
    }

    /** Shows where the run is, a few times a second at most. */
    synchronized void show(ImageStream camera, DemoChild mirror) {
        long nowNs = Clocks.monotonicNs();
        if (!shown || startNs == 0 || nowNs - lastNs < INTERVAL_NS) {
            return;
        }
        try {
            long frames = camera.status().cnt0();
            draw(String.format(
                    Locale.ROOT,
                    "%5.1f s  %d frames  %.0f Hz%s",
                    (nowNs - startNs) / 1e9,
                    frames,
                    (frames - lastFrames) / ((nowNs - lastNs) / 1e9),
                    progress(mirror)));
            lastNs = nowNs;
            lastFrames = frames;
        } catch (ShmException e) {
            // the stream is going away; the run itself finds out and says why
        }
    }

    private static String progress(DemoChild mirror) {
        if (!mirror.hasReported("progress")) {
            return "";
        }
        String[] words = mirror.report("progress").split(" ");
        String skipped = "  skipped " + words[0];
        return words[1].equals("0")
                ? skipped + "  warming up"
                : String.format(
                        Locale.ROOT,
                        "%s  end to end p50 %.1f us, p99 %.1f us",
                        skipped,
                        Long.parseLong(words[1]) / 1e3,
                        Long.parseLong(words[2]) / 1e3);
    }

    private synchronized void draw(String line) {
        if (shown && !over) {
            out.print(ERASE + line);
            out.flush();
        }
    }

    /** Takes the line away, for good. */
    synchronized void clear() {
        draw("");
        over = true;
    }
}

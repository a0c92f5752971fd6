package org.shmrt.cli.camera;

import java.io.PrintWriter;
import java.util.Locale;
import org.shmrt.cli.verb.ErrorOutput;
import org.shmrt.cli.verb.Terminal;

/** What is grabbed, in one line on standard error that is redrawn in place. Only on a terminal. */
final class LiveLine {
    private final PrintWriter err;
    private final GrabRun run;
    private final boolean shown;
    private final long startNs = System.nanoTime();
    private long lastNs = startNs;
    private long lastFrames;
    private boolean drawn;

    LiveLine(PrintWriter err, GrabRun run) {
        this.err = err;
        this.run = run;
        this.shown = ErrorOutput.isTerminal(err);
    }

    synchronized void draw() {
        if (!shown) {
            return;
        }
        long nowNs = System.nanoTime();
        GrabRun.Totals totals = run.totals();
        double seconds = (nowNs - lastNs) / 1e9;
        double rateHz = (totals.frames() - lastFrames) / seconds;
        err.print(Terminal.ERASE_LINE + text((nowNs - startNs) / 1e9, totals, rateHz));
        err.flush();
        drawn = true;
        lastNs = nowNs;
        lastFrames = totals.frames();
    }

    static String text(double elapsedSeconds, GrabRun.Totals totals, double rateHz) {
        return String.format(
                Locale.ROOT,
                "%6.1f s  %d frames  %.1f Hz  %.1f MB/s  %d lost  %d late",
                elapsedSeconds,
                totals.frames(),
                rateHz,
                rateHz * totals.frameBytes() / 1e6,
                totals.lost(),
                totals.late());
    }

    /** Erases the line, so that a message can follow. For any thread. */
    synchronized void erase() {
        if (drawn) {
            err.print(Terminal.ERASE_LINE);
            err.flush();
            drawn = false;
        }
    }
}

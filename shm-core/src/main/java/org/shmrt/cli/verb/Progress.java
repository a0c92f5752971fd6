package org.shmrt.cli.verb;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;

/** A line that tells how far long work has come: on a terminal only, a few times a second, gone at the end. */
public final class Progress {
    private static final long INTERVAL_NS = 200_000_000L;
    private static final int BAR_CELLS = 30;

    private final PrintWriter out;
    private final String unit;
    private final long total;
    private final boolean shown;
    private final long startNs = System.nanoTime();
    private long lastNs = startNs;
    private boolean drawn;

    /** {@code total} is 0 where it is not known. */
    public Progress(PrintWriter out, String unit, long total) {
        Console console = System.console();
        this.out = out;
        this.unit = unit;
        this.total = total;
        this.shown = console != null && console.isTerminal();
    }

    public void at(long done) {
        if (!shown) {
            return;
        }
        long nowNs = System.nanoTime();
        if (nowNs - lastNs < INTERVAL_NS) {
            return;
        }
        lastNs = nowNs;
        drawn = true;
        double rate = done / ((nowNs - startNs) / 1e9);
        if (total > 0) {
            int cells = (int) (BAR_CELLS * Math.min(done, total) / total);
            out.print(String.format(
                    Locale.ROOT,
                    "\r[%s%s] %d/%d %s, %.0f/s ",
                    "#".repeat(cells),
                    "-".repeat(BAR_CELLS - cells),
                    done,
                    total,
                    unit,
                    rate));
        } else {
            out.print(String.format(Locale.ROOT, "\r%d %s, %.0f/s ", done, unit, rate));
        }
        out.flush();
    }

    public void done() {
        if (drawn) {
            out.print("\r\033[K");
            out.flush();
        }
    }
}

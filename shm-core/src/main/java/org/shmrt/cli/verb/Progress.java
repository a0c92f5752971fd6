package org.shmrt.cli.verb;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalLong;

/** The progress of a long operation in one line: on a terminal only, a few times a second, erased at the end. */
public final class Progress {
    private static final long INTERVAL_NS = 200_000_000L;
    private static final int BAR_CELLS = 30;

    private final PrintWriter out;
    private final String unit;
    private final OptionalLong total;
    private final boolean shown = Terminal.isInteractive();
    private final long startNs = System.nanoTime();
    private long lastNs = startNs;
    private boolean drawn;

    /** {@code total} is empty if it is not known. */
    public Progress(PrintWriter out, String unit, OptionalLong total) {
        this.out = out;
        this.unit = unit;
        this.total = total;
    }

    public void update(long done) {
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
        out.print(
                total.isPresent()
                        ? bar(done, total.getAsLong(), rate)
                        : String.format(Locale.ROOT, "\r%d %s, %.0f/s ", done, unit, rate));
        out.flush();
    }

    private String bar(long done, long all, double rate) {
        int cells = (int) (BAR_CELLS * Math.min(done, all) / all);
        return String.format(
                Locale.ROOT,
                "\r[%s%s] %d/%d %s, %.0f/s ",
                "#".repeat(cells),
                "-".repeat(BAR_CELLS - cells),
                done,
                all,
                unit,
                rate);
    }

    public void finish() {
        if (drawn) {
            out.print(Terminal.ERASE_LINE);
            out.flush();
        }
    }
}

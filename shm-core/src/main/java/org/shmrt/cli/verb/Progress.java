package org.shmrt.cli.verb;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The progress of a long operation in one line on standard error: on a terminal only, a few times a second, erased at the
 * end. Standard input and output may be pipes.
 */
public final class Progress {
    private static final long INTERVAL_NS = 200_000_000L;
    private static final int BAR_CELLS = 30;

    private final PrintWriter out;
    private final String unit;
    private final OptionalLong total;
    private final boolean shown;
    /** The rate counts from the first update: what comes before is a wait. */
    private boolean started;

    private long startNs;
    private long startDone;
    private long lastNs;
    private boolean drawn;

    private Progress(PrintWriter out, String unit, OptionalLong total, boolean shown) {
        this.out = out;
        this.unit = unit;
        this.total = total;
        this.shown = shown;
    }

    /** A line on standard error; {@code total} is empty if it is not known. */
    public Progress(PrintWriter err, String unit, OptionalLong total) {
        this(err, unit, total, ErrorOutput.isTerminal(err));
    }

    /** Shows nothing: for a verb that prints lines on standard output meanwhile. */
    public static Progress hidden() {
        return new Progress(new PrintWriter(Writer.nullWriter()), "", OptionalLong.empty(), false);
    }

    public void update(long done) {
        if (!shown) {
            return;
        }
        long nowNs = System.nanoTime();
        if (!started) {
            started = true;
            startNs = nowNs;
            startDone = done;
            lastNs = nowNs;
            return;
        }
        if (nowNs - lastNs < INTERVAL_NS) {
            return;
        }
        lastNs = nowNs;
        drawn = true;
        out.print(text(done, (done - startDone) / ((nowNs - startNs) / 1e9)));
        out.flush();
    }

    private String text(long done, double rate) {
        return total.isPresent()
                ? bar(done, total.getAsLong(), rate)
                : String.format(Locale.ROOT, "\r%d %s, %.0f/s ", done, unit, rate);
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

    /** Erases the line. */
    public void finish() {
        if (drawn) {
            drawn = false;
            out.print(Terminal.ERASE_LINE);
            out.flush();
        }
    }
}

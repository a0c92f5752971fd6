package org.shmrt.cli.top;

import java.util.ArrayList;
import java.util.List;
import org.shmrt.cli.monitor.Distribution;
import org.shmrt.screen.Glyphs;

/** A histogram as lines of text: a time, a bar, a number. */
final class IntervalBars {
    private static final int BARS = 12;
    private static final int LABEL_CELLS = 10;
    private static final int NUMBER_CELLS = 12;
    private static final int MIN_BAR_CELLS = 4;

    private IntervalBars() {}

    /** Lines of at most {@code width} characters; empty without measured times. */
    static List<String> lines(Distribution times, int width, Glyphs glyphs) {
        List<String> lines = new ArrayList<>();
        if (times.count() == 0) {
            return lines;
        }
        long low = times.minNs();
        long step = Math.max(1, (times.highNs() - low + BARS - 1) / BARS);
        long[] counts = new long[BARS + 1];
        long below = 0;
        long most = 1;
        for (int i = 0; i < BARS; i++) {
            long upTo = times.countUpTo(low + (i + 1) * step);
            counts[i] = upTo - below;
            below = upTo;
            most = Math.max(most, counts[i]);
        }
        counts[BARS] = times.count() - below;
        int cells = Math.max(MIN_BAR_CELLS, width - LABEL_CELLS - NUMBER_CELLS - 2);
        int last = BARS;
        while (last > 0 && counts[last] == 0) {
            last--;
        }
        for (int i = 0; i <= last; i++) {
            String label = i == BARS
                    ? "> " + Values.nanoseconds((double) (low + BARS * step))
                    : Values.nanoseconds((double) (low + i * step));
            String bar = glyphs.bar((double) counts[i] / most, cells);
            lines.add(padLeft(label, LABEL_CELLS) + " " + bar + " " + counts[i]);
        }
        lines.add(padLeft("longest", LABEL_CELLS) + " " + Values.nanoseconds((double) times.maxNs()));
        return lines;
    }

    private static String padLeft(String text, int cells) {
        return " ".repeat(Math.max(0, cells - text.length())) + text;
    }
}

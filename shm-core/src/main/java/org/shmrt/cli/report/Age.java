package org.shmrt.cli.report;

import java.util.Locale;

/** Ages of frames, as text. */
public final class Age {
    private static final double MAX_SECONDS = 120;
    private static final double MAX_MINUTES = 120;
    private static final double MAX_HOURS = 48;

    private Age() {}

    /** An age in at most three digits and a unit; {@code -} for NaN, which means unknown. */
    public static String text(double seconds) {
        if (Double.isNaN(seconds)) {
            return "-";
        }
        if (seconds < 1) {
            return Math.round(seconds * 1e3) + " ms";
        }
        if (seconds < MAX_SECONDS) {
            return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
        }
        double minutes = seconds / 60;
        if (minutes < MAX_MINUTES) {
            return Math.round(minutes) + " min";
        }
        double hours = minutes / 60;
        return hours < MAX_HOURS ? Math.round(hours) + " h" : Math.round(hours / 24) + " days";
    }
}

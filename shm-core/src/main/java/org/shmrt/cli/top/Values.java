package org.shmrt.cli.top;

import java.util.Locale;
import java.util.OptionalLong;

/** Numbers in a few characters. Written without {@code String.format}, because each row is written often. */
final class Values {
    static final String NONE = "-";

    private static final String[] TIME_UNITS = {"ns", "us", "ms", "s"};
    private static final double TIME_STEP = 1000;
    private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final double BYTE_STEP = 1024;
    private static final double LARGE = 1000;
    private static final double MEDIUM = 100;
    private static final double SMALL = 10;
    private static final double MINUTE = 60;
    private static final double HOUR = 3600;
    private static final double DAY = 86_400;
    private static final double LONGEST_SECONDS = 120;
    private static final double LONGEST_MINUTES = 7200;
    private static final double LONGEST_HOURS = 172_800;
    private static final long MAX_SHORT_COUNT = 99_999;

    private Values() {}

    /** Three or four digits. */
    static String number(double value) {
        return value >= MEDIUM ? decimal(value, 0) : value >= SMALL ? decimal(value, 1) : decimal(value, 2);
    }

    private static String decimal(double value, int digits) {
        long factor = digits == 0 ? 1 : digits == 1 ? 10 : 100;
        long scaled = Math.round(value * factor);
        if (digits == 0) {
            return String.valueOf(scaled);
        }
        String fraction = String.valueOf(scaled % factor);
        return scaled / factor + "." + "0".repeat(digits - fraction.length()) + fraction;
    }

    /** Frames per second; {@link #NONE} if the object has none. */
    static String rate(double hz) {
        if (Double.isNaN(hz)) {
            return NONE;
        }
        return hz == 0 ? "0" : hz >= LARGE ? decimal(hz, 0) : hz >= SMALL ? decimal(hz, 1) : decimal(hz, 2);
    }

    /** A duration with its unit; {@link #NONE} for NaN. */
    static String nanoseconds(double ns) {
        if (Double.isNaN(ns)) {
            return NONE;
        }
        double value = ns;
        int unit = 0;
        while (value >= TIME_STEP && unit < TIME_UNITS.length - 1) {
            value /= TIME_STEP;
            unit++;
        }
        return number(value) + " " + TIME_UNITS[unit];
    }

    /** An age with its unit; {@link #NONE} for NaN. */
    static String age(double seconds) {
        if (Double.isNaN(seconds)) {
            return NONE;
        }
        if (seconds < 1) {
            return Math.round(seconds * TIME_STEP) + " ms";
        }
        if (seconds < LONGEST_SECONDS) {
            return (seconds < SMALL ? decimal(seconds, 1) : decimal(seconds, 0)) + " s";
        }
        return seconds < LONGEST_MINUTES
                ? Math.round(seconds / MINUTE) + " min"
                : seconds < LONGEST_HOURS ? Math.round(seconds / HOUR) + " h" : Math.round(seconds / DAY) + " days";
    }

    /** A size with its unit. */
    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= BYTE_STEP && unit < BYTE_UNITS.length - 1) {
            value /= BYTE_STEP;
            unit++;
        }
        return (unit == 0 ? String.valueOf(bytes) : number(value)) + " " + BYTE_UNITS[unit];
    }

    /** A counter without a sign. */
    static String count(OptionalLong count) {
        return count.isEmpty() ? NONE : Long.toUnsignedString(count.getAsLong());
    }

    /** A number of losses, which rarely has many digits. */
    static String losses(OptionalLong lost) {
        if (lost.isEmpty()) {
            return NONE;
        }
        long number = lost.getAsLong();
        return number <= MAX_SHORT_COUNT ? String.valueOf(number) : String.format(Locale.ROOT, "%.1e", (double) number);
    }
}

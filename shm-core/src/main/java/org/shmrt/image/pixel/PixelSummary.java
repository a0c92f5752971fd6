package org.shmrt.image.pixel;

import java.util.Locale;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;

/** Summarises the values of an image. Stateless; safe for any thread. */
public final class PixelSummary {
    private PixelSummary() {}

    /**
     * Computes the smallest, largest and mean value of the finite elements; of complex elements, their magnitudes.
     *
     * @param image any image
     * @return the summary, for example {@code min 12  max 4095  mean 250.3}
     */
    public static String of(MemoryImage image) {
        return of(PixelStatistics.of(image), image.type());
    }

    /** The same for an image of which the statistics are known. */
    public static String of(PixelStatistics statistics, DataType type) {
        if (statistics.finite() == 0) {
            return "no finite value";
        }
        return (type.isComplex() ? "magnitude " : "") + "min " + number(statistics.low()) + "  max "
                + number(statistics.high()) + "  mean " + number(statistics.mean())
                + (statistics.notFinite() > 0 ? "  (" + statistics.notFinite() + " not finite)" : "");
    }

    /** A number in six significant digits; integers in all of theirs. */
    public static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.format(Locale.ROOT, "%.6g", value);
    }
}

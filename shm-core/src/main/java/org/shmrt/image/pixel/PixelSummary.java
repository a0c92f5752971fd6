package org.shmrt.image.pixel;

import java.util.Locale;
import org.shmrt.memory.MemoryImage;

/** Summarises the values of an image. Stateless; safe for any thread. */
public final class PixelSummary {
    private static final int RUN = 8192;

    private PixelSummary() {}

    /**
     * Computes the smallest, largest and mean value of the finite elements; of complex elements, their magnitudes.
     *
     * @param image any image
     * @return the summary, for example {@code min 12  max 4095  mean 250.3}
     */
    public static String of(MemoryImage image) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double sum = 0;
        long finite = 0;
        double[] run = new double[RUN];
        long count = image.shape().elementCount();
        for (long first = 0; first < count; first += RUN) {
            int length = (int) Math.min(RUN, count - first);
            Elements.doubles(image, first, run, length);
            for (int i = 0; i < length; i++) {
                if (Double.isFinite(run[i])) {
                    low = Math.min(low, run[i]);
                    high = Math.max(high, run[i]);
                    sum += run[i];
                    finite++;
                }
            }
        }
        if (finite == 0) {
            return "no finite value";
        }
        return (image.type().isComplex() ? "magnitude " : "") + "min " + number(low) + "  max " + number(high)
                + "  mean " + number(sum / finite) + (finite < count ? "  (" + (count - finite) + " not finite)" : "");
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.format(Locale.ROOT, "%.6g", value);
    }
}

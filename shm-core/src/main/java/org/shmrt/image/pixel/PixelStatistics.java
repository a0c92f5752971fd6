package org.shmrt.image.pixel;

import org.shmrt.memory.MemoryImage;

/**
 * Statistics of the finite elements of an image; of complex elements, of their magnitudes. Immutable.
 *
 * @param low smallest finite value; NaN if there is none
 * @param high largest finite value; NaN if there is none
 * @param mean mean of the finite values; NaN if there is none
 * @param finite number of finite elements
 * @param count number of elements
 */
public record PixelStatistics(double low, double high, double mean, long finite, long count) {
    private static final int RUN = 8192;

    /** Reads all elements of an image. */
    public static PixelStatistics of(MemoryImage image) {
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
        return finite == 0
                ? new PixelStatistics(Double.NaN, Double.NaN, Double.NaN, 0, count)
                : new PixelStatistics(low, high, sum / finite, finite, count);
    }

    /** Number of elements that are NaN or infinite. */
    public long notFinite() {
        return count - finite;
    }
}

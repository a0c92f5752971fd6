package org.shmrt.image.colour;

import java.util.Arrays;
import org.shmrt.image.pixel.Elements;
import org.shmrt.image.pixel.PixelStatistics;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;

/** Order statistics of the finite values of an image. Stateless. */
final class Samples {
    private static final int RUN = 8192;
    private static final int MAX_SORTED = 1 << 24;
    private static final int SMALL_VALUES = 1 << 16;

    private Samples() {}

    /** Takes a value. */
    private interface Sink {
        void accept(double value);
    }

    private static void forEachFinite(MemoryImage image, Sink sink) {
        double[] run = new double[RUN];
        long count = image.shape().elementCount();
        for (long first = 0; first < count; first += RUN) {
            int length = (int) Math.min(RUN, count - first);
            Elements.doubles(image, first, run, length);
            for (int i = 0; i < length; i++) {
                if (Double.isFinite(run[i])) {
                    sink.accept(run[i]);
                }
            }
        }
    }

    private static long finiteCount(MemoryImage image) {
        if (!image.type().isFloating()) {
            return image.shape().elementCount();
        }
        return PixelStatistics.of(image).finite();
    }

    static Limits.Range minMax(MemoryImage image) {
        if (image.type() == DataType.BOOL) {
            return new Limits.Range(0, 1);
        }
        PixelStatistics statistics = PixelStatistics.of(image);
        // adding 0 converts -0 to 0
        return new Limits.Range(statistics.low() + 0.0, statistics.high() + 0.0);
    }

    /** Every n-th finite value, the first one included, at most {@code limit}. */
    private static double[] everyNth(MemoryImage image, long finite, long stride, int limit) {
        double[] samples = new double[(int) Math.min(limit, (finite + stride - 1) / stride)];
        long[] at = new long[2];
        forEachFinite(image, value -> {
            if (at[0]++ % stride == 0 && at[1] < samples.length) {
                samples[(int) at[1]++] = value;
            }
        });
        return samples;
    }

    /** At most {@code limit} finite values at equal distances, as astropy takes them for zscale. */
    static double[] strided(MemoryImage image, int limit) {
        long finite = finiteCount(image);
        return everyNth(image, finite, Math.max(1, finite / limit), limit);
    }

    static Limits.Range percentiles(MemoryImage image, double low, double high) {
        if (hasSmallIntegers(image.type())) {
            return countedPercentiles(image, low, high);
        }
        long finite = finiteCount(image);
        long stride = Math.max(1, (finite + MAX_SORTED - 1) / MAX_SORTED);
        double[] sorted = everyNth(image, finite, stride, MAX_SORTED);
        Arrays.sort(sorted);
        return sorted.length == 0
                ? Limits.Range.NONE
                : new Limits.Range(percentile(sorted, low) + 0.0, percentile(sorted, high) + 0.0);
    }

    private static double percentile(double[] sorted, double percent) {
        double position = percent / 100 * (sorted.length - 1);
        int below = (int) position;
        return between(sorted[below], sorted[Math.min(below + 1, sorted.length - 1)], position - below);
    }

    private static double between(double below, double above, double fraction) {
        return below + (above - below) * fraction;
    }

    private static boolean hasSmallIntegers(DataType type) {
        return switch (type) {
            case BOOL, UINT8, INT8, UINT16, INT16 -> true;
            default -> false;
        };
    }

    /** Counts how often each value occurs: exact, and faster than sorting. */
    private static Limits.Range countedPercentiles(MemoryImage image, double low, double high) {
        int offset = image.type().isUnsigned() ? 0 : SMALL_VALUES / 2;
        long[] counts = new long[SMALL_VALUES];
        forEachFinite(image, value -> counts[(int) value + offset]++);
        long count = image.shape().elementCount();
        return count == 0
                ? Limits.Range.NONE
                : new Limits.Range(
                        countedPercentile(counts, count, low) - offset,
                        countedPercentile(counts, count, high) - offset);
    }

    private static double countedPercentile(long[] counts, long count, double percent) {
        double position = percent / 100 * (count - 1);
        long below = (long) position;
        int lower = ranked(counts, below);
        return between(lower, ranked(counts, Math.min(below + 1, count - 1)), position - below);
    }

    /** The value at a position of the sorted image. */
    private static int ranked(long[] counts, long rank) {
        long before = 0;
        int value = 0;
        while (before + counts[value] <= rank) {
            before += counts[value];
            value++;
        }
        return value;
    }
}

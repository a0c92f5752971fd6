package org.shmrt.telemetry;

/** The page of a meter, version 1, after the words that all kinds of pages have. The meter alone writes it. */
final class MeterLayout {
    static final int VERSION = 1;

    static final long ROLE_AT = 128;
    static final long THRESHOLD_AT = 136;
    static final long COUNTERS_AT = 144;
    /** For each measure. */
    static final long SUMMARIES_AT = 256;

    /** The stream; of a hop, the second one. */
    static final long STREAM_AT = 512;
    /** The first stream of a hop. */
    static final long SOURCE_AT = 1024;

    static final int PATH_BYTES = 512;
    static final long HISTOGRAMS_AT = 2048;
    static final long BYTES = HISTOGRAMS_AT + (long) FrameMeasure.values().length * HistogramLayout.BYTES;

    private MeterLayout() {}

    static long counterAt(MeterCounter counter) {
        return COUNTERS_AT + (long) counter.ordinal() * Long.BYTES;
    }

    static long summaryAt(FrameMeasure measure) {
        return SUMMARIES_AT + (long) measure.ordinal() * HistogramLayout.SUMMARY_BYTES;
    }

    static long histogramAt(FrameMeasure measure) {
        return HISTOGRAMS_AT + (long) measure.ordinal() * HistogramLayout.BYTES;
    }
}

package org.shmrt.telemetry;

/**
 * The page of a loop, version 1, after the words that all kinds of pages have. A word is written by the loop alone, except
 * the command.
 */
final class PageLayout {
    static final int VERSION = 1;

    static final long STATE_AT = 128;
    static final long COMMAND_AT = 132;
    static final long LAST_STEP_AT = 136;
    static final long DEADLINE_AT = 144;
    static final long PERIOD_AT = 152;
    static final long COUNTERS_AT = 160;
    static final long REASON_AT = 288;
    static final int REASON_BYTES = 224;
    static final long SUMMARIES_AT = 512;
    static final long HISTOGRAMS_AT = 1024;
    static final long BYTES = HISTOGRAMS_AT + (long) LoopMeasure.values().length * HistogramLayout.BYTES;

    private PageLayout() {}

    static long counterAt(LoopCounter counter) {
        return COUNTERS_AT + (long) counter.ordinal() * Long.BYTES;
    }

    static long summaryAt(int measure) {
        return SUMMARIES_AT + (long) measure * HistogramLayout.SUMMARY_BYTES;
    }

    static long histogramAt(int measure) {
        return HISTOGRAMS_AT + (long) measure * HistogramLayout.BYTES;
    }
}

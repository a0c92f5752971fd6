package org.shmrt.telemetry;

/** The times that a meter measures, each with a histogram. */
public enum FrameMeasure {
    /** From one frame to the next: of their publication, of their reading, or of the later stream of a hop. */
    INTERVAL("interval"),
    /**
     * From the acquisition of a frame to its publication or to its reading. For a hop: from a frame of the first stream to
     * the one of the second that was computed from it.
     */
    AGE("age");

    private final String key;

    FrameMeasure(String key) {
        this.key = key;
    }

    /**
     * The name in metrics.
     *
     * @return lower case
     */
    public String key() {
        return key;
    }
}

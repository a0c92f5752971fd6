package org.shmrt.telemetry;

/** What a meter counts since its creation. */
public enum MeterCounter {
    /** Frames that were published or read; of a hop, those of the second stream that belong to one of the first. */
    FRAMES("frames"),
    /** Frames that were overwritten before they were read. */
    LOST("lost"),
    /** Frames of the second stream of a hop to which none of the first belongs. */
    UNMATCHED("unmatched"),
    /** Frames whose age is negative: the clock was set, or the clocks of the writers differ. */
    NEGATIVE("negative"),
    /** Frames that are older than the threshold for events. */
    SLOW("slow");

    private final String key;

    MeterCounter(String key) {
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

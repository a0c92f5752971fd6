package org.shmrt.bench.rig;

import java.util.Arrays;

/**
 * What the two processes send each other.
 */
public enum Exchange {
    /** The frame counter of a stream: stored by a VarHandle, awaited by a spinning {@code FrameReader}. */
    COUNTER("counter", 0),
    /** Two bare counters, VarHandles on both sides: the floor of Java without ShmRT. */
    VARHANDLE("varhandle", 0),
    /** Frames of one cache line, copied in and out, checked. */
    FRAME_64("frame64", 64),
    /** Frames of a page. */
    FRAME_4K("frame4k", 4096),
    /** Frames of a small camera. */
    FRAME_64K("frame64k", 65536);

    private final String word;
    private final int frameBytes;

    Exchange(String word, int frameBytes) {
        this.word = word;
        this.frameBytes = frameBytes;
    }

    /**
     * The exchange of that word.
     *
     * @param word for example {@code frame4k}
     * @return the exchange
     * @throws IllegalArgumentException if there is none
     */
    public static Exchange parse(String word) {
        return Arrays.stream(values()).filter(e -> e.word.equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no exchange is called '" + word + "': use one of "
                        + String.join(", ", Arrays.stream(values()).map(Exchange::word).toList())));
    }

    /**
     * How users write it.
     *
     * @return for example {@code frame4k}
     */
    public String word() {
        return word;
    }

    /**
     * The name of its ratio in the report.
     *
     * @return for example {@code frame4k_spin_p50_vs_c}
     */
    public String ratioKey() {
        return word + "_spin_p50_vs_c";
    }

    /**
     * Size of a frame.
     *
     * @return bytes; 0 for an exchange of counters alone
     */
    public int frameBytes() {
        return frameBytes;
    }

    @Override
    public String toString() {
        return word;
    }
}

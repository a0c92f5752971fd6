package org.shmrt.stream.format;

/**
 * A format's answer to the question whether a file is one of its streams.
 *
 * @param layout the layout, or null if the file is not a valid stream of this format
 * @param reason why it is not, as a clause: "its size is 17 bytes, ..."; null if there is a layout
 * @param certain whether the file is certainly of this format, even if damaged
 */
public record DetectionResult(StreamLayout layout, String reason, boolean certain) {
    /**
     * The file is a valid stream of this format.
     *
     * @param layout its layout
     * @return the answer
     */
    public static DetectionResult accepted(StreamLayout layout) {
        return new DetectionResult(layout, null, true);
    }

    /**
     * The file is probably of another format.
     *
     * @param reason a clause
     * @return the answer
     */
    public static DetectionResult foreign(String reason) {
        return new DetectionResult(null, reason, false);
    }

    /**
     * The file is of this format, but damaged.
     *
     * @param reason a clause
     * @return the answer
     */
    public static DetectionResult damaged(String reason) {
        return new DetectionResult(null, reason, true);
    }
}

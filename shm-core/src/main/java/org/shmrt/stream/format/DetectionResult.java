package org.shmrt.stream.format;

/**
 * A format's judgement of a file.
 *
 * @param layout the layout, or null if the file is not (or not soundly) of this format
 * @param reason why not, as a clause: "its size is 17 bytes, ..."; null if there is a layout
 * @param certain whether the file is of this format beyond doubt, even if damaged
 */
public record DetectionResult(StreamLayout layout, String reason, boolean certain) {
    /**
     * The file is a sound stream of this format.
     *
     * @param layout its layout
     * @return the judgement
     */
    public static DetectionResult accepted(StreamLayout layout) {
        return new DetectionResult(layout, null, true);
    }

    /**
     * The file is of another format, as far as this one can tell.
     *
     * @param reason a clause
     * @return the judgement
     */
    public static DetectionResult foreign(String reason) {
        return new DetectionResult(null, reason, false);
    }

    /**
     * The file is of this format, but damaged.
     *
     * @param reason a clause
     * @return the judgement
     */
    public static DetectionResult damaged(String reason) {
        return new DetectionResult(null, reason, true);
    }
}

package org.shmrt.stream.format;

/**
 * A format's answer to the question whether a file is one of its streams.
 *
 * @param layout the layout, or null if the file is not a valid stream of this format
 * @param reason why it is not, as a clause: "its size is 17 bytes, ..."; null if there is a layout
 * @param kind what the file is
 */
public record DetectionResult(StreamLayout layout, String reason, Kind kind) {
    /** What a file is to a format. */
    public enum Kind {
        /** A valid stream. */
        ACCEPTED,
        /** Probably not of this format. */
        FOREIGN,
        /** Certainly of this format, but damaged. */
        DAMAGED,
        /** Certainly of this format, but of a version that cannot be read. */
        OTHER_VERSION
    }

    /**
     * The file is a valid stream of this format.
     *
     * @param layout its layout
     * @return the answer
     */
    public static DetectionResult accepted(StreamLayout layout) {
        return new DetectionResult(layout, null, Kind.ACCEPTED);
    }

    /**
     * The file is probably of another format.
     *
     * @param reason a clause
     * @return the answer
     */
    public static DetectionResult foreign(String reason) {
        return new DetectionResult(null, reason, Kind.FOREIGN);
    }

    /**
     * The file is of this format, but damaged.
     *
     * @param reason a clause
     * @return the answer
     */
    public static DetectionResult damaged(String reason) {
        return new DetectionResult(null, reason, Kind.DAMAGED);
    }

    /**
     * The file is of this format, but of a version that cannot be read.
     *
     * @param reason a clause that names the version
     * @return the answer
     */
    public static DetectionResult otherVersion(String reason) {
        return new DetectionResult(null, reason, Kind.OTHER_VERSION);
    }
}

package org.shmrt.stream.format;

/** How the streams of a format keep frames before the newest. */
public enum PastFrames {
    /** In the slots of a ring, see {@link StreamLayout#depth()}. */
    RING,
    /** In a buffer in addition to the current frame, see {@link CircularLayout}. */
    CIRCULAR_BUFFER,
    /** Not at all. */
    NONE
}

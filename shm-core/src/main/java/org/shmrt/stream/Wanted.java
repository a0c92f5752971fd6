package org.shmrt.stream;

/** Which frame a call to a reader requests. */
enum Wanted {
    /** The frame after the last one read. */
    NEXT,
    /** The newest frame, if it is newer than the last one read. */
    NEWER,
    /** The newest frame, even if it was read before. */
    NEWEST
}

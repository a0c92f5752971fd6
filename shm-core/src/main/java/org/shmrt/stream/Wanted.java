package org.shmrt.stream;

/** Which frame a call to a reader asks for. */
enum Wanted {
    /** The frame after the last one taken. */
    NEXT,
    /** The newest frame, if it is newer than the last one taken. */
    NEWER,
    /** The newest frame, taken before or not. */
    NEWEST
}

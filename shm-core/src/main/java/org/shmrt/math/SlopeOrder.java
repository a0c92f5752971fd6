package org.shmrt.math;

/** The order of slopes in a vector. Subapertures are counted row by row, and only valid ones have slopes. */
public enum SlopeOrder {
    /** x and y of the first subaperture, x and y of the second, and so on. */
    INTERLEAVED,
    /** All x, then all y. */
    X_THEN_Y
}

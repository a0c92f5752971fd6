package org.shmrt.image.plot;

/** Scale of an axis. */
enum AxisScale {
    LINEAR,
    LOGARITHMIC;

    /** Whether a value has a position on an axis of this scale. */
    boolean shows(double value) {
        return Double.isFinite(value) && (this == LINEAR || value > 0);
    }
}

package org.shmrt.cli.monitor;

/** Measured times, for drawing them as bars. */
public interface Distribution {
    /** The percentile of {@link #highNs}. */
    double HIGH_PERCENT = 99.9;

    /** How many times were measured. */
    long count();

    /** The shortest time, nanoseconds; 0 without any. */
    long minNs();

    /** The time below which all but a thousandth of the times are. */
    long highNs();

    /** The longest time. */
    long maxNs();

    /** How many times are not longer than this. */
    long countUpTo(long ns);
}

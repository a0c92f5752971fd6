package org.shmrt.monitor;

import java.util.Locale;

/** What an object does, from the best to the worst. */
public enum State {
    /** Frames or steps arrive. */
    LIVE,
    /** Nothing has arrived since the monitor started, or the object has no frames. */
    IDLE,
    /** A loop that is ready or paused and computes nothing. */
    PAUSED,
    /** Frames arrived, and the next one is overdue by more than two intervals. */
    LATE,
    /** The writer was killed in the middle of a frame, or the process of the loop was killed. */
    DEAD,
    /** The object cannot be read. */
    UNREADABLE;

    private static final int MAX_LETTERS = 6;

    /** The name in JSON. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name in a column of six cells. */
    public String word() {
        return this == UNREADABLE ? "error" : key().substring(0, Math.min(MAX_LETTERS, key().length()));
    }
}

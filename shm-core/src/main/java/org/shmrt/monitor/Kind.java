package org.shmrt.monitor;

import java.util.Locale;

/** The kinds of objects. */
public enum Kind {
    STREAM,
    ARRAY,
    BLOCK,
    LOOP;

    /** The name in texts and JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

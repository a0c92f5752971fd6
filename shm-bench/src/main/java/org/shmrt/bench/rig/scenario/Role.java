package org.shmrt.bench.rig.scenario;

import java.util.Locale;

/** The part of a process in a scenario. */
public enum Role {
    /** Sends a message, waits for the reply and measures the time. */
    INITIATOR,
    /** Waits for a message and replies, or only reads. */
    ECHO;

    /** Its name on the command line of the processes, in Java and in C. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of that name. */
    public static Role parse(String id) {
        return valueOf(id.toUpperCase(Locale.ROOT));
    }
}

package org.shmrt.record.service;

/** What a recording service does. */
public enum ServiceState {
    /** It waits for the command to start. */
    STANDBY,
    /** It records. */
    RECORDING,
    /** It completes its last files. */
    STOPPING;

    private static final ServiceState[] ALL = values();

    static ServiceState of(int ordinal) {
        return ordinal >= 0 && ordinal < ALL.length ? ALL[ordinal] : STANDBY;
    }
}

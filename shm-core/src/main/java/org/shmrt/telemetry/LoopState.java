package org.shmrt.telemetry;

/** The states of a loop, with DAO's names. */
public enum LoopState {
    /** It does not exist any more, or not yet. */
    OFF,
    /** It is built, but not ready for its rate: not warmed up. */
    STANDBY,
    /** It is ready or paused: it computes nothing. */
    IDLE,
    /** It runs its step at each trigger. */
    RUNNING,
    /** Its step failed. It has sent its safe state and ended. */
    ERROR;

    private static final LoopState[] VALUES = values();

    static LoopState of(int code) {
        return code >= 0 && code < VALUES.length ? VALUES[code] : ERROR;
    }
}

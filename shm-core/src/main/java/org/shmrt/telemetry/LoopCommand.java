package org.shmrt.telemetry;

/** What another process asks of a loop. The loop obeys between two steps. */
public enum LoopCommand {
    /** Run at each trigger. */
    RUN,
    /** Compute nothing until another command arrives. The hold and the safe state apply, as without input. */
    PAUSE,
    /** Run one step, then pause. */
    STEP,
    /** Send the safe state and end. */
    STOP;

    private static final LoopCommand[] VALUES = values();

    static LoopCommand of(int code) {
        return code >= 0 && code < VALUES.length ? VALUES[code] : RUN;
    }
}

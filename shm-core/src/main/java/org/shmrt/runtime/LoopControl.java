package org.shmrt.runtime;

import org.shmrt.telemetry.LoopCommand;
import org.shmrt.telemetry.TelemetryWriter;

/** Joins the commands of other processes with those of this one. Safe for any thread. */
final class LoopControl {
    private final TelemetryWriter telemetry;
    private volatile boolean stopRequested;

    LoopControl(TelemetryWriter telemetry) {
        this.telemetry = telemetry;
    }

    void stop() {
        stopRequested = true;
    }

    /** The loop begins to run: a stop that another process sent to the run before does not apply to this one. */
    void begin() {
        if (telemetry.command() == LoopCommand.STOP) {
            telemetry.command(LoopCommand.RUN);
        }
    }

    void end() {
        stopRequested = false;
    }

    /** The command for the next step. */
    LoopCommand command() {
        return stopRequested ? LoopCommand.STOP : telemetry.command();
    }

    /** A single step was done. Another command that came in the meantime remains in force. */
    void stepped() {
        if (telemetry.command() == LoopCommand.STEP) {
            telemetry.command(LoopCommand.PAUSE);
        }
    }
}

package org.shmrt.runtime;

import java.util.Optional;
import org.shmrt.telemetry.LoopCommand;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.TelemetryWriter;
import org.shmrt.telemetry.milk.ProcessInfo;

/** Joins the commands of other processes with those of this one. Safe for any thread. */
final class LoopControl {
    private final TelemetryWriter telemetry;
    private final Optional<ProcessInfo> milk;
    private volatile boolean stopRequested;

    LoopControl(TelemetryWriter telemetry, Optional<ProcessInfo> milk) {
        this.telemetry = telemetry;
        this.milk = milk;
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

    /** The command for the next step. The page of the loop comes before milk's processinfo. */
    LoopCommand command() {
        if (stopRequested) {
            return LoopCommand.STOP;
        }
        LoopCommand own = telemetry.command();
        return own != LoopCommand.RUN || milk.isEmpty() ? own : fromMilk(milk.get());
    }

    private static LoopCommand fromMilk(ProcessInfo info) {
        return switch (info.control()) {
            case RUN, NO_COMPUTE -> LoopCommand.RUN;
            case PAUSE -> LoopCommand.PAUSE;
            case STEP -> LoopCommand.STEP;
            case EXIT -> LoopCommand.STOP;
        };
    }

    /** Whether triggers are to pass without a step. */
    boolean isComputingOff() {
        return milk.isPresent() && milk.get().control() == ProcessInfo.Control.NO_COMPUTE;
    }

    /** A single step was done. Another command that came in the meantime remains in force. */
    void stepped() {
        if (telemetry.command() == LoopCommand.STEP) {
            telemetry.command(LoopCommand.PAUSE);
        }
        milk.ifPresent(ProcessInfo::stepped);
    }

    /** Reports an iteration to milk. */
    void iterated(long startNs, long endNs, long missed) {
        if (milk.isPresent()) {
            milk.get().step(startNs, endNs, missed);
        }
    }

    /** Shows a state to other processes. */
    void show(LoopState state, String reason) {
        telemetry.state(state, reason);
        if (milk.isPresent()) {
            milk.get().state(milkState(state), reason.isEmpty() ? state.toString() : reason);
        }
    }

    private static ProcessInfo.State milkState(LoopState state) {
        return switch (state) {
            case OFF -> ProcessInfo.State.STOPPED;
            case STANDBY -> ProcessInfo.State.INIT;
            case IDLE -> ProcessInfo.State.PAUSED;
            case RUNNING -> ProcessInfo.State.RUNNING;
            case ERROR -> ProcessInfo.State.ERROR;
        };
    }
}

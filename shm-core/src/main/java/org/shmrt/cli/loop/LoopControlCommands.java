package org.shmrt.cli.loop;

import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.ShmException;
import org.shmrt.telemetry.LoopCommand;
import org.shmrt.telemetry.LoopSnapshot;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.LoopTelemetry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The verbs that send one command to a loop. They do not wait until the loop obeys. */
abstract class LoopControlCommands extends Verb {
    private final LoopCommand command;

    @Parameters(paramLabel = "NAME", description = "Name of the loop.")
    private String name;

    LoopControlCommands(LoopCommand command) {
        this.command = command;
    }

    @Override
    public Integer call() {
        try (LoopTelemetry loop = LoopTelemetry.open(name)) {
            LoopSnapshot now = loop.snapshot();
            if (now.isAlive() && now.state() == LoopState.ERROR) {
                throw new ShmException("the loop " + name + " does not run any more: it failed"
                        + (now.reason().isEmpty() ? "" : " (" + now.reason() + ")") + "; restart its program");
            }
            loop.send(command);
        }
        return ExitStatus.DONE;
    }

    /** {@code shm loop pause}. */
    @Command(
            name = "pause",
            description =
                    "Pauses a loop after the current step. A loop that pauses for longer than its hold time sends its"
                            + " safe state.")
    static final class Pause extends LoopControlCommands {
        Pause() {
            super(LoopCommand.PAUSE);
        }
    }

    /** {@code shm loop step}. */
    @Command(name = "step", description = "Runs one step of a loop at its next trigger, then pauses it.")
    static final class Step extends LoopControlCommands {
        Step() {
            super(LoopCommand.STEP);
        }
    }

    /** {@code shm loop resume}. */
    @Command(name = "resume", description = "Resumes a paused loop.")
    static final class Resume extends LoopControlCommands {
        Resume() {
            super(LoopCommand.RUN);
        }
    }

    /** {@code shm loop stop}. */
    @Command(name = "stop", description = "Stops a loop after the current step. It sends its safe state and ends.")
    static final class Stop extends LoopControlCommands {
        Stop() {
            super(LoopCommand.STOP);
        }
    }
}

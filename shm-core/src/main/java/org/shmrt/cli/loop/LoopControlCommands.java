package org.shmrt.cli.loop;

import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import org.shmrt.telemetry.LoopCommand;
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
            loop.send(command);
        }
        return ExitStatus.DONE;
    }

    /** {@code shm loop pause}. */
    @Command(
            name = "pause",
            description =
                    "Lets a loop compute nothing after the step that is running. Without input for longer than its"
                            + " hold it sends its safe state.")
    static final class Pause extends LoopControlCommands {
        Pause() {
            super(LoopCommand.PAUSE);
        }
    }

    /** {@code shm loop step}. */
    @Command(name = "step", description = "Lets a loop run one step at its next trigger, then pause.")
    static final class Step extends LoopControlCommands {
        Step() {
            super(LoopCommand.STEP);
        }
    }

    /** {@code shm loop resume}. */
    @Command(name = "resume", description = "Lets a paused loop run.")
    static final class Resume extends LoopControlCommands {
        Resume() {
            super(LoopCommand.RUN);
        }
    }

    /** {@code shm loop stop}. */
    @Command(name = "stop", description = "Ends a loop after the step that is running. It sends its safe state.")
    static final class Stop extends LoopControlCommands {
        Stop() {
            super(LoopCommand.STOP);
        }
    }
}

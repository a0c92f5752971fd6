package org.shmrt.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.telemetry.LoopCommand;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.TelemetryWriter;
import org.shmrt.telemetry.milk.ProcessInfo;
import org.shmrt.text.FileNames;

/** Joins the commands of other processes with those of this one. Safe for any thread. */
final class LoopControl {
    private final TelemetryWriter telemetry;
    private final Optional<ProcessInfo> milk;
    private final Map<Path, Long> pages = new LinkedHashMap<>();
    private volatile boolean stopRequested;

    LoopControl(TelemetryWriter telemetry, Optional<ProcessInfo> milk) {
        this.telemetry = telemetry;
        this.milk = milk;
        pages.put(telemetry.path(), bytes(telemetry.path()));
        milk.ifPresent(info -> pages.put(info.path(), bytes(info.path())));
    }

    /** The size of a page; 0 if it was removed. */
    private static long bytes(Path page) {
        try {
            return Files.size(page);
        } catch (IOException e) {
            return 0;
        }
    }

    /** The page that another process has truncated, if there is one. Looks at the files. */
    private Optional<Path> truncatedPage() {
        return pages.entrySet().stream()
                .filter(page -> Files.exists(page.getKey()) && bytes(page.getKey()) < page.getValue())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /**
     * Why the loop has failed. A fault of a truncated page arrives late, so that it can look like a failure of the step or
     * of a stream.
     *
     * @param isPageFault whether it is known to be a fault of a page
     */
    Throwable cause(Throwable failure, boolean isPageFault) {
        Optional<Path> page = truncatedPage();
        return isPageFault || page.isPresent() ? truncated(page, failure) : failure;
    }

    /** The exception for a fault outside a run. */
    IncompatibleException truncated(InternalError fault) {
        return truncated(truncatedPage(), fault);
    }

    private IncompatibleException truncated(Optional<Path> page, Throwable cause) {
        return new IncompatibleException(
                "the page " + FileNames.text(page.orElse(telemetry.path()))
                        + " of the loop was truncated by another process: close the loop and build it again",
                cause);
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

    /** Shows the state in which a run has ended, in the pages that were not truncated. */
    void showEnd(LoopState state, String reason) {
        Faults.unlessTruncated(() -> telemetry.state(state, reason));
        milk.ifPresent(info -> Faults.unlessTruncated(
                () -> info.state(milkState(state), reason.isEmpty() ? state.toString() : reason)));
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

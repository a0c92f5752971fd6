package org.shmrt.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.shmrt.posix.Clocks;
import org.shmrt.posix.Faults;
import org.shmrt.stream.FrameWriter;
import org.shmrt.telemetry.LoopCommand;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.TelemetryWriter;

/**
 * The cycle of a loop: wait, compute, check, publish, report. The same code runs in the warm-up, with scratch streams.
 * For the loop's thread. A cycle does not allocate.
 */
final class LoopCore<P> {
    /** Longest wait before the loop looks for a command. */
    private static final long SLICE_NS = 10_000_000;

    private static final long SHORTEST_SLICE_NS = 100_000;

    private static final long PAUSE_NS = 1_000_000;

    /** Whether a core runs for real. */
    enum Mode {
        /** In the warm-up: the state that others see does not change. */
        REHEARSAL,
        /** On the streams of the loop. */
        LIVE
    }

    private final LoopPlan plan;
    private final Mode mode;
    /** How long to wait at once: a hold that ends must be seen in time. */
    private final long sliceNs;

    private final TriggerSource source;
    private final Optional<FrameWriter> output;
    private final FrameWriter out;
    private final InformedStep<P> step;
    private final Prefetch<P> prefetch;
    private final boolean carriesIds;
    private final Parameters<P> parameters;
    private final TelemetryWriter telemetry;
    private final LoopControl control;
    /** Written by the loop's thread only. */
    private final AtomicLong waitsWithoutStep = new AtomicLong();

    private MemorySegment command;
    private MemorySegment lastGood;
    private boolean hasGood;
    private boolean safe;
    private long lastStartNs;
    private long lastInputNs;
    private Optional<Throwable> failure = Optional.empty();

    LoopCore(
            LoopPlan plan,
            Mode mode,
            TriggerSource source,
            Optional<FrameWriter> output,
            InformedStep<P> step,
            Optional<Prefetch<P>> prefetch,
            Parameters<P> parameters,
            TelemetryWriter telemetry,
            LoopControl control) {
        this.plan = plan;
        this.mode = mode;
        sliceNs = plan.holdNs() == 0 ? SLICE_NS : Math.clamp(plan.holdNs() / 2, SHORTEST_SLICE_NS, SLICE_NS);
        this.source = source;
        this.output = output;
        this.out = output.orElse(null);
        this.step = step;
        this.prefetch = prefetch.orElse(null);
        this.carriesIds = source.hasFrames() && output.isPresent();
        this.parameters = parameters;
        this.telemetry = telemetry;
        this.control = control;
        long bytes = output.map(writer -> writer.stream().layout().frameBytes()).orElse(0L);
        command = bytes == 0 ? TriggerSource.NO_FRAME : Arena.ofAuto().allocate(bytes, Long.SIZE);
        lastGood = bytes == 0 ? TriggerSource.NO_FRAME : Arena.ofAuto().allocate(bytes, Long.SIZE);
    }

    /**
     * Runs until a stop, a failure, or the end of the input. Returns the state that is reached; sends the safe state
     * whatever happens.
     */
    LoopState run() {
        lastInputNs = System.nanoTime();
        lastStartNs = 0;
        LoopState end;
        boolean isPageFault = false;
        try {
            end = cycles();
            Faults.poll();
        } catch (RuntimeException | Error e) {
            end = LoopState.ERROR;
            isPageFault = e instanceof InternalError && failure.isEmpty();
            failIfNotYet(e);
        }
        try {
            sendSafeState();
            Faults.poll();
        } catch (RuntimeException | Error e) {
            end = LoopState.ERROR;
            isPageFault |= e instanceof InternalError && failure.isEmpty();
            failIfNotYet(e); // the safe state was sent: only its count was not
        }
        if (failure.isPresent()) {
            failure = Optional.of(control.cause(failure.get(), isPageFault));
        }
        return end;
    }

    private LoopState cycles() {
        show(LoopState.RUNNING);
        while (true) {
            LoopCommand now = control.command();
            if (now == LoopCommand.STOP) {
                return LoopState.IDLE;
            }
            if (now == LoopCommand.PAUSE) {
                pause();
                continue;
            }
            if (!cycle(now)) {
                return LoopState.ERROR;
            }
        }
    }

    /** Not called in a cycle: the JVM would discard the cycle's code at the first step that is not rehearsed. */
    private void show(LoopState state) {
        if (mode == Mode.LIVE) {
            control.show(state, "");
        }
    }

    /** Waits until there is another command. */
    private void pause() {
        show(LoopState.IDLE);
        while (control.command() == LoopCommand.PAUSE) {
            Clocks.sleepUntil(System.nanoTime() + Math.min(PAUSE_NS, sliceNs));
            watchInput(System.nanoTime());
            source.skip();
        }
        lastStartNs = 0;
        show(LoopState.RUNNING);
    }

    /** One wait, and one step if its trigger came. False if the loop has failed. */
    private boolean cycle(LoopCommand now) {
        TriggerSource.Arrival arrival = source.await(sliceNs);
        if (prefetch != null && prefetch.failure().isPresent()) {
            fail(prefetch.failure().get());
            telemetry.count(LoopCounter.ERRORS, 1);
            return false;
        }
        if (source.unmatched > 0) {
            telemetry.count(LoopCounter.UNMATCHED, source.unmatched);
        }
        switch (arrival) {
            case READY -> {
                if (!oneStep()) {
                    return false;
                }
                if (now == LoopCommand.STEP) {
                    control.stepped();
                }
            }
            case NOT_YET -> {
                countWaitWithoutStep();
                watchInput(System.nanoTime());
            }
            case ENDED -> {
                fail(new IllegalStateException(source.endReason));
                return false;
            }
        }
        return true;
    }

    /** Sends the safe state once if there was no input for longer than the hold. */
    private void watchInput(long nowNs) {
        if (!safe && plan.holdNs() > 0 && nowNs - lastInputNs > plan.holdNs()) {
            telemetry.count(LoopCounter.TIMEOUTS, 1);
            sendSafeState();
        }
    }

    private boolean oneStep() {
        long startNs = source.startNs;
        if (source.missed > 0) {
            telemetry.count(LoopCounter.MISSED, source.missed);
            if (plan.missedFramePolicy() == MissedFramePolicy.ENTER_ERROR && lastStartNs != 0) {
                fail(new IllegalStateException(source.missed + " frames were missed"));
                return false;
            }
        }
        if (source.skipped > 0) {
            telemetry.count(LoopCounter.SKIPPED, source.skipped);
        }
        if (control.isComputingOff()) {
            control.iterated(startNs, startNs, source.missed);
            return taken(startNs);
        }
        MemorySegment target = command;
        try {
            step.run(source.frame(), target, parameters.latest(), source);
        } catch (Throwable e) {
            fail(e);
            telemetry.count(LoopCounter.ERRORS, 1);
            return false;
        }
        if (!source.validate()) {
            telemetry.count(LoopCounter.OVERTAKEN, 1);
            countWaitWithoutStep();
            return taken(startNs);
        }
        return finish(startNs, System.nanoTime(), target);
    }

    private boolean finish(long startNs, long computedNs, MemorySegment target) {
        long sinceTriggerNs = Math.max(0, source.wakeNs) + computedNs - startNs;
        boolean late = plan.deadlineNs() > 0 && sinceTriggerNs > plan.deadlineNs();
        if (late) {
            telemetry.count(LoopCounter.OVERRUNS, 1);
            OverrunPolicy policy = plan.overrunPolicy();
            if (policy == OverrunPolicy.ENTER_ERROR) {
                fail(new IllegalStateException("the step ended " + sinceTriggerNs
                        + " ns after its trigger; its deadline is " + plan.deadlineNs() + " ns"));
                return false;
            }
            if (policy != OverrunPolicy.CATCH_UP) {
                source.skip();
            }
            if (policy == OverrunPolicy.DISCARD_COMMAND) {
                countWaitWithoutStep();
                return taken(startNs);
            }
        }
        if (out != null) {
            try {
                if (carriesIds) {
                    out.frameId(source.frameId);
                }
                out.write(target);
            } catch (RuntimeException | InternalError e) {
                fail(e);
                return false;
            }
        }
        long endNs = System.nanoTime();
        command = lastGood;
        lastGood = target;
        hasGood = true;
        safe = false;
        measure(startNs, computedNs, endNs);
        return taken(startNs);
    }

    /** The trigger has come and was dealt with: the loop goes on. */
    private boolean taken(long startNs) {
        lastInputNs = startNs;
        lastStartNs = startNs;
        return true;
    }

    private void measure(long startNs, long computedNs, long endNs) {
        if (lastStartNs != 0) {
            telemetry.add(LoopMeasure.INTERVAL, startNs - lastStartNs);
        }
        telemetry.add(LoopMeasure.COMPUTE, computedNs - startNs);
        telemetry.add(LoopMeasure.PUBLISH, endNs - computedNs);
        if (source.wakeNs >= 0) {
            telemetry.add(LoopMeasure.WAKE, source.wakeNs);
            telemetry.add(LoopMeasure.END_TO_END, source.wakeNs + endNs - startNs);
        }
        telemetry.endStep(endNs);
        control.iterated(startNs, endNs, source.missed);
    }

    private void countWaitWithoutStep() {
        // Only this thread writes, so a plain read is enough; release, so that the feeder of a rehearsal sees the
        // count.
        waitsWithoutStep.setRelease(waitsWithoutStep.getPlain() + 1);
    }

    /**
     * How many waits led to no counted step: the wait timed out, the frame was overtaken, or the late command was
     * discarded. For any thread.
     */
    long waitsWithoutStep() {
        return waitsWithoutStep.getAcquire();
    }

    private void fail(Throwable e) {
        failure = Optional.of(e);
    }

    private void failIfNotYet(Throwable e) {
        if (failure.isEmpty()) {
            fail(e);
        }
    }

    /** Sends the command of the safe state, unless it is the last one that was sent. */
    private void sendSafeState() {
        if (safe) {
            return;
        }
        Faults.poll(); // a fault of a page that arrived in the publication would look like one of the output
        safe = true;
        if (out != null && plan.safeState().command().isPresent()) {
            try {
                out.write(plan.safeState().command().get());
            } catch (RuntimeException | InternalError e) {
                failIfNotYet(e);
            }
        }
        // Afterwards: who reads that it was counted finds it in the output.
        telemetry.count(LoopCounter.SAFE_STATES, 1);
    }

    Optional<Throwable> failure() {
        return failure;
    }

    /** The last command that was published by a step. */
    Optional<MemorySegment> lastCommand() {
        return hasGood ? Optional.of(lastGood.asReadOnly()) : Optional.empty();
    }

    /** Closes what this core has opened. */
    void close() {
        try {
            source.close();
        } finally {
            output.ifPresent(FrameWriter::close);
        }
    }
}

package org.shmrt.runtime;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.shmrt.error.BusyException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.jvm.JvmActivity;
import org.shmrt.jvm.SegmentClasses;
import org.shmrt.posix.Faults;
import org.shmrt.stream.ImageStream;
import org.shmrt.telemetry.LatencyHistogram;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.TelemetryWriter;
import org.shmrt.telemetry.milk.ProcessInfo;
import org.shmrt.text.FileNames;

/**
 * A loop that computes one command for each trigger. The engineer writes the step; the loop waits, checks the frame,
 * publishes the command, keeps to the deadline, sends a safe state when there is no valid command, and reports its times
 * in shared memory ({@code shm loop show NAME}).
 *
 * <pre>{@code
 * try (ControlLoop loop = ControlLoop.named("hwfs")
 *         .trigger(Trigger.frame(wfs).sleepThenSpin())
 *         .output(dm)
 *         .deadlineNs(600_000)
 *         .cpu(1).fifo(80).lockMemory().otherThreadsOn(0)
 *         .holdLastNs(5_000_000).then(SafeState.command(flat))
 *         .step((frame, command, none) -> compute(frame, command))
 *         .build()) {
 *     loop.preflight().requireNoErrors();
 *     loop.warmUp();
 *     loop.arm();
 *     loop.run();
 * }
 * }</pre>
 *
 * <p>{@link #warmUp}, {@link #arm} and {@link #run} are called by one thread, which is the loop's. {@link #stop()} and
 * the readings may be called by any thread. SIGTERM and Ctrl-C stop the loop with its safe state.
 */
public final class ControlLoop implements AutoCloseable {
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    /** How long the fast part of a warm-up runs at once, and at most. */
    private static final long FAST_NS = 500_000_000L;

    private static final int MAX_FAST_RUNS = 20;
    /** So many steps let the JIT compiler compile what a step calls once. */
    private static final long FAST_STEPS = 30_000;

    /** How long a warm-up sleeps at most, on a machine so busy that each sleep takes milliseconds. */
    private static final long SLEEPS_NS = 5_000_000_000L;
    /** The same before a check, which fails if the sleeps allocate. */
    private static final long ARM_SLEEPS_NS = 60_000_000_000L;

    private static final long WINDOW_NS = 1_000_000_000L;
    /** The loop is refused after this many failed windows in which the JVM compiled nothing. */
    private static final int QUIET_WINDOWS = 20;
    /** The maximum number of windows, including those in which the JVM compiled, which takes longer on a busy machine. */
    private static final int MAX_WINDOWS = 100;

    /** Kernels have come out three times slower in some starts of the JVM. */
    private static final long MAX_SLOWDOWN = 2;

    private static final long END_TIMEOUT_S = 2;

    private final LoopParts<?> parts;
    private final TelemetryWriter telemetry;
    private final Optional<ProcessInfo> milk;
    private final LoopControl control;
    private volatile LoopState state = LoopState.STANDBY;
    private volatile Optional<Throwable> failure = Optional.empty();
    private volatile Optional<MemorySegment> lastCommand = Optional.empty();
    private volatile LoopReport threadReport = new LoopReport(List.of());
    private volatile Optional<CountDownLatch> running = Optional.empty();
    private volatile long loopThread;
    private volatile long bytesAtStart;
    private Optional<ThreadSettings> settings = Optional.empty();
    /** The least median time of a step's computation in a warm-up or a check. */
    private long leastComputeNs = Long.MAX_VALUE;

    ControlLoop(LoopParts<?> parts) {
        this.parts = parts;
        telemetry = TelemetryWriter.create(parts.plan().name());
        Optional<ProcessInfo> shown = Optional.empty();
        boolean made = false;
        try {
            telemetry.plan(parts.plan().deadlineNs(), parts.trigger().periodNs());
            Faults.poll();
            if (parts.milk() == LoopParts.Milk.SHOWN) {
                shown = Optional.of(ProcessInfo.create(parts.describe()));
            }
            control = new LoopControl(telemetry, shown);
            made = true;
        } catch (InternalError e) {
            throw new IncompatibleException(
                    "the page " + FileNames.text(telemetry.path())
                            + " of the loop was truncated by another process: build the loop again",
                    e);
        } finally {
            if (!made) {
                shown.ifPresent(ProcessInfo::close);
                telemetry.close();
            }
        }
        milk = shown;
    }

    /**
     * Begins to build a loop.
     *
     * @param name its name, unique on the machine: letters, digits, {@code _}, {@code -} and {@code .}
     * @return a builder
     */
    public static LoopBuilder<Void> named(String name) {
        return LoopBuilder.named(name);
    }

    /**
     * Compares what the loop wants with what this machine and this user can give. Changes nothing.
     *
     * @return the findings
     */
    public LoopReport preflight() {
        return Preflight.of(parts.plan());
    }

    /**
     * Runs the step on scratch streams, so that the JVM compiles all of it: first as fast as possible until the compiler
     * is quiet, then for three seconds at the loop's rate, through waiting, skipping, being overtaken and timing out.
     * The scratch streams are beside the loop's own, and are removed. Missed frames and deadlines never end a warm-up.
     *
     * @throws ShmException if the step fails
     */
    public void warmUp() {
        warmUp(WARM_UP);
    }

    /**
     * The same for another time.
     *
     * @param duration how long it runs at the loop's rate
     * @throws ShmException if the step fails
     */
    public void warmUp(Duration duration) {
        requireIdle("warm up");
        try {
            rehearse(duration);
        } catch (InternalError e) {
            throw control.truncated(e);
        }
    }

    private void rehearse(Duration duration) {
        // Before anything is compiled: a class that is loaded later makes the JVM discard compiled code.
        SegmentClasses.load();
        try (Rehearsal<?> rehearsal = new Rehearsal<>(parts, telemetry)) {
            rehearsal.checkFiles();
            rehearsal.sleepShortly(SLEEPS_NS);
            telemetry.clearMeasures();
            long compiledMs = -1;
            for (int i = 0; i < MAX_FAST_RUNS; i++) {
                rehearsal.run(FAST_NS, Rehearsal.Pace.FAST);
                long nowMs = JvmActivity.compilationMs();
                if (nowMs == compiledMs && telemetry.value(LoopCounter.STEPS) >= FAST_STEPS) {
                    break;
                }
                compiledMs = nowMs;
            }
            telemetry.clearMeasures();
            rehearsal.run(duration.toNanos(), Rehearsal.Pace.IRREGULAR);
            leastComputeNs = Math.min(leastComputeNs, medianComputeNs());
        }
        reset();
    }

    /**
     * Applies the settings of the thread, and checks that the loop is ready: the step ran for a second at the loop's
     * rate on scratch streams, the JVM compiled nothing (it compiles code again that it had to discard), the step
     * allocated nothing, kept its deadline at least half of the time, and took at most twice its best time. Repeats this
     * until it has failed 20 times without compilation, or 100 times in total. A sleep on a semaphore allocates up to 64
     * bytes, and where frames come late the loop sleeps several times for a step. With a trigger that sleeps so, a step that
     * allocates less than these sleeps may is not noticed.
     *
     * @throws ShmException if it is not ready; the message says why
     */
    public void arm() {
        requireIdle("arm");
        try {
            check();
        } catch (InternalError e) {
            undoSettings();
            throw control.truncated(e);
        }
    }

    private void check() {
        String refusal = "";
        try (Rehearsal<?> rehearsal = new Rehearsal<>(parts, telemetry)) {
            applySettings();
            rehearsal.checkFiles();
            rehearsal.sleepShortly(ARM_SLEEPS_NS);
            int quiet = 0;
            for (int i = 0; i < MAX_WINDOWS && quiet < QUIET_WINDOWS; i++) {
                telemetry.clearMeasures();
                long compilingMs = JvmActivity.compilationMs();
                Rehearsal.Outcome outcome = rehearsal.run(WINDOW_NS, Rehearsal.Pace.STEADY);
                long compiledMs = JvmActivity.compilationMs() - compilingMs;
                refusal = refusal(outcome, compiledMs);
                quiet += compiledMs == 0 ? 1 : 0;
                if (refusal.isEmpty()) {
                    reset();
                    state = LoopState.IDLE;
                    control.show(LoopState.IDLE, "armed");
                    return;
                }
            }
        }
        undoSettings();
        throw new ShmException("the loop " + parts.plan().name() + " is not ready: " + refusal);
    }

    /** Why a second of the loop was not good, or an empty text. */
    private String refusal(Rehearsal.Outcome outcome, long compiledMs) {
        long steps = telemetry.value(LoopCounter.STEPS);
        long overruns = telemetry.value(LoopCounter.OVERRUNS);
        if (steps == 0) {
            return "no step ran within a second: check the rate and the trigger";
        }
        if (outcome.steps() == 0) {
            return "no step ran in the last part of a second: another program uses the processor; arm again";
        }
        if (outcome.hasStepAllocated(parts.trigger().waitBytes())) {
            return "it allocated " + outcome.allocatedBytes() + " bytes in " + outcome.steps() + " steps and "
                    + outcome.waits()
                    + " waits: find the allocation with a profiler (jcmd PID JFR.start) and remove it from the step";
        }
        if (compiledMs > 0) {
            return "the JVM still compiles (" + compiledMs + " ms in the last second): warm up longer";
        }
        if (overruns > steps / 2) {
            return overruns + " of " + steps + " steps missed the deadline of "
                    + parts.plan().deadlineNs() + " ns: the step is too slow for it";
        }
        long computeNs = medianComputeNs();
        long leastNs = leastComputeNs;
        leastComputeNs = Math.min(leastNs, computeNs);
        if (computeNs / MAX_SLOWDOWN > leastNs) {
            return "the step takes " + computeNs + " ns, and took " + leastNs
                    + " ns before: another program uses the processor, or the JVM has discarded compiled code; warm up"
                    + " again";
        }
        return "";
    }

    private long medianComputeNs() {
        LatencyHistogram compute = telemetry.histogram(LoopMeasure.COMPUTE);
        return compute.count() == 0 ? Long.MAX_VALUE : compute.percentileNs(50);
    }

    private void reset() {
        parts.reset().run();
        telemetry.clearMeasures();
    }

    private void requireIdle(String action) {
        if (state == LoopState.OFF) {
            throw new ClosedException(
                    "cannot " + action + ": the loop " + parts.plan().name() + " is closed");
        }
        if (running.isPresent()) {
            throw new BusyException(
                    "cannot " + action + ": the loop " + parts.plan().name() + " is running");
        }
    }

    private void applySettings() {
        if (settings.isPresent() && settings.get().isOfCaller()) {
            return;
        }
        undoSettings();
        ThreadSettings applied = ThreadSettings.apply(parts.plan().threads());
        settings = Optional.of(applied);
        threadReport = applied.report();
        if (parts.plan().threads().strictness() == LoopPlan.Strictness.REQUIRE && !threadReport.isComplete()) {
            undoSettings();
            threadReport.requireComplete();
        }
    }

    private void undoSettings() {
        settings.ifPresent(ThreadSettings::undo);
        settings = Optional.empty();
    }

    /**
     * Runs the loop on the calling thread until {@link #stop()}, a stop by another process, a signal, or a failure. At
     * the end the priority is dropped first, after the safe state was sent.
     *
     * @return {@link LoopState#IDLE} after a stop, {@link LoopState#ERROR} after a failure, which {@link #failure()}
     *     returns
     * @throws ShmException if settings that are required cannot be obtained, or a stream cannot be used
     */
    public LoopState run() {
        requireIdle("run");
        beginControl();
        failure = Optional.empty();
        LoopCore<?> core =
                parts.core(LoopCore.Mode.LIVE, parts.trigger().streams(), parts.output(), telemetry, control);
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> stopAndWait(ended), "shmrt-loop-stop");
        LoopState end = LoopState.ERROR;
        try {
            applySettings();
            // After the lock of the memory, which works page by page.
            parts.trigger().streams().forEach(ImageStream::prefault);
            parts.output().ifPresent(ImageStream::prefault);
            Runtime.getRuntime().addShutdownHook(hook);
            running = Optional.of(ended);
            loopThread = Thread.currentThread().threadId();
            bytesAtStart = JvmActivity.allocatedBytes(loopThread);
            state = LoopState.RUNNING;
            end = core.run();
        } finally {
            try {
                undoSettings();
            } finally {
                finish(core, end);
                ended.countDown();
                removeHook(hook);
            }
        }
        return end;
    }

    private void beginControl() {
        try {
            control.begin();
            Faults.poll();
        } catch (InternalError e) {
            throw control.truncated(e);
        }
    }

    private void finish(LoopCore<?> core, LoopState end) {
        failure = core.failure();
        lastCommand = core.lastCommand();
        try {
            core.close();
        } finally {
            state = end;
            control.showEnd(end, failure.map(Throwable::toString).orElse(""));
            control.end();
            running = Optional.empty();
        }
    }

    private void stopAndWait(CountDownLatch ended) {
        control.stop();
        try {
            boolean ignored = ended.await(END_TIMEOUT_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // the JVM exits anyway
        }
        closePages();
    }

    private void closePages() {
        try {
            milk.ifPresent(ProcessInfo::close);
        } finally {
            telemetry.close();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            boolean ignored = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is shutting down
        }
    }

    /** Stops the loop after the step that is running. Returns at once. Any thread may call it, also before {@link #run}. */
    public void stop() {
        control.stop();
    }

    /**
     * The state of the loop.
     *
     * @return Standby after the build, Idle when it is armed or stopped, Running, Error after a failure, Off when closed
     */
    public LoopState state() {
        return state;
    }

    /**
     * Why the loop is in the state Error.
     *
     * @return the exception of the step, or of the stream; empty in other states
     */
    public Optional<Throwable> failure() {
        return failure;
    }

    /**
     * The last command that a step published.
     *
     * @return its bytes; empty while the loop runs for the first time, and if no step succeeded
     */
    public Optional<MemorySegment> lastCommand() {
        return lastCommand;
    }

    /**
     * What the loop's thread has obtained of its settings, read back from the kernel.
     *
     * @return the findings of the last {@link #arm} or {@link #run}; empty before
     */
    public LoopReport threadReport() {
        return threadReport;
    }

    /**
     * The bytes that the loop's thread has allocated since {@link #run} began. Another thread reads it without disturbing
     * the loop. Zero is expected, except some bytes for each sleep on a semaphore until that code is compiled.
     *
     * @return bytes; 0 before the loop runs, and without the module jdk.management
     */
    public long allocatedBytes() {
        long thread = loopThread;
        return thread == 0 || running.isEmpty() ? 0 : JvmActivity.allocatedBytes(thread) - bytesAtStart;
    }

    /** Stops the loop, waits up to two seconds for its end, and removes its page. Does not close streams. */
    @Override
    public void close() {
        if (state == LoopState.OFF) {
            return;
        }
        control.stop();
        running.ifPresent(this::stopAndWait);
        undoSettings();
        state = LoopState.OFF;
        closePages();
    }
}

package org.shmrt.runtime;

import java.util.Optional;
import java.util.OptionalInt;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.thread.Scheduling.Policy;
import org.shmrt.stream.ImageStream;

/**
 * The settings of a control loop. Each method returns the builder. For one thread.
 *
 * @param <P> the type of the parameters
 */
public final class LoopBuilder<P> {
    private static final int MAX_PRIORITY = 99;
    private static final double DEFAULT_RATE_HZ = 1000;
    private static final double NS_PER_S = 1e9;

    private final String name;
    private final Parameters<P> parameters;
    private Optional<Trigger> trigger = Optional.empty();
    private Optional<ImageStream> output = Optional.empty();
    private Optional<InformedStep<P>> step = Optional.empty();
    private Optional<Step<P>> prefetch = Optional.empty();
    private long deadlineNs;
    private OverrunPolicy overrun = OverrunPolicy.SKIP_TO_NEXT;
    private MissedFramePolicy missedFrame = MissedFramePolicy.TAKE_NEWEST;
    private long holdNs;
    private SafeState safeState = SafeState.keepLast();
    private double rateHz;
    private OptionalInt cpu = OptionalInt.empty();
    private OptionalInt otherCpu = OptionalInt.empty();
    private Policy policy = Policy.OTHER;
    private int priority;
    private LoopPlan.MemoryLock memoryLock = LoopPlan.MemoryLock.NONE;
    private LoopPlan.Idling idling = LoopPlan.Idling.ALLOWED;
    private LoopPlan.Strictness strictness = LoopPlan.Strictness.DEGRADE;
    private Runnable reset = () -> {};
    private LoopParts.Milk milk = LoopParts.Milk.HIDDEN;

    private LoopBuilder(String name, Parameters<P> parameters) {
        this.name = name;
        this.parameters = parameters;
    }

    static LoopBuilder<Void> named(String name) {
        return new LoopBuilder<>(name, Parameters.none());
    }

    /**
     * Sets what starts the steps.
     *
     * @param newTrigger a frame, frames of several streams, a counter or a timer
     * @return this
     */
    public LoopBuilder<P> trigger(Trigger newTrigger) {
        trigger = Optional.of(newTrigger);
        return this;
    }

    /**
     * Sets where the commands go. A loop without output only runs its step.
     *
     * @param stream an open stream with write permission, which has no other writer while the loop runs
     * @return this
     */
    public LoopBuilder<P> output(ImageStream stream) {
        output = Optional.of(stream);
        return this;
    }

    /**
     * Sets the time within which a command has to be complete.
     *
     * @param ns from the trigger to the end of the step; 0 for no deadline
     * @return this
     */
    public LoopBuilder<P> deadlineNs(long ns) {
        deadlineNs = notNegative(ns, "a deadline");
        return this;
    }

    /**
     * Sets what happens after a missed deadline; {@link OverrunPolicy#SKIP_TO_NEXT} by default.
     *
     * @param newPolicy the policy
     * @return this
     */
    public LoopBuilder<P> onOverrun(OverrunPolicy newPolicy) {
        overrun = newPolicy;
        return this;
    }

    /**
     * Sets which frame is taken after a missed one; {@link MissedFramePolicy#TAKE_NEWEST} by default.
     *
     * @param newPolicy the policy
     * @return this
     */
    public LoopBuilder<P> onMissedFrame(MissedFramePolicy newPolicy) {
        missedFrame = newPolicy;
        return this;
    }

    /**
     * Sets the rate of the warm-up; by default that of the timer, else 1000 Hz.
     *
     * @param hz steps in a second
     * @return this
     */
    public LoopBuilder<P> rateHz(double hz) {
        if (!(hz > 0 && hz <= NS_PER_S)) {
            throw new IllegalArgumentException("a rate of " + hz + " Hz is not possible: give more than 0");
        }
        rateHz = hz;
        return this;
    }

    /**
     * Sets the processor of the loop's thread.
     *
     * @param number its number, from 0
     * @return this
     */
    public LoopBuilder<P> cpu(int number) {
        cpu = OptionalInt.of((int) notNegative(number, "a processor"));
        return this;
    }

    /**
     * Sets the processor of all other threads of this JVM.
     *
     * @param number its number, not that of the loop
     * @return this
     */
    public LoopBuilder<P> otherThreadsOn(int number) {
        otherCpu = OptionalInt.of((int) notNegative(number, "a processor"));
        return this;
    }

    /**
     * Gives the loop's thread, and no other, a real-time priority (SCHED_FIFO).
     *
     * @param newPriority 1 to 99; interrupt threads have 50
     * @return this
     */
    public LoopBuilder<P> fifo(int newPriority) {
        return realTime(Policy.FIFO, newPriority);
    }

    /**
     * The same with time slices among threads of equal priority (SCHED_RR).
     *
     * @param newPriority 1 to 99
     * @return this
     */
    public LoopBuilder<P> roundRobin(int newPriority) {
        return realTime(Policy.RR, newPriority);
    }

    private LoopBuilder<P> realTime(Policy newPolicy, int newPriority) {
        if (newPriority < 1 || newPriority > MAX_PRIORITY) {
            throw new IllegalArgumentException("a priority is between 1 and 99, not " + newPriority);
        }
        policy = newPolicy;
        priority = newPriority;
        return this;
    }

    /**
     * Locks the memory of the process while the loop runs: each page when it is first used.
     *
     * @return this
     */
    public LoopBuilder<P> lockMemory() {
        memoryLock = LoopPlan.MemoryLock.ALL;
        return this;
    }

    /**
     * Keeps all processors of the machine out of their idle states while the loop runs (/dev/cpu_dma_latency), so that
     * they wake up at once. Costs power, and needs root or the right to write to that device.
     *
     * @return this
     */
    public LoopBuilder<P> noIdleStates() {
        idling = LoopPlan.Idling.FORBIDDEN;
        return this;
    }

    /**
     * Refuses to run unless the thread gets all settings; by default the loop runs without those that it cannot get and
     * reports them.
     *
     * @return this
     */
    public LoopBuilder<P> requireSettings() {
        strictness = LoopPlan.Strictness.REQUIRE;
        return this;
    }

    /**
     * Sets how long the last command remains valid without input.
     *
     * @param ns nanoseconds, at least 1
     * @return a stage that asks for the safe state
     */
    public Hold<P> holdLastNs(long ns) {
        if (ns < 1) {
            throw new IllegalArgumentException("cannot hold for " + ns + " ns: give 1 or more");
        }
        holdNs = ns;
        return new Hold<>(this);
    }

    /**
     * Sets what is sent after a failure and at the end; {@link SafeState#keepLast()} by default.
     *
     * @param newSafeState the safe state
     * @return this
     */
    public LoopBuilder<P> safeState(SafeState newSafeState) {
        safeState = newSafeState;
        return this;
    }

    /**
     * Sets the parameters of the step. Call it before {@link #step}.
     *
     * @param newParameters the parameters
     * @param <Q> their type
     * @return a builder with this type and the settings of this one
     */
    public <Q> LoopBuilder<Q> parameters(Parameters<Q> newParameters) {
        if (step.isPresent()) {
            throw new IllegalStateException("set the parameters before the step that uses them");
        }
        LoopBuilder<Q> typed = new LoopBuilder<>(name, newParameters);
        typed.trigger = trigger;
        typed.output = output;
        typed.deadlineNs = deadlineNs;
        typed.overrun = overrun;
        typed.missedFrame = missedFrame;
        typed.holdNs = holdNs;
        typed.safeState = safeState;
        typed.rateHz = rateHz;
        typed.cpu = cpu;
        typed.otherCpu = otherCpu;
        typed.policy = policy;
        typed.priority = priority;
        typed.memoryLock = memoryLock;
        typed.idling = idling;
        typed.strictness = strictness;
        typed.reset = reset;
        typed.milk = milk;
        return typed;
    }

    /**
     * Sets an action that resets what the step keeps, for example an integrator. It runs after the warm-up.
     *
     * @param action the action
     * @return this
     */
    public LoopBuilder<P> onReset(Runnable action) {
        reset = action;
        return this;
    }

    /**
     * Registers the loop in milk's list of processes (processinfo), so that milk's own tools show, pause, step and stop
     * it. In milk's mode without computing, triggers pass without a step and without output.
     *
     * @return this
     */
    public LoopBuilder<P> milkProcessInfo() {
        milk = LoopParts.Milk.SHOWN;
        return this;
    }

    /**
     * Sets the step.
     *
     * @param newStep computes one command
     * @return this
     */
    public LoopBuilder<P> step(Step<P> newStep) {
        return step((frame, command, values, info) -> newStep.run(frame, command, values));
    }

    /**
     * Sets a step that needs to know about its trigger, for example the id of the frame.
     *
     * @param newStep computes one command
     * @return this
     */
    public LoopBuilder<P> step(InformedStep<P> newStep) {
        step = Optional.of(newStep);
        return this;
    }

    /**
     * Sets what runs while the loop would only poll for its next frame: the expensive part of the step, on scratch memory.
     * During the loop's sleep, other programs replace its code and data in the caches of the processor; this loads them
     * again before the frame comes. The loop wakes up earlier by its duration. It must not change what the step keeps,
     * and its results are not used.
     *
     * <pre>{@code
     * .step((frame, command, p) -> {
     *     slopes.compute(frame, s);
     *     p.matrix().multiply(s, error);
     *     integrator.update(error, command);
     * })
     * .prefetch((frame, command, p) -> {            // the same without the integrator
     *     slopes.compute(frame, s);
     *     p.matrix().multiply(s, error);
     * })
     * }</pre>
     *
     * @param part gets a copy of an older frame, and memory of the size of a command. If it throws, the loop ends as if
     *     the step had thrown
     * @return this
     */
    public LoopBuilder<P> prefetch(Step<P> part) {
        prefetch = Optional.of(part);
        return this;
    }

    /**
     * Builds the loop and creates its page.
     *
     * @return the loop, in the state Standby
     * @throws IllegalStateException if there is no trigger or no step, or a prefetch with a trigger that does not poll
     * @throws IncompatibleException if the safe state does not have the size of the output
     * @throws org.shmrt.error.BusyException if a loop of this name is alive
     */
    public ControlLoop build() {
        return new ControlLoop(parts());
    }

    /** Checks the settings and returns the parts of the loop. */
    LoopParts<P> parts() {
        Trigger with = trigger.orElseThrow(() -> new IllegalStateException("the loop " + name + " has no trigger"));
        InformedStep<P> work = step.orElseThrow(() -> new IllegalStateException("the loop " + name + " has no step"));
        safeState.command().ifPresent(command -> {
            long needed = output.map(stream -> stream.layout().frameBytes()).orElse(0L);
            if (command.byteSize() != needed) {
                throw new IncompatibleException("the safe state of the loop " + name + " has " + command.byteSize()
                        + " bytes, and a frame of its output has " + needed);
            }
        });
        if (prefetch.isPresent() && !with.polls()) {
            throw new IllegalStateException("the loop " + name
                    + " has a prefetch, and a trigger that does not poll before" + " it comes: use sleepThenSpin()");
        }
        double rate = rateHz > 0 ? rateHz : with.periodNs() > 0 ? NS_PER_S / with.periodNs() : DEFAULT_RATE_HZ;
        LoopPlan plan = new LoopPlan(
                name,
                deadlineNs,
                overrun,
                missedFrame,
                holdNs,
                safeState,
                rate,
                new LoopPlan.ThreadPlan(cpu, policy, priority, memoryLock, otherCpu, idling, strictness));
        return new LoopParts<>(plan, with, output, work, prefetch, parameters, reset, milk);
    }

    private static long notNegative(long value, String what) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " is not negative: " + value);
        }
        return value;
    }

    /**
     * Asks for the safe state that follows a hold.
     *
     * @param <P> the type of the parameters
     */
    public static final class Hold<P> {
        private final LoopBuilder<P> builder;

        private Hold(LoopBuilder<P> builder) {
            this.builder = builder;
        }

        /**
         * Sets what is sent when the hold has passed, after a failure, and at the end.
         *
         * @param safeState the safe state
         * @return the builder
         */
        public LoopBuilder<P> then(SafeState safeState) {
            return builder.safeState(safeState);
        }
    }
}

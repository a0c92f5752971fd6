package org.shmrt.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.shmrt.stream.ImageStream;

/**
 * Runs a part of the step on scratch memory between the loop's sleep and its spin: during the sleep, others have replaced the
 * step's code and data in the caches of the processor. For the loop's thread.
 */
final class Prefetch<P> implements Runnable {
    private final Step<P> step;
    private final MemorySegment frame;
    private final MemorySegment command;
    private final Parameters<P> parameters;
    private Optional<Throwable> failure = Optional.empty();

    Prefetch(Step<P> step, Optional<ImageStream> input, long commandBytes, Parameters<P> parameters) {
        this.step = step;
        // A copy: a read of the stream's own memory would slow its writer down.
        this.frame = input.map(Rehearsal::newest).map(MemorySegment::asReadOnly).orElse(TriggerSource.NO_FRAME);
        this.command =
                commandBytes == 0 ? TriggerSource.NO_FRAME : Arena.ofAuto().allocate(commandBytes, Long.SIZE);
        this.parameters = parameters;
    }

    @Override
    public void run() {
        try {
            step.run(frame, command, parameters.latest());
        } catch (Throwable e) {
            failure = Optional.of(e);
        }
    }

    /** Why it failed. */
    Optional<Throwable> failure() {
        return failure;
    }
}

package org.shmrt.runtime;

import java.lang.foreign.MemorySegment;

/**
 * The work of a loop for one trigger. It runs on the loop's thread, and must neither block nor allocate. It also runs
 * during the warm-up, with scratch frames: reset the state that it keeps with {@link LoopBuilder#onReset}.
 *
 * @param <P> the type of the parameters
 */
@FunctionalInterface
public interface Step<P> {
    /**
     * Computes one command.
     *
     * @param frame the input in shared memory, read-only; empty for a trigger without a frame
     * @param command the memory for the command: write all of it. It contains an older command, not the last one. Empty
     *     for a loop without output
     * @param parameters the parameters, which do not change during the step
     * @throws Exception to end the loop in the state Error; the command is discarded
     */
    void run(MemorySegment frame, MemorySegment command, P parameters) throws Exception;
}

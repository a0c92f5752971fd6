package org.shmrt.runtime;

import java.lang.foreign.MemorySegment;

/**
 * The work of a loop for one trigger, as a {@link Step}, with information about the trigger.
 *
 * @param <P> the type of the parameters
 */
@FunctionalInterface
public interface InformedStep<P> {
    /**
     * Computes one command.
     *
     * @param frame the input in shared memory, read-only; empty for a trigger without a frame
     * @param command the memory for the command, as for {@link Step#run}
     * @param parameters the parameters, which do not change during the step
     * @param info what is known about the trigger
     * @throws Exception to end the loop in the state Error; the command is discarded
     */
    void run(MemorySegment frame, MemorySegment command, P parameters, StepInfo info) throws Exception;
}

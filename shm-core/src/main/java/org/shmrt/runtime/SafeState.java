package org.shmrt.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * What a loop sends when it has no valid command: without input for longer than the hold, after a step that failed, and
 * at its end. Immutable.
 */
public final class SafeState {
    private static final SafeState LAST = new SafeState(Optional.empty());

    private final Optional<MemorySegment> command;

    private SafeState(Optional<MemorySegment> command) {
        this.command = command;
    }

    /**
     * Nothing is sent: the output stream keeps the last good command.
     *
     * @return the safe state
     */
    public static SafeState keepLast() {
        return LAST;
    }

    /**
     * A command, for example the flat shape of a mirror.
     *
     * @param command its bytes, as many as a frame of the output; they are copied
     * @return the safe state
     */
    public static SafeState command(MemorySegment command) {
        MemorySegment copy = Arena.ofAuto().allocate(command.byteSize(), Long.BYTES);
        copy.copyFrom(command);
        return new SafeState(Optional.of(copy.asReadOnly()));
    }

    /**
     * A command of floats.
     *
     * @param command its elements
     * @return the safe state
     */
    public static SafeState command(float... command) {
        return command(MemorySegment.ofArray(command));
    }

    Optional<MemorySegment> command() {
        return command;
    }
}

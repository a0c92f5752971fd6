package org.shmrt.fuzz;

import java.util.List;

/** A reader of bytes or text from elsewhere, as a fuzzer drives it: one call, one input, in one thread. */
public interface FuzzTarget {
    /** Sound and damaged inputs to start from. */
    List<byte[]> seeds();

    /** The longest input worth trying. */
    int mostInputBytes();

    /**
     * The most memory, of heap and native together, that an input may make it take.
     *
     * @param inputBytes the input's length
     */
    long mostBytes(int inputBytes);

    /** Whether the input is what a user typed, which may also be refused with an {@link IllegalArgumentException}. */
    default boolean isTyped() {
        return false;
    }

    /**
     * Reads an input and does with it all that can be done. Refusing it is an {@link org.shmrt.error.ShmException};
     * anything else thrown is a finding.
     */
    void use(byte[] input);
}

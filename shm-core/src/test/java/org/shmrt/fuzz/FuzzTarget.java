package org.shmrt.fuzz;

import java.util.List;

/** Code that reads untrusted bytes or text, for a fuzzer: one input per call, in one thread. */
public interface FuzzTarget {
    /** Valid and damaged inputs to start from. */
    List<byte[]> seeds();

    /** The length of the longest useful input. */
    int mostInputBytes();

    /**
     * The maximum memory, heap and native together, that an input may take.
     *
     * @param inputBytes the input's length
     */
    long mostBytes(int inputBytes);

    /**
     * Whether the input is typed by a user, and may therefore also be rejected with an {@link
     * IllegalArgumentException}.
     */
    default boolean isTyped() {
        return false;
    }

    /**
     * Reads an input and uses it in every possible way. A {@link org.shmrt.error.ShmException} rejects it; any other
     * exception is a finding.
     */
    void use(byte[] input);
}

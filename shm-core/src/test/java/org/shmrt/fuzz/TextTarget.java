package org.shmrt.fuzz;

import java.util.List;

/** A target that reads short texts that a user typed or wrote into a file. */
public abstract class TextTarget implements FuzzTarget {
    private static final int MOST_INPUT_BYTES = 300;

    private final String[] seeds;

    /**
     * Creates a target.
     *
     * @param seeds valid and damaged texts to start from
     */
    protected TextTarget(String... seeds) {
        this.seeds = seeds;
    }

    @Override
    public final List<byte[]> seeds() {
        return Seeds.texts(seeds);
    }

    @Override
    public final int mostInputBytes() {
        return MOST_INPUT_BYTES;
    }

    @Override
    public final long mostBytes(int inputBytes) {
        return FuzzCheck.mostBytesOfText(inputBytes);
    }

    @Override
    public final boolean isTyped() {
        return true;
    }
}

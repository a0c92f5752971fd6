package org.shmrt.stream.engine;

/**
 * The mark a writer leaves in a padding byte beside the write flag to say that it published this frame in the
 * strict order (counter before flag). It is made from the counter, so a later frame by a writer that knows
 * nothing of the mark does not inherit it, and a writer that closes takes its marks away; only after one that was
 * killed may a foreign frame bear a mark that fits, one in 128. Old programs never look at padding.
 */
public final class OrderMark {
    private OrderMark() {}

    /** The mark of frame {@code cnt0}; never 0, the value of untouched padding. */
    public static byte of(long cnt0) {
        return (byte) (0x80 | (cnt0 & 0x7f));
    }
}

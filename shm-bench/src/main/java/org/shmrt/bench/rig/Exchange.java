package org.shmrt.bench.rig;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What two processes send each other, and by which means.
 */
public enum Exchange {
    /** The frame counter of a stream: stored by a VarHandle, awaited by a spinning {@code FrameReader}. */
    COUNTER("counter", Group.COUNTER, Kind.COUNTER, 8),
    /** Two bare counters, VarHandles on both sides: the floor of Java without ShmRT. */
    VARHANDLE("varhandle", Group.COUNTER, Kind.VARHANDLE, 8),
    /** Two bare counters in C: the floor of all. */
    COUNTER_C("counter_c", Group.COUNTER, Kind.C_COUNTER, 8),

    /** Small frames, the reader asleep on a semaphore of the stream. */
    SEMAPHORE("semaphore", Group.SEMAPHORE, Kind.IN_PLACE, 64),
    /** Two named semaphores and two counters in C. */
    SEMAPHORE_C("semaphore_c", Group.SEMAPHORE, Kind.C_SEMAPHORE, 64),

    /** A small frame every 100 µs, readers that spin 200 µs before they would sleep. */
    HYBRID_100US("hybrid_100us", Group.PACED, Kind.IN_PLACE, 64),
    /** A small frame every 100 µs, readers asleep on a semaphore. */
    SEMAPHORE_100US("semaphore_100us", Group.PACED, Kind.IN_PLACE, 64),

    /** Frames of one cache line, copied out. */
    FRAME_64_COPY("frame64_copy", Group.FRAME_64, Kind.COPY, 64),
    /** The same order of stores as ShmRT's, in C: what the language costs. */
    FRAME_64_COPY_LEAN_C("frame64_copy_lean_c", Group.FRAME_64, Kind.C_COPY_LEAN, 64),

    /** Frames of 512 bytes, read where they lie. */
    FRAME_512("frame512", Group.FRAME_512, Kind.IN_PLACE, 512),
    /** As milk's library writes them, in C. */
    FRAME_512_C("frame512_c", Group.FRAME_512, Kind.C_IN_PLACE, 512),

    /** Frames of a page, read where they lie. */
    FRAME_4K("frame4k", Group.FRAME_4K, Kind.IN_PLACE, 4096),
    /** As milk's library writes them, in C. */
    FRAME_4K_C("frame4k_c", Group.FRAME_4K, Kind.C_IN_PLACE, 4096),
    /** Frames of a page, copied out. */
    FRAME_4K_COPY("frame4k_copy", Group.FRAME_4K, Kind.COPY, 4096),
    /** As milk's library writes them, in C, copied out. */
    FRAME_4K_COPY_C("frame4k_copy_c", Group.FRAME_4K, Kind.C_COPY, 4096),
    /** ShmRT's order of stores in C, copied out. */
    FRAME_4K_COPY_LEAN_C("frame4k_copy_lean_c", Group.FRAME_4K, Kind.C_COPY_LEAN, 4096),

    /** Frames of a small camera, read where they lie. */
    FRAME_64K("frame64k", Group.FRAME_64K, Kind.IN_PLACE, 65536),
    /** As milk's library writes them, in C. */
    FRAME_64K_C("frame64k_c", Group.FRAME_64K, Kind.C_IN_PLACE, 65536),
    /** Frames of a small camera, copied out. */
    FRAME_64K_COPY("frame64k_copy", Group.FRAME_64K, Kind.COPY, 65536),
    /** As milk's library writes them, in C, copied out. */
    FRAME_64K_COPY_C("frame64k_copy_c", Group.FRAME_64K, Kind.C_COPY, 65536),
    /** ShmRT's order of stores in C, copied out. */
    FRAME_64K_COPY_LEAN_C("frame64k_copy_lean_c", Group.FRAME_64K, Kind.C_COPY_LEAN, 65536),
    /** Aeron IPC: copied in by the offer, and out by its fragment assembler. */
    AERON_64K("aeron64k", Group.FRAME_64K, Kind.AERON, 65536),

    /** Messages of 32 bytes as frames, copied out. */
    MESSAGE_32("msg32", Group.MESSAGE_32, Kind.COPY, 32),
    /** Agrona's ring buffer in a mapped file, read where it lies. */
    AGRONA_32("agrona32", Group.MESSAGE_32, Kind.AGRONA, 32),
    /** Aeron IPC. */
    AERON_32("aeron32", Group.MESSAGE_32, Kind.AERON, 32);

    /** Exchanges that are compared: their runs are made by turns. */
    enum Group { COUNTER, SEMAPHORE, PACED, FRAME_64, FRAME_512, FRAME_4K, FRAME_64K, MESSAGE_32 }

    /** The program at both ends. */
    enum Kind {
        COUNTER, VARHANDLE, COPY, IN_PLACE, AGRONA, AERON,
        C_COUNTER, C_SEMAPHORE, C_COPY, C_IN_PLACE, C_COPY_LEAN;

        boolean isC() {
            return compareTo(C_COUNTER) >= 0;
        }

        /** Whether the messages are frames of a stream. */
        boolean hasStreams() {
            return this != VARHANDLE && this != C_COUNTER && this != AGRONA && this != AERON;
        }
    }

    private static final long PACED_NS = 100_000;

    private final String word;
    private final Group group;
    private final Kind kind;
    private final int frameBytes;

    Exchange(String word, Group group, Kind kind, int frameBytes) {
        this.word = word;
        this.group = group;
        this.kind = kind;
        this.frameBytes = frameBytes;
    }

    /**
     * The exchange of that word.
     *
     * @param word for example {@code frame4k}
     * @return the exchange
     * @throws IllegalArgumentException if there is none
     */
    public static Exchange parse(String word) {
        return Arrays.stream(values()).filter(e -> e.word.equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no exchange is called '" + word + "': use one of "
                        + String.join(", ", Arrays.stream(values()).map(Exchange::word).toList())));
    }

    /** What a quick measurement leaves out is compared by no target. */
    static List<Exchange> quick() {
        List<Exchange> quick = Comparison.ALL.stream().filter(Comparison::isTarget)
                .flatMap(comparison -> Stream.of(comparison.over(), comparison.under())).toList();
        return Arrays.stream(values()).filter(quick::contains).toList();
    }

    /**
     * How users write it.
     *
     * @return for example {@code frame4k}
     */
    public String word() {
        return word;
    }

    Group group() {
        return group;
    }

    Kind kind() {
        return kind;
    }

    /** Bytes of a message, 8 at least. */
    int frameBytes() {
        return frameBytes;
    }

    /** Time from one message to the next; 0 where each follows the answer to the one before. */
    long periodNs() {
        return group == Group.PACED ? PACED_NS : 0;
    }

    @Override
    public String toString() {
        return word;
    }
}

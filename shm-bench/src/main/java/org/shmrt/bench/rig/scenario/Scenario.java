package org.shmrt.bench.rig.scenario;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.shmrt.bench.rig.report.Comparison;

/** What processes send each other, and by which means; or what one process does alone. */
public enum Scenario {
    /** The frame counter of a stream: stored by a VarHandle, awaited with {@code FrameCounter}. */
    COUNTER("counter", Group.COUNTER, Transport.COUNTER, 8),
    /** The same, awaited by a spinning {@code FrameReader}. */
    COUNTER_READER("counter_reader", Group.COUNTER, Transport.COUNTER_READER, 8),
    /** Two bare counters in C: the floor of all. */
    COUNTER_C("counter_c", Group.COUNTER, Transport.C_COUNTER, 8),
    /** Two bare counters, VarHandles on both sides: the floor of Java without ShmRT. */
    VARHANDLE("varhandle", Group.COUNTER, Transport.VARHANDLE, 8),

    SEMAPHORE("semaphore", Group.SEMAPHORE, Transport.IN_PLACE, 64, Waiting.SEMAPHORE),
    /** Two named semaphores and two counters. */
    SEMAPHORE_C("semaphore_c", Group.SEMAPHORE, Transport.C_SEMAPHORE, 64, Layout.DAO),

    HYBRID_100US("hybrid_100us", Group.PACED, Transport.IN_PLACE, 64, Waiting.HYBRID),
    SEMAPHORE_100US("semaphore_100us", Group.PACED, Transport.IN_PLACE, 64, Waiting.SEMAPHORE),

    FRAME_64_COPY("frame64_copy", Group.FRAME_64, Transport.COPY, 64),
    FRAME_64_COPY_LEAN_C("frame64_copy_lean_c", Group.FRAME_64, Transport.C_COPY_LEAN, 64),

    FRAME_512("frame512", Group.FRAME_512, Transport.IN_PLACE, 512),
    FRAME_512_C("frame512_c", Group.FRAME_512, Transport.C_IN_PLACE, 512),
    FRAME_512_COPY("frame512_copy", Group.FRAME_512, Transport.COPY, 512),
    FRAME_512_COPY_C("frame512_copy_c", Group.FRAME_512, Transport.C_COPY, 512),

    FRAME_4K("frame4k", Group.FRAME_4K, Transport.IN_PLACE, 4 * Scenario.KIB),
    FRAME_4K_C("frame4k_c", Group.FRAME_4K, Transport.C_IN_PLACE, 4 * Scenario.KIB),
    FRAME_4K_COPY("frame4k_copy", Group.FRAME_4K, Transport.COPY, 4 * Scenario.KIB),
    FRAME_4K_COPY_C("frame4k_copy_c", Group.FRAME_4K, Transport.C_COPY, 4 * Scenario.KIB),
    FRAME_4K_COPY_LEAN_C("frame4k_copy_lean_c", Group.FRAME_4K, Transport.C_COPY_LEAN, 4 * Scenario.KIB),

    FRAME_64K("frame64k", Group.FRAME_64K, Transport.IN_PLACE, 64 * Scenario.KIB),
    FRAME_64K_C("frame64k_c", Group.FRAME_64K, Transport.C_IN_PLACE, 64 * Scenario.KIB),
    MILK_REAL_64K("milk_real64k", Group.FRAME_64K, Transport.C_MILK_REAL, 64 * Scenario.KIB, Layout.MILK),
    FRAME_64K_COPY_C("frame64k_copy_c", Group.FRAME_64K, Transport.C_COPY, 64 * Scenario.KIB),
    FRAME_64K_COPY("frame64k_copy", Group.FRAME_64K, Transport.COPY, 64 * Scenario.KIB),
    /** Copied in by the offer, and out by Aeron's fragment assembler. */
    AERON_64K("aeron64k", Group.FRAME_64K, Transport.AERON, 64 * Scenario.KIB),
    /** Copied into and out of a ring, for a message of Aeron's comes to another place than the last one, too. */
    FRAME_64K_RING("frame64k_ring", Group.FRAME_64K, Transport.COPY, 64 * Scenario.KIB, Waiting.SPIN, Layout.DAO, 8, 0),
    FRAME_64K_COPY_LEAN_C("frame64k_copy_lean_c", Group.FRAME_64K, Transport.C_COPY_LEAN, 64 * Scenario.KIB),
    MAPPED_64K("mapped64k", Group.FRAME_64K, Transport.MAPPED_BUFFER, 64 * Scenario.KIB),
    CHRONICLE_64K("chronicle64k", Group.FRAME_64K, Transport.CHRONICLE, 64 * Scenario.KIB),
    SOCKET_64K("socket64k", Group.FRAME_64K, Transport.SOCKET, 64 * Scenario.KIB),

    FRAME_64K_DAO("frame64k_dao", Group.DAO_64K, Transport.IN_PLACE, 64 * Scenario.KIB, Layout.DAO),
    DAO_64K_C("dao64k_c", Group.DAO_64K, Transport.C_DAO, 64 * Scenario.KIB, Layout.DAO),
    DAO_SLEEP_64K_C("dao64k_sleep_c", Group.DAO_64K, Transport.C_DAO_SLEEP, 64 * Scenario.KIB, Layout.DAO),
    DAO_REAL_64K("dao_real64k", Group.DAO_64K, Transport.C_DAO_REAL, 64 * Scenario.KIB, Layout.DAO),

    /** Made and read where it lies, in the layout whose header is one cache line. */
    MESSAGE_32("msg32", Group.MESSAGE_32, Transport.NO_COPY, 32, Layout.DAO),
    /** Agrona's ring buffer in a mapped file, read where it lies. */
    AGRONA_32("agrona32", Group.MESSAGE_32, Transport.AGRONA, 32),
    AERON_32("aeron32", Group.MESSAGE_32, Transport.AERON, 32),
    MESSAGE_32_COPY("msg32_copy", Group.MESSAGE_32, Transport.COPY, 32),
    MAPPED_32("mapped32", Group.MESSAGE_32, Transport.MAPPED_BUFFER, 32),
    CHRONICLE_32("chronicle32", Group.MESSAGE_32, Transport.CHRONICLE, 32),
    SOCKET_32("socket32", Group.MESSAGE_32, Transport.SOCKET, 32),

    PUBLISH_R1("publish_r1", Transport.PUBLISH, 1),
    PUBLISH_R10("publish_r10", Transport.PUBLISH, 10),
    PUBLISH_R1_C("publish_r1_c", Transport.C_PUBLISH, 1),
    PUBLISH_R10_C("publish_r10_c", Transport.C_PUBLISH, 10),
    PUBLISH_R0("publish_r0", Transport.PUBLISH, 0),
    PUBLISH_R0_C("publish_r0_c", Transport.C_PUBLISH, 0),
    PUBLISH_R2("publish_r2", Transport.PUBLISH, 2),
    PUBLISH_R5("publish_r5", Transport.PUBLISH, 5),

    CYCLE_4K("cycle4k", Group.COPY_4K, Transport.CYCLE, 4 * Scenario.KIB),
    MEMCPY_4K("memcpy4k", Group.COPY_4K, Transport.MEMCPY, 4 * Scenario.KIB),
    MEMCPY_4K_C("memcpy4k_c", Group.COPY_4K, Transport.C_MEMCPY, 4 * Scenario.KIB),
    CYCLE_64K("cycle64k", Group.COPY_64K, Transport.CYCLE, 64 * Scenario.KIB),
    MEMCPY_64K("memcpy64k", Group.COPY_64K, Transport.MEMCPY, 64 * Scenario.KIB),
    MEMCPY_64K_C("memcpy64k_c", Group.COPY_64K, Transport.C_MEMCPY, 64 * Scenario.KIB),
    CYCLE_1M("cycle1m", Group.COPY_1M, Transport.CYCLE, Scenario.MIB),
    MEMCPY_1M("memcpy1m", Group.COPY_1M, Transport.MEMCPY, Scenario.MIB),
    MEMCPY_1M_C("memcpy1m_c", Group.COPY_1M, Transport.C_MEMCPY, Scenario.MIB),
    CYCLE_16M("cycle16m", Group.COPY_16M, Transport.CYCLE, 16 * Scenario.MIB),
    MEMCPY_16M("memcpy16m", Group.COPY_16M, Transport.MEMCPY, 16 * Scenario.MIB),
    MEMCPY_16M_C("memcpy16m_c", Group.COPY_16M, Transport.C_MEMCPY, 16 * Scenario.MIB),
    CYCLE_64M("cycle64m", Group.COPY_64M, Transport.CYCLE, 64 * Scenario.MIB),
    MEMCPY_64M("memcpy64m", Group.COPY_64M, Transport.MEMCPY, 64 * Scenario.MIB),
    MEMCPY_64M_C("memcpy64m_c", Group.COPY_64M, Transport.C_MEMCPY, 64 * Scenario.MIB),

    SPIN_1MS("spin_1ms", Group.WAITING, Transport.IN_PLACE, 64),
    BACKOFF_1MS("backoff_1ms", Group.WAITING, Transport.IN_PLACE, 64, Waiting.BACKOFF),
    SEMAPHORE_1MS("semaphore_1ms", Group.WAITING, Transport.IN_PLACE, 64, Waiting.SEMAPHORE),
    SLEEP50_1MS("sleep50_1ms", Group.WAITING, Transport.IN_PLACE, 64, Waiting.SLEEP_50US),
    HYBRID_1MS("hybrid_1ms", Group.WAITING, Transport.IN_PLACE, 64, Waiting.HYBRID),

    RING_1("ring1", Group.RING, Transport.COPY, 64 * Scenario.KIB, Waiting.SPIN, Layout.DAO, 1, 0),
    RING_4("ring4", Group.RING, Transport.COPY, 64 * Scenario.KIB, Waiting.SPIN, Layout.DAO, 4, 0),
    RING_16("ring16", Group.RING, Transport.COPY, 64 * Scenario.KIB, Waiting.SPIN, Layout.DAO, 16, 0),

    FRAME_1M("frame1m", Group.FRAME_1M, Transport.IN_PLACE, Scenario.MIB),
    FRAME_1M_C("frame1m_c", Group.FRAME_1M, Transport.C_IN_PLACE, Scenario.MIB),
    FRAME_1M_COPY("frame1m_copy", Group.FRAME_1M, Transport.COPY, Scenario.MIB),
    FRAME_1M_COPY_C("frame1m_copy_c", Group.FRAME_1M, Transport.C_COPY, Scenario.MIB),

    FRAME_16M("frame16m", Group.FRAME_16M, Transport.IN_PLACE, 16 * Scenario.MIB),
    FRAME_16M_C("frame16m_c", Group.FRAME_16M, Transport.C_IN_PLACE, 16 * Scenario.MIB),
    FRAME_16M_COPY("frame16m_copy", Group.FRAME_16M, Transport.COPY, 16 * Scenario.MIB),
    FRAME_16M_COPY_C("frame16m_copy_c", Group.FRAME_16M, Transport.C_COPY, 16 * Scenario.MIB);

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    /** Messages, or where they are long fewer, in the shortest of all runs. */
    private static final long LEAST_COUNT = 200;

    private static final long LEAST_LONG_COUNT = 4;
    private static final long LEAST_BYTES = 16L * MIB;
    /** A queue that keeps all it was ever given, in memory, must not be given all that fits in the time. */
    private static final long MOST_KEPT_BYTES = 128L * MIB;

    private final String word;
    private final Group group;
    private final Transport kind;
    private final int frameBytes;
    private final Waiting waiting;
    private final Layout layout;
    private final int depth;
    private final int readers;

    Scenario(String word, Group group, Transport kind, int frameBytes) {
        this(word, group, kind, frameBytes, Waiting.SPIN, null, 1, 0);
    }

    Scenario(String word, Group group, Transport kind, int frameBytes, Waiting waiting) {
        this(word, group, kind, frameBytes, waiting, null, 1, 0);
    }

    Scenario(String word, Group group, Transport kind, int frameBytes, Layout layout) {
        this(word, group, kind, frameBytes, Waiting.SPIN, layout, 1, 0);
    }

    Scenario(String word, Transport kind, int readers) {
        this(word, Group.READERS, kind, 64, Waiting.HYBRID, null, 1, readers);
    }

    Scenario(
            String word,
            Group group,
            Transport kind,
            int frameBytes,
            Waiting waiting,
            Layout layout,
            int depth,
            int readers) {
        this.word = word;
        this.group = group;
        this.kind = kind;
        this.frameBytes = frameBytes;
        this.waiting = waiting;
        this.layout = layout;
        this.depth = depth;
        this.readers = readers;
    }

    /**
     * The exchange of that word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Scenario parse(String word) {
        return Arrays.stream(values())
                .filter(e -> e.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no exchange is called '" + word + "': use one of "
                        + String.join(
                                ", ",
                                Arrays.stream(values()).map(Scenario::word).toList())));
    }

    /** What a quick measurement leaves out is compared by no target. */
    public static List<Scenario> quick() {
        List<Scenario> quick = Comparison.ALL.stream()
                .filter(Comparison::isQuick)
                .flatMap(comparison -> Stream.of(comparison.over(), comparison.under()))
                .toList();
        return Arrays.stream(values()).filter(quick::contains).toList();
    }

    /** How users write it. */
    public String word() {
        return word;
    }

    public Group group() {
        return group;
    }

    public Transport kind() {
        return kind;
    }

    /** Bytes of a message, 8 at least. */
    public int frameBytes() {
        return frameBytes;
    }

    /** How its readers wait, where they are ShmRT's. */
    public Waiting waiting() {
        return waiting;
    }

    /** The layout of its streams: its own, or the one the user wants. */
    public Layout layout(Layout wanted) {
        return layout != null ? layout : wanted;
    }

    /** Slots of a ring, 1 for a single frame. */
    public int depth() {
        return depth;
    }

    /** Readers that are awake while a frame is published. */
    public int readers() {
        return readers;
    }

    /** Time from one message to the next; 0 where each follows the answer to the one before. */
    public long periodNs() {
        return group.periodNs();
    }

    /** Messages in the shortest of all runs, those that find out how many a run shall have. */
    public long leastCount() {
        return Math.clamp(LEAST_BYTES / frameBytes, LEAST_LONG_COUNT, LEAST_COUNT);
    }

    /** Messages in the longest of all runs. */
    public long mostCount() {
        return kind == Transport.CHRONICLE ? MOST_KEPT_BYTES / frameBytes : Long.MAX_VALUE;
    }

    @Override
    public String toString() {
        return word;
    }
}

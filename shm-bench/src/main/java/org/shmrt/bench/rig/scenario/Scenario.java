package org.shmrt.bench.rig.scenario;

import java.util.Arrays;

/** One thing that the rig measures: messages between two processes by one transport, or the work of one process. */
public enum Scenario {
    /** The frame counter of a stream: stored by a VarHandle, awaited by {@code FrameCounter}. */
    COUNTER("counter", Group.COUNTER, Transport.COUNTER, 8),
    /** The same, awaited by a spinning {@code FrameReader}. */
    COUNTER_READER("counter_reader", Group.COUNTER, Transport.COUNTER_READER, 8),
    /** Two bare counters in C: the lower bound of all. */
    COUNTER_C("counter_c", Group.COUNTER, Transport.C_COUNTER, 8),
    /** Two bare counters, VarHandles on both sides: the lower bound of Java without ShmRT. */
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
    ICEORYX_512("iceoryx512", Group.FRAME_512, Transport.C_ICEORYX, 512),
    FRAME_512_COPY("frame512_copy", Group.FRAME_512, Transport.COPY, 512),
    FRAME_512_COPY_C("frame512_copy_c", Group.FRAME_512, Transport.C_COPY, 512),

    FRAME_4K("frame4k", Group.FRAME_4K, Transport.IN_PLACE, 4 * Scenario.KIB),
    FRAME_4K_C("frame4k_c", Group.FRAME_4K, Transport.C_IN_PLACE, 4 * Scenario.KIB),
    ICEORYX_4K("iceoryx4k", Group.FRAME_4K, Transport.C_ICEORYX, 4 * Scenario.KIB),
    FRAME_4K_COPY("frame4k_copy", Group.FRAME_4K, Transport.COPY, 4 * Scenario.KIB),
    FRAME_4K_COPY_C("frame4k_copy_c", Group.FRAME_4K, Transport.C_COPY, 4 * Scenario.KIB),
    FRAME_4K_COPY_LEAN_C("frame4k_copy_lean_c", Group.FRAME_4K, Transport.C_COPY_LEAN, 4 * Scenario.KIB),

    FRAME_64K("frame64k", Group.FRAME_64K, Transport.IN_PLACE, 64 * Scenario.KIB),
    FRAME_64K_C("frame64k_c", Group.FRAME_64K, Transport.C_IN_PLACE, 64 * Scenario.KIB),
    ICEORYX_64K("iceoryx64k", Group.FRAME_64K, Transport.C_ICEORYX, 64 * Scenario.KIB),
    MILK_REAL_64K("milk_real64k", Group.FRAME_64K, Transport.C_MILK_REAL, 64 * Scenario.KIB, Layout.MILK),
    FRAME_64K_COPY_C("frame64k_copy_c", Group.FRAME_64K, Transport.C_COPY, 64 * Scenario.KIB),
    FRAME_64K_COPY("frame64k_copy", Group.FRAME_64K, Transport.COPY, 64 * Scenario.KIB),
    /** Copied in by the offer and copied out by Aeron's fragment assembler. */
    AERON_64K("aeron64k", Group.FRAME_64K, Transport.AERON, 64 * Scenario.KIB),
    /** Copied into and out of a ring: consecutive messages of Aeron do not use the same memory either. */
    FRAME_64K_RING("frame64k_ring", Group.FRAME_64K, Transport.COPY, 64 * Scenario.KIB, Waiting.SPIN, Layout.DAO, 8, 0),
    /** The same through 2 MiB: more than the L2 of a core, so the reader's core has lost a slot when it is reused. */
    FRAME_64K_RING_32(
            "frame64k_ring32", Group.FRAME_64K, Transport.COPY, 64 * Scenario.KIB, Waiting.SPIN, Layout.DAO, 32, 0),
    /** The same through 16 MiB, as much memory as one of the terms of {@link #AERON_64K}. */
    FRAME_64K_RING_256(
            "frame64k_ring256", Group.FRAME_64K, Transport.COPY, 64 * Scenario.KIB, Waiting.SPIN, Layout.DAO, 256, 0),
    FRAME_64K_COPY_LEAN_C("frame64k_copy_lean_c", Group.FRAME_64K, Transport.C_COPY_LEAN, 64 * Scenario.KIB),
    MAPPED_64K("mapped64k", Group.FRAME_64K, Transport.MAPPED_BUFFER, 64 * Scenario.KIB),
    CHRONICLE_64K("chronicle64k", Group.FRAME_64K, Transport.CHRONICLE, 64 * Scenario.KIB),
    SOCKET_64K("socket64k", Group.FRAME_64K, Transport.SOCKET, 64 * Scenario.KIB),

    FRAME_64K_DAO("frame64k_dao", Group.DAO_64K, Transport.IN_PLACE, 64 * Scenario.KIB, Layout.DAO),
    DAO_64K_C("dao64k_c", Group.DAO_64K, Transport.C_DAO, 64 * Scenario.KIB, Layout.DAO),
    DAO_SLEEP_64K_C("dao64k_sleep_c", Group.DAO_64K, Transport.C_DAO_SLEEP, 64 * Scenario.KIB, Layout.DAO),
    DAO_REAL_64K("dao_real64k", Group.DAO_64K, Transport.C_DAO_REAL, 64 * Scenario.KIB, Layout.DAO),

    /** Created and read in place, in the layout whose header is one cache line. */
    MESSAGE_32("msg32", Group.MESSAGE_32, Transport.NO_COPY, 32, Layout.DAO),
    /** Agrona's ring buffer in a mapped file, read in place. */
    AGRONA_32("agrona32", Group.MESSAGE_32, Transport.AGRONA, 32),
    /** Copied into a chunk on loan and read in place. */
    ICEORYX_32("iceoryx32", Group.MESSAGE_32, Transport.C_ICEORYX, 32),
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
    RING_32("ring32", Group.RING, Transport.COPY, 64 * Scenario.KIB, Waiting.SPIN, Layout.DAO, 32, 0),
    RING_64("ring64", Group.RING, Transport.COPY, 64 * Scenario.KIB, Waiting.SPIN, Layout.DAO, 64, 0),
    RING_256("ring256", Group.RING, Transport.COPY, 64 * Scenario.KIB, Waiting.SPIN, Layout.DAO, 256, 0),

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
    /** Messages in the shortest run; fewer if the messages are long. */
    private static final long MIN_COUNT = 200;

    private static final long MIN_LONG_COUNT = 4;
    private static final long MIN_BYTES = 16L * MIB;
    /** Chronicle keeps all messages in memory, so their number must not depend on the time alone. */
    private static final long MAX_KEPT_BYTES = 128L * MIB;

    private final String id;
    private final Group group;
    private final Transport transport;
    private final int frameBytes;
    private final Waiting waiting;
    private final Layout requiredLayout;
    private final int depth;
    private final int readers;

    Scenario(String id, Group group, Transport transport, int frameBytes) {
        this(id, group, transport, frameBytes, Waiting.SPIN, null, 1, 0);
    }

    Scenario(String id, Group group, Transport transport, int frameBytes, Waiting waiting) {
        this(id, group, transport, frameBytes, waiting, null, 1, 0);
    }

    Scenario(String id, Group group, Transport transport, int frameBytes, Layout layout) {
        this(id, group, transport, frameBytes, Waiting.SPIN, layout, 1, 0);
    }

    Scenario(String id, Transport transport, int readers) {
        this(id, Group.READERS, transport, 64, Waiting.HYBRID, null, 1, readers);
    }

    Scenario(
            String id,
            Group group,
            Transport transport,
            int frameBytes,
            Waiting waiting,
            Layout layout,
            int depth,
            int readers) {
        this.id = id;
        this.group = group;
        this.transport = transport;
        this.frameBytes = frameBytes;
        this.waiting = waiting;
        this.requiredLayout = layout;
        this.depth = depth;
        this.readers = readers;
    }

    /**
     * The scenario of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Scenario parse(String id) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no scenario '" + id + "': use one of "
                        + String.join(
                                ", ", Arrays.stream(values()).map(Scenario::id).toList())));
    }

    /** Its name on the command line, in the report and in the names of files. */
    public String id() {
        return id;
    }

    public Group group() {
        return group;
    }

    public Transport transport() {
        return transport;
    }

    /** Size of a message, at least 8 bytes. */
    public int frameBytes() {
        return frameBytes;
    }

    /** How its readers wait, if they are ShmRT's. */
    public Waiting waiting() {
        return waiting;
    }

    /** The layout of its streams: the one it requires, or else the one the user chose. */
    public Layout layout(Layout chosen) {
        return requiredLayout != null ? requiredLayout : chosen;
    }

    /** Number of slots: 1 unless the stream is a ring. */
    public int depth() {
        return depth;
    }

    /** Number of readers that are awake while a frame is published. */
    public int readers() {
        return readers;
    }

    /** Time from one message to the next; 0 if each message is sent after the reply to the previous one. */
    public long periodNs() {
        return group.periodNs();
    }

    /** Number of messages in the shortest run, which determines how many fit into a normal run. */
    public long minCount() {
        return Math.clamp(MIN_BYTES / frameBytes, MIN_LONG_COUNT, MIN_COUNT);
    }

    /** Number of messages in the longest run. */
    public long maxCount() {
        return transport == Transport.CHRONICLE ? MAX_KEPT_BYTES / frameBytes : Long.MAX_VALUE;
    }

    @Override
    public String toString() {
        return id;
    }
}

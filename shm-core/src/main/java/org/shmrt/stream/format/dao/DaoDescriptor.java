package org.shmrt.stream.format.dao;

import java.util.List;

/**
 * The layout of a DAO stream. All numbers are little-endian, and fields have their natural alignment. A file of depth D
 * consists of D headers, D frames, and the keywords, without padding between them.
 *
 * <pre>
 *   offset  type       field            meaning
 *        0  char[80]   name             path as given at creation
 *       80  u8         naxis            1, 2 or 3
 *       84  u32[3]     size             axis lengths; in DAO's Python the numpy shape, unchanged
 *       96  u64        nelement         product of the used sizes
 *      104  u8         atype            type code, 1 to 12
 *      112  double     creation_time    CLOCK_REALTIME, seconds
 *      120  double     last_access      the same, never updated
 *      136  i64        atime            CLOCK_REALTIME, nanoseconds, of the last frame of the slot
 *      144  u8         shared           1, stored again by each program of DAO that opens the stream
 *      148  u16        sem              10 (version 2: 16) in slot 0, 0 in the others
 *      152  u64        cnt0             frame counter
 *      160  u64        cnt1             0
 *      168  u64        cnt2             frame id, set by applications
 *      176  u8         write            1 while a frame is written
 *      177  u8         (padding)        ShmRT's mark of the strict order
 *      178  u16        NBkw             number of keywords
 *      180  u32        lastPos          partial writes: first element, count, packet id, packets expected
 *      184  u32        lastNb
 *      188  u32        packetNb
 *      192  u32        packetTotal
 *      200  u64[512]   lastNbArray      frame number of each packet (wide layout: u64[2024])
 *     4296  u32        fifo_size        depth; slot 0 only (wide layout: 16392; before 2026: absent)
 *     4300  u32        fifo_last_written newest slot; slot 0 only (wide layout: 16396; before 2026: absent)
 * </pre>
 *
 * A keyword has 120 bytes: name char[16] at 0, type char at 16, value at 24, comment char[80] at 40.
 *
 * <p>Layout version 2 starts with the magic number DSHM, a u32 at 0, and the u32 2. Its name is a char[256] at 8, and
 * all fields from naxis to lastNbArray (u64[2024]) are 184 bytes later than above; fifo_size is at 16576. In the
 * layouts of streams that may be on a GPU (wide and version 2), u32 gpu_magic, i32 device, u8[16] uuid, u32 flags, u64
 * size and u64 id follow the words of the ring.
 *
 * <p>On macOS the counters of the semaphores are in the file: eleven before the words of the ring, seventeen in layout
 * version 3, which exists only there.
 *
 * <p>Source: observed files and programs of daoBase, as of 2026-04-27 (this layout) and before 2026-02-17; for the wide
 * layout and version 2, its sources of later 2026 (35b3203, 340c07a, cd475085); for macOS and the registry, its headers.
 */
final class DaoDescriptor {
    static final int NAME_BYTES = 80;
    static final int NAXIS = 80;
    static final int SIZE = 84;
    static final int NELEMENT = 96;
    static final int ATYPE = 104;
    static final int CREATION_TIME = 112;
    static final int LAST_ACCESS = 120;
    static final int ATIME_NS = 136;
    static final int SHARED = 144;
    static final int SEM = 148;
    static final int CNT0 = 152;
    static final int CNT1 = 160;
    static final int CNT2 = 168;
    static final int WRITE = 176;
    static final int ORDER_MARK = 177;
    static final int NBKW = 178;
    static final int LAST_POS = 180;
    static final int LAST_NB = 184;
    static final int PACKET_NB = 188;
    static final int PACKET_TOTAL = 192;
    static final int LAST_NB_ARRAY = 200;

    static final int KEYWORD_BYTES = 120;
    static final int KEYWORD_TYPE = 16;
    static final int KEYWORD_VALUE = 24;
    static final int KEYWORD_COMMENT = 40;

    /** Data semaphores of a stream in the layouts without a version. */
    static final int SEMAPHORES = 10;
    /** Data semaphores of a new stream of layout version 2. */
    static final int SEMAPHORES_OF_VERSION_2 = 16;
    /** More than any stream has: the names of semaphores have two digits. */
    static final int MAX_SEMAPHORES = 100;
    /** The semaphore on which DAO's network service waits in streams of layout version 2. */
    static final int SERVICE_SEMAPHORE = 9;
    /** DAO posts a semaphore only while its value is below this. */
    static final int SEMAPHORE_CAP = 1;

    private DaoDescriptor() {}

    /** The first word of a stream of layout version 2: the characters DSHM. */
    static final int MAGIC = 0x4D485344;

    static final int LAYOUT_VERSION = 4;
    /** The value of gpu_magic if the pixels are on a GPU: the characters DGPU. */
    static final int GPU_MAGIC = 0x55504744;
    /** Offset from that word to the flags, and the flag of streams whose copy in the file is kept up to date. */
    static final int GPU_FLAGS = 24;

    static final int GPU_MIRROR = 1;

    /** The layouts of DAO's versions. Most can be distinguished only by the size of the file. */
    enum Variant {
        /** Since 2026-02-17: frames in a ring. */
        FIFO("fifo", 4304, 512, 4296, -1, 0, null),
        /** Before 2026-02-17: one frame, no ring. */
        PRE_FIFO("pre-fifo", 4296, 512, -1, -1, 0, null),
        /** Later in 2026: more packets, and streams on a GPU. */
        WIDE("wide", 16448, 2024, 16392, 16400, 0, null),
        /** The newest: it starts with a magic number and a version, has names of 255 bytes and 16 semaphores. */
        VERSION_2("v2", 16632, 2024, 16576, 16584, 184, null),
        /** On macOS: the semaphores have counters in the file, eleven u32 before the words of the ring. */
        MACOS("macos", 4352, 512, 4340, -1, 0, ReadOnly.MACOS),
        /** On macOS, without a ring. */
        MACOS_PRE_FIFO("macos-pre-fifo", 4344, 512, -1, -1, 0, ReadOnly.MACOS),
        /** On macOS, for some time in 2025: the counters are eleven u16. */
        MACOS_SHORT("macos-u16", 4320, 512, -1, -1, 0, ReadOnly.MACOS),
        /** Layout version 2 on macOS. */
        MACOS_VERSION_2("macos-v2", 16672, 2024, 16620, 16628, 184, ReadOnly.MACOS),
        /** Layout version 3, which differs from version 2 on macOS in the number of counters. */
        MACOS_VERSION_3("macos-v3", 16696, 2024, 16644, 16652, 184, ReadOnly.MACOS),
        /** A branch of DAO that lists the readers of each semaphore in the header. */
        REGISTRY(
                "registry",
                5344,
                512,
                -1,
                -1,
                0,
                "it was created by a branch of DAO with a registry of readers in the header, which ShmRT does not"
                        + " write");

        /** The layouts in which ShmRT creates streams. */
        static final List<Variant> CREATABLE = List.of(FIFO, PRE_FIFO, WIDE, VERSION_2);

        final String label;
        final int headerBytes;
        /** Number of packet ids in the header. */
        final int packets;

        final int fifoSize;
        final int gpuMagic;
        /** Offset of all fields after the name relative to the layouts without a version. */
        final int shift;
        /** Why ShmRT does not write such streams, or null if it does. */
        final String readOnlyReason;

        Variant(
                String label,
                int headerBytes,
                int packets,
                int fifoSize,
                int gpuMagic,
                int shift,
                String readOnlyReason) {
            this.label = label;
            this.headerBytes = headerBytes;
            this.packets = packets;
            this.fifoSize = fifoSize;
            this.gpuMagic = gpuMagic;
            this.shift = shift;
            this.readOnlyReason = readOnlyReason;
        }

        /** Whether the file starts with the magic number and the version of its layout. */
        boolean isVersioned() {
            return shift > 0;
        }

        /** Offset of a field after the name. */
        int at(int field) {
            return field + shift;
        }

        /** Offset of the name. */
        int nameOffset() {
            return isVersioned() ? 8 : 0;
        }

        int nameBytes() {
            return isVersioned() ? 256 : NAME_BYTES;
        }

        /** Maximum size of a name, which leaves room for its NUL. */
        int maxNameBytes() {
            return nameBytes() - 1;
        }

        /** Number of semaphores of a new stream. */
        int semaphores() {
            return isVersioned() ? SEMAPHORES_OF_VERSION_2 : SEMAPHORES;
        }

        /**
         * The most semaphores that a stream can have. The number in the header of a layout without a version was always
         * ten; programs of version 2 use the stored number.
         */
        int maxSemaphores() {
            return isVersioned() ? MAX_SEMAPHORES : SEMAPHORES;
        }

        boolean isMacos() {
            return ReadOnly.MACOS.equals(readOnlyReason);
        }

        /** Offset of the newest slot's index, or -1. */
        int fifoLastWritten() {
            return fifoSize < 0 ? -1 : fifoSize + 4;
        }

        /** Whether a file of that size has that depth, frame size and number of keywords. */
        boolean fits(long depth, long frameBytes, long keywords, long fileBytes) {
            try {
                return fileBytes(depth, frameBytes, keywords) == fileBytes;
            } catch (ArithmeticException e) {
                return false;
            }
        }

        /**
         * Size of a file.
         *
         * @throws ArithmeticException if it does not fit 63 bits
         */
        long fileBytes(long depth, long frameBytes, long keywords) {
            return Math.addExact(
                    Math.multiplyExact(depth, Math.addExact(headerBytes, frameBytes)), keywords * KEYWORD_BYTES);
        }
    }

    /** Reasons that several layouts share. */
    private static final class ReadOnly {
        static final String MACOS = "it was created on macOS, where semaphores are counters in the file";
    }
}

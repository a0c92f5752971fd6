package org.shmrt.stream.dao;

/**
 * Where everything is in a DAO stream. All numbers are little-endian, and fields lie at their natural
 * alignment. A file of depth D is: D headers, D frames, the keywords; no padding between them.
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
 *      144  u8         shared           1
 *      148  u16        sem              10 in slot 0, 0 in the others
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
 * <p>Source: observed files and programs of daoBase, state of 2026-04-27 (this layout) and before 2026-02-17.
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

    /** Data semaphores of a stream. */
    static final int SEMAPHORES = 10;
    /** DAO posts a semaphore only while its value is below this. */
    static final int SEMAPHORE_CAP = 1;
    /** The longest name that leaves room for its NUL; DAO's library runs over its field beyond. */
    static final int MAX_NAME_BYTES = NAME_BYTES - 1;

    private DaoDescriptor() {
    }

    /** The layouts DAO has had; only a file's size tells them apart. */
    enum Variant {
        /** Since 2026-02-17: frames in a ring. */
        FIFO("fifo", 4304, 512, 4296, -1),
        /** Before: one frame, no ring. */
        PRE_FIFO("pre-fifo", 4296, 512, -1, -1),
        /** Later in 2026: more packets, and streams on a GPU. */
        WIDE("wide", 16448, 2024, 16392, 16400);

        final String label;
        final int headerBytes;
        /** Packet ids the header has room for. */
        final int packets;
        final int fifoSize;
        final int gpuMagic;

        Variant(String label, int headerBytes, int packets, int fifoSize, int gpuMagic) {
            this.label = label;
            this.headerBytes = headerBytes;
            this.packets = packets;
            this.fifoSize = fifoSize;
            this.gpuMagic = gpuMagic;
        }

        /** Offset of the newest slot's index, or -1. */
        int fifoLastWritten() {
            return fifoSize < 0 ? -1 : fifoSize + 4;
        }

        /**
         * Size of a file.
         *
         * @throws ArithmeticException if it does not fit 63 bits
         */
        long fileBytes(long depth, long frameBytes, long keywords) {
            return Math.addExact(Math.multiplyExact(depth, Math.addExact(headerBytes, frameBytes)),
                    keywords * KEYWORD_BYTES);
        }
    }
}

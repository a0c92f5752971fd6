package org.shmrt.stream.format.milk;

/**
 * The layout of a milk stream of ImageStreamIO 2.00 and 2.01, which differ only in the version text. All numbers are little-endian, and fields have their natural
 * alignment.
 *
 * <pre>
 *   offset  type       field            meaning
 *        0  char[32]   version          2.00 or 2.01; written last, so it marks the file as complete
 *       32  char[80]   name             the stream's name, at most 79 characters
 *      112  u8         naxis            1, 2 or 3
 *      116  u32[3]     size             axis lengths, the fastest first
 *      128  u64        nelement         product of the used sizes
 *      136  u8         datatype         type code, 1 to 13
 *      144  u64        imagetype        bits; 0x1 circular, 0x2 math data; bits 16 to 19: meaning of the last axis
 *      152  timespec   creationtime     CLOCK_TAI
 *      168  timespec   lastaccesstime   CLOCK_TAI
 *      184  timespec   atime            CLOCK_TAI, when the newest frame was acquired
 *      200  timespec   writetime        CLOCK_TAI, when it was written
 *      216  i32        creatorPID
 *      220  i32        ownerPID         0
 *      224  u8         shared           1
 *      232  u64        inode            of this file
 *      240  i8         location         -1: in this file; 0 and more: on that GPU
 *      258  u16        sem              number of semaphores
 *      260  u16        NBproctrace      number of process trace records
 *      264  u64        cnt0             frame counter
 *      272  u64        cnt1             slice written last, of a rolling cube; pyMilk counts frames with it
 *      280  u64        cnt2
 *      288  u8         write            1 while a frame is written
 *      289  u8         (padding)        ShmRT's mark of the strict order
 *      290  u16        NBkw             number of keywords
 *      292  u32        CBsize           frames of the fast circular buffer
 *      296  u32        CBindex          its slot written last
 *      304  u64        CBcycle          its completed cycles
 *      312  u64        imdatamemsize    bytes of a frame
 *      320  u8[64]     cudaMemHandle
 * </pre>
 *
 * The regions follow the header, each at the end of the previous one; R8 rounds up to a multiple of 8:
 *
 * <pre>
 *   frame                  R8(imdatamemsize), if location is -1
 *   keywords               128 each
 *   semaphores             sem_t of 32 bytes each, then the log semaphore
 *   semReadPID, semWritePID, semctrl, semstatus      R8(4 * sem) each
 *   process trace          64 each
 *   slice lists            only of a rolling cube: atime, writetime (timespec), cnt0 (u64) for each slice
 *   circular buffer        48 each, then the frames, R8 in all
 *   write history          only of the build with IMAGESTRUCT_WRITEHISTORY: 100 of 32
 * </pre>
 *
 * A keyword has 128 bytes: name char[16] at 0, type char at 16, value at 24, cnt u64 at 40, comment char[80] at 48.
 *
 * <p>Source: observed files and programs of ImageStreamIO 2.00, as of 2024-03-27; for 2.01, its sources (ff2b2c5).
 */
final class MilkDescriptor {
    static final String VERSION_TEXT = "2.00";
    /** The version text of a newer release with the same layout. */
    static final String NEWER_VERSION_TEXT = "2.01";

    static final int VERSION_BYTES = 32;
    static final int NAME = 32;
    static final int NAME_BYTES = 80;
    static final int NAXIS = 112;
    static final int SIZE = 116;
    static final int NELEMENT = 128;
    static final int DATATYPE = 136;
    static final int IMAGETYPE = 144;
    static final int CREATION_TIME = 152;
    static final int LAST_ACCESS_TIME = 168;
    static final int ATIME = 184;
    static final int WRITE_TIME = 200;
    static final int CREATOR_PID = 216;
    static final int SHARED = 224;
    static final int INODE = 232;
    static final int LOCATION = 240;
    static final int SEM = 258;
    static final int NBPROCTRACE = 260;
    static final int CNT0 = 264;
    static final int CNT1 = 272;
    static final int CNT2 = 280;
    static final int WRITE = 288;
    static final int ORDER_MARK = 289;
    static final int NBKW = 290;
    static final int CBSIZE = 292;
    static final int CBINDEX = 296;
    static final int CBCYCLE = 304;
    /** Start of the fields of the build with DAO_COMPAT: lastPos, lastNb, packetNb, packetTotal, lastNbArray. */
    static final int PACKETS = 384;

    static final int PACKET_IDS = 512;
    /** Fields of the build with IMAGESTRUCT_WRITEHISTORY. */
    static final int WRITE_INDEX = 312;

    static final int WRITE_CYCLE = 320;
    static final int WRITE_RECORDS = 100;

    static final int KEYWORD_BYTES = 128;
    static final int KEYWORD_TYPE = 16;
    static final int KEYWORD_VALUE = 24;
    static final int KEYWORD_COUNT = 40;
    static final int KEYWORD_COMMENT = 48;

    static final int SEMAPHORES = 10;
    static final int SEMAPHORE_CAP = 10;
    static final int PROCESS_TRACES = 10;
    static final int LOCATION_CPU = -1;
    static final int MAX_NAME_BYTES = NAME_BYTES - 1;

    static final long TYPE_CIRCULAR = 0x1;
    static final long TYPE_MATH = 0x2;
    static final long AXIS_MASK = 0xF0000;
    static final long AXIS_TEMPORAL = 0x20000;
    /** A rolling cube with slice lists has both the circular bit and a temporal axis. */
    static final long CUBE_MASK = AXIS_MASK | 0xF;

    static final long CUBE = AXIS_TEMPORAL | TYPE_CIRCULAR;

    private MilkDescriptor() {}

    /** The builds of the library. Their headers have different sizes but the same version text. */
    enum Variant {
        /** Without options. */
        DEFAULT("", 384, 312),
        /** With DAO_COMPAT: fields for frames written in packets. */
        DAO_COMPAT("-dao-compat", 4496, 312),
        /** With IMAGESTRUCT_WRITEHISTORY: a list of the last writes. */
        WRITE_HISTORY("-writehistory", 400, 328);

        /** What follows the version text in the name of the layout. */
        final String suffix;

        final int headerBytes;
        final int dataBytes;

        Variant(String suffix, int headerBytes, int dataBytes) {
            this.suffix = suffix;
            this.headerBytes = headerBytes;
            this.dataBytes = dataBytes;
        }
    }
}

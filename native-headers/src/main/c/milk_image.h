/*
 * The milk image stream, version 2.00: its metadata in three build variants, and the records of the other regions.
 *
 * This describes files and not an interface: the types have fixed sizes and natural alignment, and are the same on
 * every 64-bit little-endian machine. The build variants have the same version text and can be distinguished only by
 * the size of the file.
 */
#ifndef SHMRT_MILK_IMAGE_H
#define SHMRT_MILK_IMAGE_H

#include <stdint.h>

/* Element types, in the field datatype. */
#define MILK_TYPE_UINT8             1
#define MILK_TYPE_INT8              2
#define MILK_TYPE_UINT16            3
#define MILK_TYPE_INT16             4
#define MILK_TYPE_UINT32            5
#define MILK_TYPE_INT32             6
#define MILK_TYPE_UINT64            7
#define MILK_TYPE_INT64             8
#define MILK_TYPE_FLOAT             9
#define MILK_TYPE_DOUBLE            10
#define MILK_TYPE_COMPLEX_FLOAT     11
#define MILK_TYPE_COMPLEX_DOUBLE    12
#define MILK_TYPE_HALF              13

/* imagetype: the kind of image, and in bits 16 to 19 the meaning of its last axis. */
#define MILK_IMAGE_CIRCULAR         0x1
#define MILK_IMAGE_MATH             0x2
#define MILK_IMAGE_RECEIVED         0x4
#define MILK_IMAGE_SENT             0x8
#define MILK_AXIS_SPATIAL           0x10000
#define MILK_AXIS_TEMPORAL          0x20000
#define MILK_AXIS_WAVELENGTH        0x30000
#define MILK_AXIS_MAPPING           0x40000
#define MILK_AXIS_MASK              0xF0000

/* Value of the field location for an image in main memory. */
#define MILK_LOCATION_CPU           (-1)

/*
 * Number of semaphores and process traces of a stream, and the value from which a writer does not post the semaphores.
 */
#define MILK_SEMAPHORES             10
#define MILK_PROCTRACES             10
#define MILK_SEMAPHORE_CAP          10
#define MILK_WRITE_HISTORY          100

/* Keyword types. */
#define MILK_KEYWORD_LONG           'L'
#define MILK_KEYWORD_DOUBLE         'D'
#define MILK_KEYWORD_STRING         'S'
#define MILK_KEYWORD_UNUSED         'N'

struct milk_timespec {
    int64_t tv_sec;
    int64_t tv_nsec;
};

/* The part that is the same in all variants. version is written last when a stream is created. */
#define MILK_IMAGE_HEAD                     \
    char version[32];                       \
    char name[80];                          \
    uint8_t naxis;                          \
    uint32_t size[3];                       \
    uint64_t nelement;                      \
    uint8_t datatype;                       \
    uint64_t imagetype;                     \
    struct milk_timespec creationtime;      \
    struct milk_timespec lastaccesstime;    \
    struct milk_timespec atime;             \
    struct milk_timespec writetime;         \
    int32_t creatorPID;                     \
    int32_t ownerPID;                       \
    uint8_t shared;                         \
    uint64_t inode;                         \
    int8_t location;                        \
    uint8_t status;                         \
    uint64_t flag;                          \
    uint8_t logflag;                        \
    uint16_t sem;                           \
    uint16_t NBproctrace;                   \
    uint64_t cnt0;                          \
    uint64_t cnt1;                          \
    uint64_t cnt2;                          \
    uint8_t write;                          \
    uint16_t NBkw;                          \
    uint32_t CBsize;                        \
    uint32_t CBindex;                       \
    uint64_t CBcycle;

/* The default build: 384 bytes. */
struct milk_image {
    MILK_IMAGE_HEAD
    uint64_t imdatamemsize;
    uint8_t cudaMemHandle[64];
};

/* Built with DAO_COMPAT: 4496 bytes. */
struct milk_image_dao_compat {
    MILK_IMAGE_HEAD
    uint64_t imdatamemsize;
    uint8_t cudaMemHandle[64];
    uint32_t lastPos;
    uint32_t lastNb;
    uint32_t packetNb;
    uint32_t packetTotal;
    uint64_t lastNbArray[512];
};

/* Built with IMAGESTRUCT_WRITEHISTORY: 400 bytes, and MILK_WRITE_HISTORY records at the end of the file. */
struct milk_image_writehistory {
    MILK_IMAGE_HEAD
    uint32_t wCBindex;
    uint64_t wCBcycle;
    uint64_t imdatamemsize;
    uint8_t cudaMemHandle[64];
};

union milk_keyword_value {
    int64_t numl;
    double numf;
    char valstr[16];
};

/* 128 bytes. A text may fill its field without a NUL. */
struct milk_keyword {
    char name[16];
    char type;
    union milk_keyword_value value;
    uint64_t cnt;
    char comment[80];
};

/* 64 bytes. */
struct milk_proctrace {
    int32_t triggermode;
    int32_t procwrite_PID;
    uint64_t trigger_inode;
    struct milk_timespec ts_procstart;
    struct milk_timespec ts_streamupdate;
    int32_t trigsemindex;
    int32_t triggerstatus;
    uint64_t cnt0;
};

/* One record of the fast circular buffer: 48 bytes. */
struct milk_circular_record {
    uint64_t cnt0;
    uint64_t cnt1;
    struct milk_timespec atime;
    struct milk_timespec writetime;
};

/* 32 bytes. */
struct milk_write_record {
    uint64_t cnt0;
    int32_t pid;
    struct milk_timespec writetime;
};

#endif /* SHMRT_MILK_IMAGE_H */

/*
 * The DAO image stream: the metadata of one slot and one keyword, in each layout that is in use.
 *
 * This describes files and not an interface: the types have fixed sizes and natural alignment, and are the same on
 * every 64-bit little-endian machine. The slots are followed by the frames and the keywords without padding, so the
 * structures may be unaligned in the file.
 */
#ifndef SHMRT_DAO_IMAGE_H
#define SHMRT_DAO_IMAGE_H

#include <stdint.h>

/* Element types, in the field atype. */
#define DAO_TYPE_UINT8      1
#define DAO_TYPE_INT8       2
#define DAO_TYPE_UINT16     3
#define DAO_TYPE_INT16      4
#define DAO_TYPE_UINT32     5
#define DAO_TYPE_INT32      6
#define DAO_TYPE_UINT64     7
#define DAO_TYPE_INT64      8
#define DAO_TYPE_FLOAT      9
#define DAO_TYPE_DOUBLE     10
#define DAO_TYPE_COMPLEX    11
#define DAO_TYPE_DCOMPLEX   12

/* Number of semaphores of a stream, and the value from which a writer does not post them. */
#define DAO_SEMAPHORES      10
#define DAO_SEMAPHORE_CAP   1

/* Number of packet ids in a slot header, and that of the wide layout. */
#define DAO_PACKETS         512
#define DAO_PACKETS_WIDE    2024

/* Keyword types. */
#define DAO_KEYWORD_LONG    'L'
#define DAO_KEYWORD_DOUBLE  'D'
#define DAO_KEYWORD_STRING  'S'
#define DAO_KEYWORD_UNUSED  'N'

/* The part that is the same in all layouts. atime contains seconds (always 0) and nanoseconds since 1970. */
#define DAO_IMAGE_HEAD       \
    char name[80];           \
    uint8_t naxis;           \
    uint32_t size[3];        \
    uint64_t nelement;       \
    uint8_t atype;           \
    double creation_time;    \
    double last_access;      \
    int64_t atime[2];        \
    uint8_t shared;          \
    uint8_t status;          \
    uint8_t logflag;         \
    uint16_t sem;            \
    uint64_t cnt0;           \
    uint64_t cnt1;           \
    uint64_t cnt2;           \
    uint8_t write;           \
    uint16_t NBkw;           \
    uint32_t lastPos;        \
    uint32_t lastNb;         \
    uint32_t packetNb;       \
    uint32_t packetTotal;

/* The layout since the introduction of FIFO streams: 4304 bytes. */
struct dao_image {
    DAO_IMAGE_HEAD
    uint64_t lastNbArray[DAO_PACKETS];
    uint32_t fifo_size;
    uint32_t fifo_last_written;
};

/* The layout before FIFO streams: 4296 bytes. */
struct dao_image_prefifo {
    DAO_IMAGE_HEAD
    uint64_t lastNbArray[DAO_PACKETS];
};

/* The wide layout: 16448 bytes. gpu_magic is 0 if the frames are in the file. */
struct dao_image_wide {
    DAO_IMAGE_HEAD
    uint64_t lastNbArray[DAO_PACKETS_WIDE];
    uint32_t fifo_size;
    uint32_t fifo_last_written;
    uint32_t gpu_magic;
    int32_t gpu_device;
    uint8_t gpu_uuid[16];
    uint32_t gpu_flags;
    uint64_t gpu_size;
    uint64_t gpu_id;
};

union dao_keyword_value {
    int64_t numl;
    double numf;
    char valstr[16];
};

/* 120 bytes. A text may fill its field without a NUL. */
struct dao_keyword {
    char name[16];
    char type;
    union dao_keyword_value value;
    char comment[80];
};

#endif /* SHMRT_DAO_IMAGE_H */

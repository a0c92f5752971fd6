/*
 * The metadata that SharedArray stores after an array's data, in each of its four sizes, which are part of the names
 * here.
 *
 * The structures are packed. They start at the end of the data, so their fields may be unaligned. In the oldest files
 * (0.1 to 0.3) the metadata of 160 bytes is at the start, and the data follows it.
 */
#ifndef SHMRT_SHARED_ARRAY_H
#define SHMRT_SHARED_ARRAY_H

#include <stdint.h>

/* numpy's type numbers on 64-bit Linux. */
#define NUMPY_BOOL           0
#define NUMPY_BYTE           1
#define NUMPY_UBYTE          2
#define NUMPY_SHORT          3
#define NUMPY_USHORT         4
#define NUMPY_INT            5
#define NUMPY_UINT           6
#define NUMPY_LONG           7
#define NUMPY_ULONG          8
#define NUMPY_LONGLONG       9
#define NUMPY_ULONGLONG      10
#define NUMPY_FLOAT          11
#define NUMPY_DOUBLE         12
#define NUMPY_LONGDOUBLE     13
#define NUMPY_CFLOAT         14
#define NUMPY_CDOUBLE        15
#define NUMPY_CLONGDOUBLE    16
#define NUMPY_OBJECT         17
#define NUMPY_STRING         18
#define NUMPY_UNICODE        19
#define NUMPY_VOID           20
#define NUMPY_DATETIME       21
#define NUMPY_TIMEDELTA      22
#define NUMPY_HALF           23
#define NUMPY_VSTRING        2056

/* 0.1 to 1.x. */
struct shared_array_160 {
    char magic[16];
    uint64_t size;
    int32_t typenum;
    int32_t ndims;
    int64_t dims[16];
} __attribute__((packed));

/* 2.0 to 3.0.0. */
struct shared_array_288 {
    char magic[16];
    uint64_t size;
    int32_t typenum;
    int32_t ndims;
    int64_t dims[32];
} __attribute__((packed));

/* 3.1.0 to 3.2.x with numpy 1. */
struct shared_array_292 {
    char magic[16];
    uint64_t size;
    int32_t typenum;
    int32_t itemsize;
    int32_t ndims;
    int64_t dims[32];
} __attribute__((packed));

/* 3.x with numpy 2. */
struct shared_array_548 {
    char magic[16];
    uint64_t size;
    int32_t typenum;
    int32_t itemsize;
    int32_t ndims;
    int64_t dims[64];
} __attribute__((packed));

#endif /* SHMRT_SHARED_ARRAY_H */

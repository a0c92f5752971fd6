/*
 * How the C programs of the rig write and read frames of existing streams.
 *
 * Each frame has its number in the first word of each 4 KiB and in the last word. The rest is a fixed pattern, which
 * is compared once at the end.
 */
#ifndef SHMRT_FRAMES_H
#define SHMRT_FRAMES_H

#include "pingpong.h"
#include <semaphore.h>
#include <stdatomic.h>

/* Depth 1 of DAO's layout with FIFO; see org.shmrt.stream.format.dao.DaoDescriptor. */
#define DAO_ATIME 136
#define DAO_CNT0 152
#define DAO_WRITE 176
#define DAO_NEWEST_SLOT 4300
#define DAO_DATA 4304
#define DAO_CAP 1
/* See org.shmrt.stream.format.milk.MilkDescriptor. */
#define MILK_ATIME 184
#define MILK_WRITETIME 200
#define MILK_CNT0 264
#define MILK_WRITE 288
#define MILK_KEYWORDS 290
#define MILK_DATA 384
#define MILK_CAP 10
#define KEYWORD_BYTES 128

#define SEMAPHORES 10
#define STAMP_STEP 512 /* words */

/* The order of a writer's stores. */
enum order {
    /* Write flag, data, time, counter, flag, full fence, semaphores: as ShmRT. */
    LEAN,
    /* As ImageStreamIO_UpdateIm and ImageStreamIO_sempost: the same without the fence, with two times if the layout
     * has them, and with a getpid() for each semaphore. */
    MILK,
    /* As daoShmImage2Shm: write flag, data, flag, newest slot, time, counter, semaphores, without a barrier. */
    DAO
};

struct stream {
    char *memory;
    _Atomic uint64_t *cnt0;
    _Atomic uint8_t *write;
    char *data;
    sem_t *semaphores[SEMAPHORES + 1];
    int32_t *writer_pids; /* one for each semaphore; DAO's files have no such table */
    int cap;
    int is_milk;
};

static sem_t *open_semaphore(const char *name)
{
    sem_t *semaphore = sem_open(name, 0);
    if (semaphore == SEM_FAILED)
        fail(name);
    return semaphore;
}

/* Semaphores are named after the file name up to its first dot. */
static void open_dao(struct stream *s, const char *path)
{
    s->cnt0 = (_Atomic uint64_t *)(s->memory + DAO_CNT0);
    s->write = (_Atomic uint8_t *)(s->memory + DAO_WRITE);
    s->data = s->memory + DAO_DATA;
    s->cap = DAO_CAP;
    s->writer_pids = calloc(SEMAPHORES, sizeof *s->writer_pids);
    const char *slash = strrchr(path, '/');
    const char *file = slash ? slash + 1 : path;
    int length = (int)strcspn(file, ".");
    char name[512];
    for (int i = 0; i < SEMAPHORES; i++) {
        snprintf(name, sizeof name, "/%.*s_sem%02d", length, file, i);
        s->semaphores[i] = open_semaphore(name);
    }
    snprintf(name, sizeof name, "/%.*s_semlog", length, file);
    s->semaphores[SEMAPHORES] = open_semaphore(name);
}

/* In the file, the semaphores follow the keywords; then come the table of readers and the table of writers. */
static void open_milk(struct stream *s, size_t bytes)
{
    s->cnt0 = (_Atomic uint64_t *)(s->memory + MILK_CNT0);
    s->write = (_Atomic uint8_t *)(s->memory + MILK_WRITE);
    s->data = s->memory + MILK_DATA;
    s->cap = MILK_CAP;
    uint16_t keywords = *(uint16_t *)(s->memory + MILK_KEYWORDS);
    char *semaphores = s->data + (bytes + 7) / 8 * 8 + (size_t)keywords * KEYWORD_BYTES;
    for (int i = 0; i <= SEMAPHORES; i++)
        s->semaphores[i] = (sem_t *)(semaphores + (size_t)i * sizeof(sem_t));
    char *reader_pids = semaphores + (SEMAPHORES + 1) * sizeof(sem_t);
    s->writer_pids = (int32_t *)(reader_pids + SEMAPHORES * sizeof(int32_t));
}

static inline void open_stream(struct stream *s, const char *path, size_t bytes, int is_milk)
{
    s->memory = map_file(path, NULL);
    s->is_milk = is_milk;
    if (is_milk)
        open_milk(s, bytes);
    else
        open_dao(s, path);
}

static inline void set_times(struct stream *s)
{
    if (!s->is_milk) {
        *(int64_t *)(s->memory + DAO_ATIME) = (int64_t)clock_ns(CLOCK_REALTIME);
        return;
    }
    struct timespec now;
    clock_gettime(CLOCK_TAI, &now);
    memcpy(s->memory + MILK_WRITETIME, &now, sizeof now);
    memcpy(s->memory + MILK_ATIME, &now, sizeof now);
}

static inline int is_under_cap(const struct stream *s, int semaphore)
{
    int value;
    return sem_getvalue(s->semaphores[semaphore], &value) == 0 && value < s->cap;
}

static inline void post(struct stream *s, int semaphore)
{
    if (is_under_cap(s, semaphore))
        sem_post(s->semaphores[semaphore]);
}

/* Increments the counter, and stores the time where the order requires it. */
static inline void commit(struct stream *s, enum order order)
{
    if (order == DAO) {
        atomic_store_explicit(s->write, 0, memory_order_release);
        *(volatile uint32_t *)(s->memory + DAO_NEWEST_SLOT) = 0;
    }
    set_times(s);
    uint64_t count = atomic_load_explicit(s->cnt0, memory_order_relaxed) + 1;
    atomic_store_explicit(s->cnt0, count, memory_order_release);
    if (order != DAO)
        atomic_store_explicit(s->write, 0, memory_order_release);
}

static inline void publish(struct stream *s, const void *frame, size_t bytes, enum order order)
{
    atomic_store_explicit(s->write, 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    memcpy(s->data, frame, bytes);
    commit(s, order);
    if (order == LEAN)
        atomic_thread_fence(memory_order_seq_cst);
    for (int i = 0; i < SEMAPHORES; i++) {
        if (order != MILK) {
            post(s, i);
            continue;
        }
        pid_t pid = getpid();
        if (is_under_cap(s, i)) {
            sem_post(s->semaphores[i]);
            s->writer_pids[i] = pid;
        }
    }
    post(s, SEMAPHORES);
}

static inline void stamp(uint64_t *frame, size_t words, uint64_t number)
{
    for (size_t i = 0; i < words; i += STAMP_STEP)
        frame[i] = number;
    frame[words - 1] = number;
}

static inline int is_stamped(const uint64_t *frame, size_t words, uint64_t number)
{
    int same = frame[words - 1] == number;
    for (size_t i = 0; i < words; i += STAMP_STEP)
        same &= frame[i] == number;
    return same;
}

/* One iteration of a wait: a pause instruction, or a sleep for 0 ns, as in DAO's own wait. */
static inline void wait_step(uint64_t *spins, int sleeps)
{
    static const struct timespec no_time = {0, 0};
    if (sleeps)
        nanosleep(&no_time, NULL);
    keep_waiting(spins);
}

/* Waits for a frame newer than the last one, until it is verified; copies it to frame unless that is null. */
static inline int read_next(struct stream *s, uint64_t *frame, size_t bytes, uint64_t *last, uint64_t number,
                            int sleeps)
{
    uint64_t spins = 0;
    for (;;) {
        uint64_t count = atomic_load_explicit(s->cnt0, memory_order_acquire);
        if (count <= *last || atomic_load_explicit(s->write, memory_order_acquire) != 0) {
            wait_step(&spins, sleeps);
            continue;
        }
        *last = count;
        int good;
        if (frame) {
            memcpy(frame, s->data, bytes);
            good = 1;
        } else {
            good = is_stamped((const uint64_t *)s->data, bytes / 8, number);
        }
        atomic_thread_fence(memory_order_acquire);
        if (atomic_load_explicit(s->write, memory_order_acquire) == 0
            && atomic_load_explicit(s->cnt0, memory_order_acquire) == count)
            return frame ? is_stamped(frame, bytes / 8, number) : good;
    }
}

static inline uint64_t *new_frame(size_t bytes)
{
    uint64_t *frame = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (!frame)
        fail("aligned_alloc");
    for (size_t i = 0; i < bytes / 8; i++)
        frame[i] = i * 0x9e3779b97f4a7c15ull;
    return frame;
}

#endif

/*
 * Frames through two existing DAO streams, both copied in by the writer and out by the spinning reader, in the
 * strict order: write flag, data, time, counter, flag, full fence, semaphores. What ShmRT does, written in C.
 *
 *   frame_pingpong initiator|echo PING PONG BYTES CPU WARMUP COUNT
 *
 * Each frame bears its number in the first word of each 4 KiB and in the last word; the rest is a fixed pattern,
 * compared whole at the end.
 */
#include "pingpong.h"
#include <semaphore.h>
#include <stdatomic.h>

/* Depth 1 of the layout with FIFO; see org.shmrt.stream.dao.DaoDescriptor. */
#define ATIME_OFFSET 136
#define CNT0_OFFSET 152
#define WRITE_OFFSET 176
#define DATA_OFFSET 4304
#define SEMAPHORES 10
#define SEMAPHORE_CAP 1
#define STAMP_STEP 512 /* words */

struct stream {
    char *memory;
    _Atomic uint64_t *cnt0;
    _Atomic uint8_t *write;
    int64_t *atime_ns;
    char *data;
    sem_t *semaphores[SEMAPHORES + 1];
};

static sem_t *open_semaphore(const char *name)
{
    sem_t *semaphore = sem_open(name, 0);
    if (semaphore == SEM_FAILED)
        fail(name);
    return semaphore;
}

/* Semaphores are named after the file's last component up to its first dot. */
static void open_stream(struct stream *s, const char *path)
{
    s->memory = map_file(path, NULL);
    s->cnt0 = (_Atomic uint64_t *)(s->memory + CNT0_OFFSET);
    s->write = (_Atomic uint8_t *)(s->memory + WRITE_OFFSET);
    s->atime_ns = (int64_t *)(s->memory + ATIME_OFFSET);
    s->data = s->memory + DATA_OFFSET;
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

static inline void publish(struct stream *s, const void *frame, size_t bytes)
{
    atomic_store_explicit(s->write, 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    memcpy(s->data, frame, bytes);
    *s->atime_ns = (int64_t)clock_ns(CLOCK_REALTIME);
    uint64_t count = atomic_load_explicit(s->cnt0, memory_order_relaxed) + 1;
    atomic_store_explicit(s->cnt0, count, memory_order_release);
    atomic_store_explicit(s->write, 0, memory_order_release);
    atomic_thread_fence(memory_order_seq_cst);
    for (int i = 0; i <= SEMAPHORES; i++) {
        int value;
        if (sem_getvalue(s->semaphores[i], &value) == 0 && value < SEMAPHORE_CAP)
            sem_post(s->semaphores[i]);
    }
}

/* Waits for a frame after the last and copies it out, until a copy is proved whole. */
static inline void read_next(struct stream *s, void *frame, size_t bytes, uint64_t *last)
{
    uint64_t turns = 0;
    for (;;) {
        uint64_t count = atomic_load_explicit(s->cnt0, memory_order_acquire);
        if (count <= *last || atomic_load_explicit(s->write, memory_order_acquire) != 0) {
            keep_waiting(&turns);
            continue;
        }
        *last = count;
        memcpy(frame, s->data, bytes);
        atomic_thread_fence(memory_order_acquire);
        if (atomic_load_explicit(s->write, memory_order_acquire) == 0
            && atomic_load_explicit(s->cnt0, memory_order_acquire) == count)
            return;
    }
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

static uint64_t *new_frame(size_t bytes)
{
    uint64_t *frame = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (!frame)
        fail("aligned_alloc");
    for (size_t i = 0; i < bytes / 8; i++)
        frame[i] = i * 0x9e3779b97f4a7c15ull;
    return frame;
}

int main(int argc, char **argv)
{
    if (argc != 8) {
        fputs("usage: frame_pingpong initiator|echo PING PONG BYTES CPU WARMUP COUNT\n", stderr);
        return 2;
    }
    parent = getppid();
    int initiator = strcmp(argv[1], "initiator") == 0;
    struct stream ping, pong;
    open_stream(&ping, argv[2]);
    open_stream(&pong, argv[3]);
    size_t bytes = strtoull(argv[4], NULL, 10);
    size_t words = bytes / 8;
    pin(atoi(argv[5]));
    uint64_t warmup = strtoull(argv[6], NULL, 10);
    uint64_t total = warmup + strtoull(argv[7], NULL, 10);

    struct stream *out = initiator ? &ping : &pong;
    struct stream *in = initiator ? &pong : &ping;
    uint64_t *mine = new_frame(bytes);
    uint64_t *theirs = new_frame(bytes);
    uint64_t first_sent = atomic_load(out->cnt0);
    uint64_t first_received = atomic_load(in->cnt0);
    uint64_t last = first_received, bad = 0;
    if (!initiator)
        say_ready();
    for (uint64_t i = 0; i < total; i++) {
        uint64_t start = 0;
        if (initiator) {
            start = clock_ns(CLOCK_MONOTONIC);
            stamp(mine, words, i);
            publish(out, mine, bytes);
        }
        read_next(in, theirs, bytes, &last);
        bad += !is_stamped(theirs, words, i);
        if (initiator) {
            uint64_t end = clock_ns(CLOCK_MONOTONIC);
            if (i >= warmup)
                histogram_record(end - start);
        } else {
            stamp(mine, words, i);
            publish(out, mine, bytes);
        }
    }
    if (total > 0) {
        uint64_t *expected = new_frame(bytes);
        stamp(expected, words, total - 1);
        bad += memcmp(expected, theirs, bytes) != 0;
    }
    print_result(atomic_load(out->cnt0) - first_sent, last - first_received, bad);
    return 0;
}

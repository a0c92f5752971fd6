/*
 * The lower bound of every round trip between two processes that sleep: two named semaphores, each with a counter.
 *
 *   semaphore_pingpong initiator|echo PING PONG CPU WARMUP COUNT
 *
 * PING and PONG are DAO streams. The counter is cnt0 and the semaphore is the first one, which is named after the file
 * name up to its first dot.
 */
#include "pingpong.h"
#include <errno.h>
#include <semaphore.h>
#include <stdatomic.h>

#define CNT0_OFFSET 152
#define TIMEOUT_S 30

struct end {
    _Atomic uint64_t *count;
    sem_t *semaphore;
};

static void open_end(struct end *end, const char *path)
{
    end->count = (_Atomic uint64_t *)((char *)map_file(path, NULL) + CNT0_OFFSET);
    const char *slash = strrchr(path, '/');
    const char *file = slash ? slash + 1 : path;
    char name[512];
    snprintf(name, sizeof name, "/%.*s_sem00", (int)strcspn(file, "."), file);
    end->semaphore = sem_open(name, 0);
    if (end->semaphore == SEM_FAILED)
        fail(name);
}

static inline void send_next(struct end *out, uint64_t *sent)
{
    atomic_store_explicit(out->count, ++*sent, memory_order_release);
    sem_post(out->semaphore);
}

/* The deadline is not renewed for each message, so that no clock call comes between two messages. */
static inline void await_next(struct end *in, struct timespec *deadline, uint64_t *spins)
{
    if ((*spins)++ % 1000 == 0) {
        clock_gettime(CLOCK_REALTIME, deadline);
        deadline->tv_sec += TIMEOUT_S;
    }
    while (sem_timedwait(in->semaphore, deadline) != 0) {
        if (errno != EINTR)
            fail("no message arrived: sem_timedwait");
    }
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        fputs("usage: semaphore_pingpong initiator|echo PING PONG CPU WARMUP COUNT\n", stderr);
        return 2;
    }
    int initiator = strcmp(argv[1], "initiator") == 0;
    struct end ping, pong;
    open_end(&ping, argv[2]);
    open_end(&pong, argv[3]);
    pin(atoi(argv[4]));
    uint64_t warmup = strtoull(argv[5], NULL, 10);
    uint64_t total = warmup + strtoull(argv[6], NULL, 10);

    struct end *out = initiator ? &ping : &pong;
    struct end *in = initiator ? &pong : &ping;
    while (sem_trywait(in->semaphore) == 0)
        ;
    uint64_t sent = atomic_load(out->count);
    uint64_t received = atomic_load(in->count);
    uint64_t first_sent = sent, first_received = received, bad = 0, spins = 0;
    struct timespec deadline;
    if (!initiator)
        print_ready();
    for (uint64_t i = 0; i < total; i++) {
        uint64_t start = 0;
        if (initiator) {
            start = clock_ns(CLOCK_MONOTONIC);
            send_next(out, &sent);
        }
        await_next(in, &deadline, &spins);
        bad += atomic_load_explicit(in->count, memory_order_acquire) != ++received;
        if (initiator) {
            uint64_t end = clock_ns(CLOCK_MONOTONIC);
            if (i >= warmup)
                histogram_record(end - start);
        } else {
            send_next(out, &sent);
        }
    }
    print_result(sent - first_sent, received - first_received, bad);
    return 0;
}

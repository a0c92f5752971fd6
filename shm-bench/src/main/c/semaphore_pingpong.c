/*
 * The floor of every round trip between two processes that sleep: two named semaphores, and a counter each.
 *
 *   semaphore_pingpong initiator|echo PING PONG CPU WARMUP COUNT
 *
 * PING and PONG are DAO streams; the counter is their cnt0, the semaphore their first, named after the file's last
 * component up to its first dot.
 */
#include "pingpong.h"
#include <errno.h>
#include <semaphore.h>
#include <stdatomic.h>

#define CNT0_OFFSET 152
#define PATIENCE_S 5

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

/* Without a deadline that is read from the clock anew for each message, so that nothing is between the two. */
static inline void await_next(struct end *in, struct timespec *deadline, uint64_t *turns)
{
    if ((*turns)++ % 1000 == 0) {
        clock_gettime(CLOCK_REALTIME, deadline);
        deadline->tv_sec += PATIENCE_S;
    }
    while (sem_timedwait(in->semaphore, deadline) != 0) {
        if (errno != EINTR)
            fail("no message came: sem_timedwait");
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
    uint64_t first_sent = sent, first_received = received, bad = 0, turns = 0;
    struct timespec deadline;
    if (!initiator)
        say_ready();
    for (uint64_t i = 0; i < total; i++) {
        uint64_t start = 0;
        if (initiator) {
            start = clock_ns(CLOCK_MONOTONIC);
            send_next(out, &sent);
        }
        await_next(in, &deadline, &turns);
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

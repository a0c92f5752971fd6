/*
 * The lower bound of every round trip through shared memory: two counters, each on its own cache line, nothing else.
 *
 *   counter_pingpong initiator|echo FILE CPU WARMUP COUNT
 *
 * FILE contains the ping counter at offset 0 and the pong counter at offset 128. Both continue from their values.
 */
#include "pingpong.h"
#include <stdatomic.h>

#define PONG_OFFSET 128

static inline uint64_t await_change(const _Atomic uint64_t *word, uint64_t last)
{
    uint64_t spins = 0;
    uint64_t now;
    while ((now = atomic_load_explicit(word, memory_order_acquire)) == last)
        keep_waiting(&spins);
    return now;
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fputs("usage: counter_pingpong initiator|echo FILE CPU WARMUP COUNT\n", stderr);
        return 2;
    }
    parent = getppid();
    int initiator = strcmp(argv[1], "initiator") == 0;
    char *memory = map_file(argv[2], NULL);
    pin(atoi(argv[3]));
    uint64_t warmup = strtoull(argv[4], NULL, 10);
    uint64_t total = warmup + strtoull(argv[5], NULL, 10);

    _Atomic uint64_t *ping = (_Atomic uint64_t *)memory;
    _Atomic uint64_t *pong = (_Atomic uint64_t *)(memory + PONG_OFFSET);
    _Atomic uint64_t *out = initiator ? ping : pong;
    _Atomic uint64_t *in = initiator ? pong : ping;
    uint64_t sent = atomic_load(out);
    uint64_t received = atomic_load(in);
    uint64_t first_sent = sent, first_received = received, bad = 0;
    if (!initiator)
        print_ready();
    for (uint64_t i = 0; i < total; i++) {
        uint64_t start = 0;
        if (initiator) {
            start = clock_ns(CLOCK_MONOTONIC);
            atomic_store_explicit(out, ++sent, memory_order_release);
        }
        uint64_t now = await_change(in, received);
        bad += now != ++received;
        if (initiator) {
            uint64_t end = clock_ns(CLOCK_MONOTONIC);
            if (i >= warmup)
                histogram_record(end - start);
        } else {
            atomic_store_explicit(out, ++sent, memory_order_release);
        }
    }
    print_result(sent - first_sent, received - first_received, bad);
    return 0;
}

/*
 * The lower bound of passing a frame through shared memory in one thread: a memcpy into a mapped file, and one out
 * of it.
 *
 *   memory_copy FILE BYTES CPU WARMUP COUNT
 */
#include "frames.h"

int main(int argc, char **argv)
{
    if (argc != 6) {
        fputs("usage: memory_copy FILE BYTES CPU WARMUP COUNT\n", stderr);
        return 2;
    }
    size_t bytes = strtoull(argv[2], NULL, 10);
    char *shared = map_file(argv[1], NULL);
    pin(atoi(argv[3]));
    uint64_t warmup = strtoull(argv[4], NULL, 10);
    uint64_t total = warmup + strtoull(argv[5], NULL, 10);
    uint64_t *outgoing = new_frame(bytes);
    uint64_t *incoming = new_frame(bytes);
    uint64_t bad = 0;
    for (uint64_t i = 0; i < total; i++) {
        stamp(outgoing, bytes / 8, i);
        uint64_t start = clock_ns(CLOCK_MONOTONIC);
        memcpy(shared, outgoing, bytes);
        __asm__ volatile("" ::: "memory");
        memcpy(incoming, shared, bytes);
        __asm__ volatile("" ::: "memory");
        uint64_t end = clock_ns(CLOCK_MONOTONIC);
        bad += !is_stamped(incoming, bytes / 8, i);
        if (i >= warmup)
            histogram_record(end - start);
    }
    bad += memcmp(outgoing, incoming, bytes) != 0;
    print_result(total, total, bad);
    return 0;
}

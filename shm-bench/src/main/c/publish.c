/*
 * The time of publishing a frame in milk's order of stores, at a fixed rate.
 *
 *   publish STREAM BYTES dao|milk CPU PERIOD_NS WARMUP COUNT
 */
#include "frames.h"

int main(int argc, char **argv)
{
    if (argc != 8) {
        fputs("usage: publish STREAM BYTES dao|milk CPU PERIOD_NS WARMUP COUNT\n", stderr);
        return 2;
    }
    size_t bytes = strtoull(argv[2], NULL, 10);
    struct stream stream;
    open_stream(&stream, argv[1], bytes, strcmp(argv[3], "milk") == 0);
    pin(atoi(argv[4]));
    uint64_t period = strtoull(argv[5], NULL, 10);
    uint64_t warmup = strtoull(argv[6], NULL, 10);
    uint64_t total = warmup + strtoull(argv[7], NULL, 10);
    uint64_t *frame = new_frame(bytes);
    uint64_t first = atomic_load(stream.cnt0);
    uint64_t due = clock_ns(CLOCK_MONOTONIC), begin = due;
    for (uint64_t i = 0; i < total; i++) {
        due += period;
        while (clock_ns(CLOCK_MONOTONIC) < due)
            spin_pause();
        if (i == warmup)
            begin = clock_ns(CLOCK_MONOTONIC);
        stamp(frame, bytes / 8, i);
        uint64_t start = clock_ns(CLOCK_MONOTONIC);
        publish(&stream, frame, bytes, MILK);
        uint64_t end = clock_ns(CLOCK_MONOTONIC);
        if (i >= warmup)
            histogram_record(end - start);
    }
    printf("elapsed %llu\n", (unsigned long long)(clock_ns(CLOCK_MONOTONIC) - begin));
    uint64_t sent = atomic_load(stream.cnt0) - first;
    print_result(sent, sent, 0);
    return 0;
}

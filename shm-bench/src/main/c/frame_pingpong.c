/*
 * Frames through two existing streams. The writer copies them in; the spinning reader copies them out or reads them
 * in place.
 *
 *   frame_pingpong initiator|echo PING PONG BYTES dao|milk lean|milk|dao copy|view|sleep CPU WARMUP COUNT
 *
 * dao|milk is the layout of the files, lean|milk|dao the writer's order of stores (see frames.h). view reads in place;
 * sleep does so too, and sleeps for 0 ns between two polls of the counter, as DAO's own waits do.
 */
#include "frames.h"

static enum order order_of(const char *word)
{
    return strcmp(word, "lean") == 0 ? LEAN : strcmp(word, "dao") == 0 ? DAO : MILK;
}

int main(int argc, char **argv)
{
    if (argc != 11) {
        fputs("usage: frame_pingpong initiator|echo PING PONG BYTES dao|milk lean|milk|dao copy|view|sleep CPU WARMUP "
              "COUNT\n", stderr);
        return 2;
    }
    parent = getppid();
    int initiator = strcmp(argv[1], "initiator") == 0;
    size_t bytes = strtoull(argv[4], NULL, 10);
    size_t words = bytes / 8;
    int is_milk = strcmp(argv[5], "milk") == 0;
    enum order order = order_of(argv[6]);
    int copies = strcmp(argv[7], "copy") == 0;
    int sleeps = strcmp(argv[7], "sleep") == 0;
    struct stream ping, pong;
    open_stream(&ping, argv[2], bytes, is_milk);
    open_stream(&pong, argv[3], bytes, is_milk);
    pin(atoi(argv[8]));
    uint64_t warmup = strtoull(argv[9], NULL, 10);
    uint64_t total = warmup + strtoull(argv[10], NULL, 10);

    struct stream *out = initiator ? &ping : &pong;
    struct stream *in = initiator ? &pong : &ping;
    uint64_t *outgoing = new_frame(bytes);
    uint64_t *incoming = copies ? new_frame(bytes) : NULL;
    uint64_t first_sent = atomic_load(out->cnt0);
    uint64_t first_received = atomic_load(in->cnt0);
    uint64_t last = first_received, bad = 0;
    if (!initiator)
        print_ready();
    for (uint64_t i = 0; i < total; i++) {
        uint64_t start = 0;
        if (initiator) {
            start = clock_ns(CLOCK_MONOTONIC);
            stamp(outgoing, words, i);
            publish(out, outgoing, bytes, order);
        }
        bad += !read_next(in, incoming, bytes, &last, i, sleeps);
        if (initiator) {
            uint64_t end = clock_ns(CLOCK_MONOTONIC);
            if (i >= warmup)
                histogram_record(end - start);
        } else {
            stamp(outgoing, words, i);
            publish(out, outgoing, bytes, order);
        }
    }
    if (total > 0) {
        uint64_t *expected = new_frame(bytes);
        stamp(expected, words, total - 1);
        bad += memcmp(expected, copies ? (char *)incoming : in->data, bytes) != 0;
    }
    print_result(atomic_load(out->cnt0) - first_sent, last - first_received, bad);
    return 0;
}

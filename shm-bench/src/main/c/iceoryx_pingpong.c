/*
 * Messages through iceoryx 2, compiled against the headers of this machine. They are copied into a chunk on loan and
 * read in place. A spinning take replaces the wait, as in the other programs.
 *
 *   iceoryx_pingpong initiator|echo NAME BYTES CPU WARMUP COUNT
 *
 * Its queues keep messages: a subscriber that is too slow gets old ones, where a stream has the newest frame. Each process
 * ends by itself and gives its chunks back; those of a killed process are only free again when RouDi ends.
 */
#include "frames.h"
#include <iceoryx_binding_c/log.h>
#include <iceoryx_binding_c/publisher.h>
#include <iceoryx_binding_c/runtime.h>
#include <iceoryx_binding_c/subscriber.h>
#include <signal.h>

static uint64_t total, bad;
static int is_complete;
static char process[100];

static void print_complete_result(void)
{
    if (is_complete)
        print_result(total, total, bad);
}

/* RouDi 2.0 sometimes forgets a process. It then never answers when the process signs off, and the process waits forever. */
static void leave_without_answer(int number)
{
    char file[120];
    (void)number;
    snprintf(file, sizeof file, "/tmp/%s", process);
    unlink(file);
    snprintf(file, sizeof file, "/tmp/%s.lock", process);
    unlink(file);
    print_complete_result();
    _exit(0);
}

static iox_pub_storage_t publisher_storage;
static iox_sub_storage_t subscriber_storage;

static iox_pub_t publish_as(const char *name, const char *event)
{
    iox_pub_options_t options;
    iox_pub_options_init(&options);
    return iox_pub_init(&publisher_storage, "shmrt_rig", name, event, &options);
}

static iox_sub_t subscribe_to(const char *name, const char *event)
{
    iox_sub_options_t options;
    iox_sub_options_init(&options);
    options.queueCapacity = 2;
    return iox_sub_init(&subscriber_storage, "shmrt_rig", name, event, &options);
}

static void send_message(iox_pub_t publisher, const uint64_t *message, size_t bytes)
{
    void *chunk;
    if (iox_pub_loan_chunk(publisher, &chunk, (uint32_t)bytes) != AllocationResult_SUCCESS) {
        fputs("iceoryx has no chunk for a message\n", stderr);
        exit(1);
    }
    memcpy(chunk, message, bytes);
    iox_pub_publish_chunk(publisher, chunk);
}

static int receive_message(iox_sub_t subscriber, size_t words, uint64_t number)
{
    const void *chunk;
    uint64_t spins = 0;
    while (iox_sub_take_chunk(subscriber, &chunk) != ChunkReceiveResult_SUCCESS)
        keep_waiting(&spins);
    int good = is_stamped(chunk, words, number);
    iox_sub_release_chunk(subscriber, chunk);
    return good;
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        fputs("usage: iceoryx_pingpong initiator|echo NAME BYTES CPU WARMUP COUNT\n", stderr);
        return 2;
    }
    int output = discard_output();
    parent = getppid();
    int initiator = strcmp(argv[1], "initiator") == 0;
    size_t bytes = strtoull(argv[3], NULL, 10);
    snprintf(process, sizeof process, "%.80s_%s", argv[2], argv[1]);
    /* Printed after the runtime's own handler at exit has signed the process off, because the rig kills a process that has
       reported, and RouDi aborts if a registered one was killed. Handlers run in the reverse order of their registration. */
    atexit(print_complete_result);
    iox_set_loglevel(Iceoryx_LogLevel_Off);
    iox_runtime_init(process);
    iox_pub_t publisher = publish_as(argv[2], initiator ? "ping" : "pong");
    iox_sub_t subscriber = subscribe_to(argv[2], initiator ? "pong" : "ping");
    pin(atoi(argv[4]));
    uint64_t warmup = strtoull(argv[5], NULL, 10);
    total = warmup + strtoull(argv[6], NULL, 10);
    uint64_t *outgoing = new_frame(bytes);
    uint64_t spins = 0;
    restore_output(output);
    if (!initiator)
        print_ready();
    /* RouDi connects the two in its own time. */
    while (!iox_pub_has_subscribers(publisher)
           || iox_sub_get_subscription_state(subscriber) != SubscribeState_SUBSCRIBED)
        keep_waiting(&spins);
    for (uint64_t i = 0; i < total; i++) {
        uint64_t start = clock_ns(CLOCK_MONOTONIC);
        if (initiator) {
            stamp(outgoing, bytes / 8, i);
            send_message(publisher, outgoing, bytes);
        }
        bad += !receive_message(subscriber, bytes / 8, i);
        if (initiator) {
            uint64_t end = clock_ns(CLOCK_MONOTONIC);
            if (i >= warmup)
                histogram_record(end - start);
        } else {
            stamp(outgoing, bytes / 8, i);
            send_message(publisher, outgoing, bytes);
        }
    }
    iox_sub_deinit(subscriber);
    iox_pub_deinit(publisher);
    iox_runtime_shutdown();
    is_complete = 1;
    signal(SIGALRM, leave_without_answer);
    alarm(1);
    return 0;
}

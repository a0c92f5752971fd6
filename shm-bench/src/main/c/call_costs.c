/*
 * The mean time of single calls on an existing stream, in one thread, without a reader: the C side of the JMH
 * benchmarks of publication, reading and waiting.
 *
 *   call_costs STREAM BYTES dao|milk CALLS
 *
 * Each line of the result is the name of a part and its time in ns, the fastest of five runs. The posts are those of
 * the C library.
 */
#include "frames.h"
#include <linux/futex.h>
#include <sys/syscall.h>

#define RUNS 5

static struct stream stream;
static uint64_t *frame;
static size_t frame_bytes;
static uint64_t sink;

static void empty_semaphores(void)
{
    for (int i = 0; i <= SEMAPHORES; i++)
        *(volatile uint32_t *)stream.semaphores[i] = 0;
}

static void raise_flag(void)
{
    atomic_store_explicit(stream.write, 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
}

static void read_clock(void)
{
    struct timespec now;
    clock_gettime(stream.is_milk ? CLOCK_TAI : CLOCK_REALTIME, &now);
    sink += (uint64_t)now.tv_nsec;
}

static void full_fence(void)
{
    atomic_thread_fence(memory_order_seq_cst);
}

static void look_at_semaphores(void)
{
    uint64_t below = 0; /* in a register: eleven additions to memory would wait for each other */
    for (int i = 0; i <= SEMAPHORES; i++)
        below += (uint64_t)is_under_cap(&stream, i);
    sink += below;
}

/* Flag and copy, as a quiet write. */
static void write_quietly(void)
{
    raise_flag();
    memcpy(stream.data, frame, frame_bytes);
    atomic_store_explicit(stream.write, 0, memory_order_release);
}

/* The whole order of a lean writer, without the frame's copy: one word is written in place. */
static void publish_in_place(void)
{
    publish(&stream, frame, sizeof *frame, LEAN);
}

static void publish_copy(void)
{
    publish(&stream, frame, frame_bytes, LEAN);
}

static void publish_and_post(void)
{
    empty_semaphores();
    publish(&stream, frame, sizeof *frame, LEAN);
}

static void read_verified(void)
{
    uint64_t count = atomic_load_explicit(stream.cnt0, memory_order_acquire);
    if (atomic_load_explicit(stream.write, memory_order_acquire) != 0)
        return;
    memcpy(frame, stream.data, frame_bytes);
    atomic_thread_fence(memory_order_acquire);
    sink += atomic_load_explicit(stream.write, memory_order_acquire) == 0
            && atomic_load_explicit(stream.cnt0, memory_order_acquire) == count;
}

/* A look for a new frame that is not there. */
static void poll_once(void)
{
    static uint64_t last;
    uint64_t count = atomic_load_explicit(stream.cnt0, memory_order_acquire);
    if (count != last && atomic_load_explicit(stream.write, memory_order_acquire) == 0)
        last = count;
}

static void pause_once(void)
{
    spin_pause();
}

/* A token that is there at once: no system call. */
static void post_and_take(void)
{
    sem_post(stream.semaphores[0]);
    sem_trywait(stream.semaphores[0]);
}

/* A system call that changes a word and finds nobody to wake, as each atomic step of ShmRT on a semaphore. */
static void futex_step(void)
{
    uint32_t *word = (uint32_t *)stream.semaphores[0];
    syscall(SYS_futex, word, FUTEX_WAKE_OP, 1, 0L, word + 1, FUTEX_OP(FUTEX_OP_ADD, 0, FUTEX_OP_CMP_EQ, 0));
}

/* A sleep that cannot begin: the time is over. */
static void wait_timed_out(void)
{
    static const struct timespec past = {0, 0};
    while (sem_trywait(stream.semaphores[0]) == 0) {
    }
    sem_clockwait(stream.semaphores[0], CLOCK_MONOTONIC, &past);
}

static void measure(const char *name, void (*call)(void), uint64_t calls)
{
    double best = 1e18;
    for (int run = 0; run <= RUNS; run++) { /* the first is the warm-up */
        uint64_t start = clock_ns(CLOCK_MONOTONIC);
        for (uint64_t i = 0; i < calls; i++)
            call();
        double ns = (double)(clock_ns(CLOCK_MONOTONIC) - start) / (double)calls;
        if (run > 0 && ns < best)
            best = ns;
    }
    printf("%-18s %8.1f\n", name, best);
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fputs("usage: call_costs STREAM BYTES dao|milk CALLS\n", stderr);
        return 2;
    }
    frame_bytes = strtoull(argv[2], NULL, 10);
    open_stream(&stream, argv[1], frame_bytes, strcmp(argv[3], "milk") == 0);
    frame = new_frame(frame_bytes);
    uint64_t calls = strtoull(argv[4], NULL, 10);
    measure("clock", read_clock, calls);
    measure("full_fence", full_fence, calls);
    measure("write_quietly", write_quietly, calls);
    /* Brings the semaphores to their cap. */
    for (int i = 0; i < MILK_CAP; i++)
        publish_copy();
    measure("look_at_semaphores", look_at_semaphores, calls);
    measure("publish_in_place", publish_in_place, calls);
    measure("publish_copy", publish_copy, calls);
    measure("publish_and_post", publish_and_post, calls);
    measure("read_verified", read_verified, calls);
    measure("poll", poll_once, calls);
    measure("pause", pause_once, calls);
    measure("post_and_take", post_and_take, calls);
    measure("futex_step", futex_step, calls);
    measure("wait_timed_out", wait_timed_out, calls);
    return sink == 0;
}

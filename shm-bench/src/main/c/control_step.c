/* control_step CAMERA MIRROR TIMES COUNT WARM_UP PERIOD_NS GUARD_NS CPU PRIORITY [prefetch]: the step of a control loop in C. It waits
 * for the newest frame of 120 x 120 unsigned 16-bit pixels, computes 288 slopes of 144 subapertures and their product
 * with a matrix of 97 x 288, and publishes 97 floats. It sleeps until GUARD_NS before the next frame is due and spins the
 * rest; with prefetch it computes an old frame first, so that its code and data are in the caches. */
#include "realtime.h"
#include "frames.h"

enum { SIDE = 120, SPOTS = 12, SIZE = 10, SLOPES = 288, ROWS = 97, PADDED = 112, TIMES_WORDS = 65536 };
static const int64_t GIVE_UP_NS = 5000000000LL;

typedef float v16 __attribute__((vector_size(64), aligned(64)));

static float matrix[SLOPES * PADDED] __attribute__((aligned(64))); /* column by column */
static float slopes[SLOPES];
static float command[PADDED] __attribute__((aligned(64)));
static int sums[SIDE], weighted[SIDE];

static void compute_slopes(const uint16_t *restrict image)
{
    for (int r = 0; r < SPOTS; r++) {
        memset(sums, 0, sizeof sums);
        memset(weighted, 0, sizeof weighted);
        for (int y = 0; y < SIZE; y++) {
            const uint16_t *line = image + (r * SIZE + y) * SIDE;
            for (int x = 0; x < SIDE; x++) {
                sums[x] += line[x];
                weighted[x] += line[x] * y;
            }
        }
        for (int k = 0; k < SPOTS; k++) {
            int total = 0, moment_x = 0, moment_y = 0;
            for (int x = 0; x < SIZE; x++) {
                total += sums[k * SIZE + x];
                moment_x += sums[k * SIZE + x] * x;
                moment_y += weighted[k * SIZE + x];
            }
            float scale = 1.0f / (float)total;
            slopes[(r * SPOTS + k) * 2] = (float)moment_x * scale - 4.5f;
            slopes[(r * SPOTS + k) * 2 + 1] = (float)moment_y * scale - 4.5f;
        }
    }
}

static void multiply(void)
{
    v16 a0 = {0}, a1 = {0}, a2 = {0}, a3 = {0}, a4 = {0}, a5 = {0}, a6 = {0};
    for (int j = 0; j < SLOPES; j++) {
        const v16 *column = (const v16 *)(matrix + j * PADDED);
        v16 s = slopes[j] - (v16){0};
        a0 += column[0] * s;
        a1 += column[1] * s;
        a2 += column[2] * s;
        a3 += column[3] * s;
        a4 += column[4] * s;
        a5 += column[5] * s;
        a6 += column[6] * s;
    }
    v16 *out = (v16 *)command;
    out[0] = a0, out[1] = a1, out[2] = a2, out[3] = a3, out[4] = a4, out[5] = a5, out[6] = a6;
}

int main(int argc, char **argv)
{
    if (argc != 10 && argc != 11)
        return 2;
    int prefetch = argc == 11;
    struct stream camera, mirror;
    open_stream(&camera, argv[1], SIDE * SIDE * 2, 1);
    open_stream(&mirror, argv[2], ROWS * 4, 1);
    int64_t *times = (int64_t *)map_file(argv[3], NULL);
    long n = atol(argv[4]), warm_up = atol(argv[5]), m = 0, lost = 0, overtaken = 0;
    int64_t period = atoll(argv[6]), guard = atoll(argv[7]);
    become_realtime(atoi(argv[8]), atoi(argv[9]));
    for (int j = 0; j < SLOPES; j++)
        for (int i = 0; i < ROWS; i++)
            matrix[j * PADDED + i] = (float)((i * SLOPES + j) * 37 % 101) / 101 - 0.5f;
    static uint16_t fixed[SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++)
        fixed[i] = (uint16_t)(100 + i % 77);
    compute_slopes(fixed);
    multiply();
    printf("CHECK %.5f %.5f %.5f\n", command[0], command[50], command[96]);
    int64_t *wake = new_samples(n), *compute = new_samples(n), *output = new_samples(n), *total = new_samples(n);
    struct rusage before, after;
    getrusage(RUSAGE_THREAD, &before);
    printf("ready\n");
    fflush(stdout);
    uint64_t last = atomic_load(camera.cnt0);
    int64_t due = 0;
    while (m < n) {
        if (due) {
            sleep_until(due - guard);
            if (prefetch) {
                compute_slopes(fixed);
                multiply();
            }
        }
        uint64_t count;
        unsigned turns = 0;
        int64_t give_up = monotonic_ns() + GIVE_UP_NS;
        for (;;) {
            count = atomic_load_explicit(camera.cnt0, memory_order_acquire);
            if (count > last && !atomic_load_explicit(camera.write, memory_order_acquire))
                break;
#if defined(__x86_64__)
            __builtin_ia32_pause();
#endif
            if ((++turns & 1023) == 0 && monotonic_ns() > give_up)
                goto done;
        }
        int64_t t1 = monotonic_ns();
        lost += (long)(count - last - 1);
        last = count;
        compute_slopes((const uint16_t *)camera.data);
        multiply();
        atomic_thread_fence(memory_order_acquire);
        if (atomic_load(camera.write) != 0 || atomic_load(camera.cnt0) != count) {
            overtaken++;
            continue;
        }
        int64_t t2 = monotonic_ns();
        publish(&mirror, command, ROWS * 4, LEAN);
        int64_t t3 = monotonic_ns();
        int64_t t0 = times[count % TIMES_WORDS];
        due = t0 + period;
        if (warm_up > 0) {
            if (--warm_up == 0) {
                getrusage(RUSAGE_THREAD, &before);
                lost = overtaken = 0;
            }
            continue;
        }
        wake[m] = t1 - t0;
        compute[m] = t2 - t1;
        output[m] = t3 - t2;
        total[m] = t3 - t0;
        m++;
    }
done:
    getrusage(RUSAGE_THREAD, &after);
    become_normal();
    print_series("wake", wake, m);
    print_series("compute", compute, m);
    print_series("publish", output, m);
    print_series("total", total, m);
    print_faults(&before, &after);
    printf("COUNT lost_frames %ld\nCOUNT overtaken %ld\n", lost, overtaken);
    return 0;
}

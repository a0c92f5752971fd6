/* frame_writer CAMERA TIMES PERIOD_NS COUNT CPU PRIORITY: publishes frames of 120 x 120 unsigned 16-bit pixels in a milk
 * stream at planned times. The time of publication of frame k is in the word k modulo 65536 of the file TIMES. */
#include "realtime.h"
#include "frames.h"

enum { SIDE = 120, PIXELS = SIDE * SIDE, KINDS = 16, TIMES_WORDS = 65536 };

int main(int argc, char **argv)
{
    if (argc != 7)
        return 2;
    struct stream camera;
    open_stream(&camera, argv[1], PIXELS * 2, 1);
    int64_t *times = (int64_t *)map_file(argv[2], NULL);
    int64_t period = atoll(argv[3]);
    long n = atol(argv[4]);
    uint16_t *frames[KINDS];
    for (int k = 0; k < KINDS; k++) {
        frames[k] = (uint16_t *)new_frame(PIXELS * 2);
        for (int i = 0; i < PIXELS; i++) {
            int x = i % SIDE % 10 - 5, y = i / SIDE % 10 - 4;
            frames[k][i] = (uint16_t)(100 + (x * x < 4 && y * y < 4 ? 3000 : 0) + (i * 7919 + k * 104729) % 97);
        }
    }
    become_realtime(atoi(argv[5]), atoi(argv[6]));
    int64_t next = monotonic_ns() + period;
    for (long i = 0; i < n; i++) {
        sleep_until(next);
        atomic_store_explicit(camera.write, 1, memory_order_relaxed);
        atomic_thread_fence(memory_order_release);
        memcpy(camera.data, frames[i % KINDS], PIXELS * 2);
        uint64_t count = atomic_load_explicit(camera.cnt0, memory_order_relaxed) + 1;
        times[count % TIMES_WORDS] = monotonic_ns();
        commit(&camera, LEAN);
        atomic_thread_fence(memory_order_seq_cst);
        for (int k = 0; k <= SEMAPHORES; k++)
            post(&camera, k);
        next += period;
        for (int64_t now = monotonic_ns(); next < now;)
            next += period;
    }
    return 0;
}

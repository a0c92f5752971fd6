/* periodic_loop PERIOD_NS COUNT GUARD_NS CPU PRIORITY: how late a periodic loop wakes. With a guard it sleeps until that
 * long before the deadline and spins the rest. */
#include "realtime.h"

static const int64_t PHASE_NS = 137000; /* off the tick of the kernel */

static void run(int64_t period, long n, int64_t guard, int64_t *late)
{
    int64_t next = (monotonic_ns() / period + 2) * period + PHASE_NS;
    for (long i = 0; i < n; i++) {
        sleep_until(next - guard);
        int64_t now = monotonic_ns();
        while (now < next) {
#if defined(__x86_64__)
            __builtin_ia32_pause();
#endif
            now = monotonic_ns();
        }
        late[i] = now - next;
        next += period;
        while (next < now)
            next += period;
    }
}

int main(int argc, char **argv)
{
    if (argc != 6)
        return 2;
    int64_t period = atoll(argv[1]), guard = atoll(argv[3]);
    long n = atol(argv[2]);
    become_realtime(atoi(argv[4]), atoi(argv[5]));
    int64_t *late = new_samples(n);
    run(period, n < 1000 ? n : 1000, guard, late);
    struct rusage before, after;
    getrusage(RUSAGE_THREAD, &before);
    run(period, n, guard, late);
    getrusage(RUSAGE_THREAD, &after);
    become_normal();
    print_series("wake", late, n);
    print_faults(&before, &after);
    return 0;
}

/*
 * Measures how late a thread that sleeps until fixed times wakes up, as cyclictest does.
 *
 *   jitter CPU PERIOD_NS COUNT
 */
#include "pingpong.h"
#include <errno.h>

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: jitter CPU PERIOD_NS COUNT\n", stderr);
        return 2;
    }
    pin(atoi(argv[1]));
    uint64_t period = strtoull(argv[2], NULL, 10);
    uint64_t count = strtoull(argv[3], NULL, 10);
    uint64_t due = clock_ns(CLOCK_MONOTONIC) + period;
    for (uint64_t i = 0; i < count; i++) {
        struct timespec t = {(time_t)(due / NS_PER_S), (long)(due % NS_PER_S)};
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
            ;
        histogram_record(clock_ns(CLOCK_MONOTONIC) - due);
        due += period;
    }
    print_result(count, count, 0);
    return 0;
}

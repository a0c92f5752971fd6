/* What the C programs of the determinism benchmark share: real-time settings, percentiles, and the form of the output:
 *
 * SERIES name count p50 p99 p99.9 p99.99 max    (ns)
 * COUNT name value
 * NOTE text
 */
#ifndef SHMRT_REALTIME_H
#define SHMRT_REALTIME_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static inline int64_t monotonic_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static inline void sleep_until(int64_t ns)
{
    struct timespec t = {ns / 1000000000LL, ns % 1000000000LL};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

/* Core, priority, locked memory; what is denied is reported, and the program goes on. */
static inline void become_realtime(int cpu, int priority)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set))
        printf("NOTE cannot use core %d\n", cpu);
    prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
    if (mlockall(MCL_CURRENT | MCL_FUTURE))
        printf("NOTE memory is not locked (mlockall was denied)\n");
    /* No idle states, as cyclictest has it: valid while the file is open. */
    int latency = open("/dev/cpu_dma_latency", O_WRONLY), zero = 0;
    if (latency < 0 || write(latency, &zero, sizeof zero) != sizeof zero)
        printf("NOTE processors may use idle states (/dev/cpu_dma_latency was denied)\n");
    struct sched_param p = {.sched_priority = priority};
    if (priority > 0 && sched_setscheduler(0, SCHED_FIFO, &p))
        printf("NOTE no real-time priority (SCHED_FIFO was denied)\n");
}

static inline void become_normal(void)
{
    struct sched_param p = {0};
    sched_setscheduler(0, SCHED_OTHER, &p);
}

static int compare_samples(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t percentile(const int64_t *sorted, long n, double q)
{
    long k = (long)(q * (double)n + 0.999999) - 1;
    return sorted[k < 0 ? 0 : k >= n ? n - 1 : k];
}

/* Sorts the samples and prints them as one line. */
static inline void print_series(const char *name, int64_t *samples, long n)
{
    if (n == 0)
        return;
    qsort(samples, (size_t)n, sizeof *samples, compare_samples);
    printf("SERIES %s %ld %lld %lld %lld %lld %lld\n", name, n, (long long)percentile(samples, n, .5),
           (long long)percentile(samples, n, .99), (long long)percentile(samples, n, .999),
           (long long)percentile(samples, n, .9999), (long long)samples[n - 1]);
}

/* Memory that is already there: no page fault when samples are stored. */
static inline int64_t *new_samples(long n)
{
    int64_t *samples = malloc((size_t)n * sizeof *samples);
    if (!samples)
        exit(1);
    memset(samples, 1, (size_t)n * sizeof *samples);
    return samples;
}

static inline void print_faults(const struct rusage *before, const struct rusage *after)
{
    printf("COUNT page_faults %ld\n",
           after->ru_minflt - before->ru_minflt + after->ru_majflt - before->ru_majflt);
    printf("COUNT involuntary_switches %ld\n", after->ru_nivcsw - before->ru_nivcsw);
}

#endif

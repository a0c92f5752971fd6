/*
 * What the C programs of the latency rig have in common: pinning, clock, pause, histogram, time limit.
 * The corresponding loops in Java are in org.shmrt.bench.rig.loop. Both languages do the same work between the same two
 * readings of the clock.
 */
#ifndef SHMRT_PINGPONG_H
#define SHMRT_PINGPONG_H

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
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S 1000000000ull

/* Like HdrHistogram with 3 significant digits: 2048 steps of 1 ns, then 1024 steps for each power of two. */
#define SUB_BUCKETS 2048
#define HALF_BUCKETS 1024
#define BUCKETS 32
static uint64_t histogram[(BUCKETS + 1) * HALF_BUCKETS];

static inline int histogram_index(uint64_t ns)
{
    int bucket = 63 - __builtin_clzll(ns | (SUB_BUCKETS - 1)) - 10;
    if (bucket >= BUCKETS)
        return (BUCKETS + 1) * HALF_BUCKETS - 1;
    return bucket * HALF_BUCKETS + (int)(ns >> bucket);
}

static inline uint64_t histogram_value(int index)
{
    int bucket = index < SUB_BUCKETS ? 0 : index / HALF_BUCKETS - 1;
    return (uint64_t)(index - bucket * HALF_BUCKETS) << bucket;
}

static inline void histogram_record(uint64_t ns)
{
    histogram[histogram_index(ns)]++;
}

static inline uint64_t clock_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

/* What Thread.onSpinWait() compiles to. */
static inline void spin_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb" ::: "memory");
#endif
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void pin(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0)
        fail("sched_setaffinity");
}

static pid_t parent;

/* One iteration of a spinning wait. Exits if the parent process has ended or the peer sends nothing. */
static inline void keep_waiting(uint64_t *spins)
{
    spin_pause();
    if ((++*spins & 0xfffff) != 0)
        return;
    if (getppid() != parent) {
        exit(1);
    }
    if (*spins >> 20 > 1000) { /* a billion iterations: some tens of seconds */
        fputs("no message arrived\n", stderr);
        exit(1);
    }
}

static inline void *map_file(const char *path, size_t *bytes)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0)
        fail(path);
    void *memory = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (memory == MAP_FAILED)
        fail(path);
    close(fd);
    if (bytes)
        *bytes = (size_t)st.st_size;
    return memory;
}

/* Standard output is reserved for the rig, and a library may print to it: it is discarded until restore_output. */
static inline int discard_output(void)
{
    int output = dup(1);
    if (dup2(open("/dev/null", O_WRONLY), 1) < 0)
        fail("/dev/null");
    return output;
}

static inline void restore_output(int output)
{
    fflush(stdout);
    dup2(output, 1);
}

/* Reports to the rig that this process is ready for the first message. */
static inline void print_ready(void)
{
    puts("ready");
    fflush(stdout);
}

static void print_result(uint64_t sent, uint64_t received, uint64_t bad)
{
    printf("sent %llu\nreceived %llu\nbad %llu\n", (unsigned long long)sent, (unsigned long long)received,
           (unsigned long long)bad);
    for (int i = 0; i < (int)(sizeof histogram / sizeof histogram[0]); i++) {
        if (histogram[i])
            printf("h %llu %llu\n", (unsigned long long)histogram_value(i), (unsigned long long)histogram[i]);
    }
    puts("end");
    fflush(stdout);
}

#endif

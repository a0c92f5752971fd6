/*
 * The lower bound of creating a large stream: a new file whose space is reserved, mapped, with all its pages present.
 * Prints the nanoseconds that took, then removes the file.
 *
 *   reserve FILE BYTES
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

static long long now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int failed(const char *call, const char *path)
{
    perror(call);
    unlink(path);
    return 1;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: reserve FILE BYTES\n", stderr);
        return 2;
    }
    const char *path = argv[1];
    off_t bytes = (off_t)strtoull(argv[2], NULL, 10);
    long long start = now_ns();
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        perror(path);
        return 1;
    }
    errno = posix_fallocate(file, 0, bytes);
    if (errno != 0)
        return failed("posix_fallocate", path);
    void *memory = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory == MAP_FAILED)
        return failed("mmap", path);
    if (madvise(memory, (size_t)bytes, MADV_POPULATE_WRITE) != 0)
        return failed("madvise", path);
    printf("%lld\n", now_ns() - start);
    unlink(path);
    return 0;
}

/* Writes frames to standard output as fast as they are read: raw_writer BYTES WARM_UP FRAMES. Prints on standard error how
 * many bytes were accepted after the first WARM_UP frames, and in how many ns. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "realtime.h"

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    size_t bytes = strtoul(argv[1], NULL, 10);
    long warm_up = atol(argv[2]), frames = atol(argv[3]);
    char *frame = malloc(bytes);
    if (!frame)
        return 1;
    memset(frame, 7, bytes);
    fcntl(STDOUT_FILENO, F_SETPIPE_SZ, 1 << 20); /* as shm grab does: the reader makes no difference */
    int64_t start = monotonic_ns();
    for (long i = 0; i < warm_up + frames; i++) {
        if (i == warm_up)
            start = monotonic_ns();
        for (size_t done = 0; done < bytes;) {
            ssize_t n = write(STDOUT_FILENO, frame + done, bytes - done);
            if (n < 0 && errno != EINTR)
                return 1;
            done += n > 0 ? n : 0;
        }
    }
    fprintf(stderr, "%ld %ld\n", (long)(frames * bytes), (long)(monotonic_ns() - start));
    return 0;
}

/*
 * Frames through two existing streams with an original library, which is loaded from the given path.
 *
 *   library_pingpong initiator|echo PING PONG BYTES dao|milk LIBRARY CPU WARMUP COUNT
 *
 * dao: daoShmImage2Shm writes; daoShmWaitForTargetCounter waits. That is DAO's "spin", which sleeps between two polls.
 * (daoShmWaitForCounter misses a frame that arrives before the call, so it cannot wait for a reply.)
 * milk: write flag and memcpy, as its users do, then ImageStreamIO_UpdateIm. The library has no call that spins on the
 * counter, so the reader does it. Frames are read in place.
 */
#include "frames.h"
#include <dlfcn.h>

/* The libraries' handle of a stream, opaque here; larger than in any version. */
struct handle {
    _Alignas(64) char opaque[16384];
};

static int8_t (*dao_open)(const char *path, struct handle *);
static int8_t (*dao_write)(void *frame, uint32_t elements, struct handle *);
static int8_t (*dao_await)(struct handle *, uint64_t count);
static int (*milk_open)(struct handle *, const char *name);
static long (*milk_update)(struct handle *);

static void *symbol(void *library, const char *name)
{
    void *found = dlsym(library, name);
    if (!found) {
        fprintf(stderr, "the library has no function %s\n", name);
        exit(1);
    }
    return found;
}

static void load(const char *path, int is_milk)
{
    void *library = dlopen(path, RTLD_NOW);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    if (is_milk) {
        milk_open = symbol(library, "ImageStreamIO_openIm");
        milk_update = symbol(library, "ImageStreamIO_UpdateIm");
    } else {
        dao_open = symbol(library, "daoShmShm2Img");
        dao_write = symbol(library, "daoShmImage2Shm");
        dao_await = symbol(library, "daoShmWaitForTargetCounter");
    }
}

/* milk finds a stream by its name in the directory MILK_SHM_DIR. */
static void open_handle(struct handle *handle, const char *path, int is_milk)
{
    int status;
    if (is_milk) {
        char directory[512], name[512];
        const char *slash = strrchr(path, '/');
        snprintf(directory, sizeof directory, "%.*s", (int)(slash - path), path);
        snprintf(name, sizeof name, "%.*s", (int)strcspn(slash + 1, "."), slash + 1);
        setenv("MILK_SHM_DIR", directory, 1);
        status = milk_open(handle, name);
    } else {
        status = dao_open(path, handle);
    }
    if (status != 0) {
        fprintf(stderr, "the library cannot open %s\n", path);
        exit(1);
    }
}

static inline void send_frame(struct stream *s, struct handle *handle, uint64_t *frame, size_t bytes)
{
    if (!s->is_milk) {
        dao_write(frame, (uint32_t)bytes, handle);
        return;
    }
    atomic_store_explicit(s->write, 1, memory_order_relaxed);
    memcpy(s->data, frame, bytes);
    milk_update(handle);
}

int main(int argc, char **argv)
{
    if (argc != 10) {
        fputs("usage: library_pingpong initiator|echo PING PONG BYTES dao|milk LIBRARY CPU WARMUP COUNT\n", stderr);
        return 2;
    }
    int output = discard_output();
    parent = getppid();
    int initiator = strcmp(argv[1], "initiator") == 0;
    size_t bytes = strtoull(argv[4], NULL, 10);
    int is_milk = strcmp(argv[5], "milk") == 0;
    load(argv[6], is_milk);
    static struct handle ping_handle, pong_handle;
    struct stream ping, pong;
    open_handle(&ping_handle, argv[2], is_milk);
    open_handle(&pong_handle, argv[3], is_milk);
    open_stream(&ping, argv[2], bytes, is_milk);
    open_stream(&pong, argv[3], bytes, is_milk);
    pin(atoi(argv[7]));
    uint64_t warmup = strtoull(argv[8], NULL, 10);
    uint64_t total = warmup + strtoull(argv[9], NULL, 10);

    struct stream *out = initiator ? &ping : &pong;
    struct stream *in = initiator ? &pong : &ping;
    struct handle *out_handle = initiator ? &ping_handle : &pong_handle;
    struct handle *in_handle = initiator ? &pong_handle : &ping_handle;
    uint64_t *outgoing = new_frame(bytes);
    uint64_t first_sent = atomic_load(out->cnt0);
    uint64_t first_received = atomic_load(in->cnt0);
    uint64_t last = first_received, bad = 0;
    restore_output(output);
    if (!initiator)
        print_ready();
    for (uint64_t i = 0; i < total; i++) {
        uint64_t start = clock_ns(CLOCK_MONOTONIC);
        if (initiator) {
            stamp(outgoing, bytes / 8, i);
            send_frame(out, out_handle, outgoing, bytes);
        }
        if (!is_milk)
            dao_await(in_handle, last + 1);
        bad += !read_next(in, NULL, bytes, &last, i, 0);
        if (initiator) {
            uint64_t end = clock_ns(CLOCK_MONOTONIC);
            if (i >= warmup)
                histogram_record(end - start);
        } else {
            stamp(outgoing, bytes / 8, i);
            send_frame(out, out_handle, outgoing, bytes);
        }
    }
    print_result(atomic_load(out->cnt0) - first_sent, last - first_received, bad);
    return 0;
}

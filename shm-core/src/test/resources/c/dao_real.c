/*
 * The programs of DaoRealTest, which use DAO's own library. One program whose name says what it does:
 *
 *   real_create PATH ATYPE S0,S1 DEPTH KEYWORDS [HEX]   creates a stream, and writes a frame
 *   real_read PATH                                      prints the newest frame
 *   real_write PATH HEX COUNT [US]                      writes a frame COUNT times, with pauses
 *   real_wait PATH SEMAPHORE TIMEOUT_S [COUNT]          prints "ready", then the newest frame after each wait
 *   real_part PATH ID TOTAL POSITION FRAME HEX          writes one packet of a frame
 *   real_finalize PATH                                  publishes the frame of the packets
 *   real_quiet PATH HEX                                 writes a frame without publishing it
 *   real_combine TARGET SOURCE...                       writes the sum of the newest frames
 *
 * Frames are printed as CNT0 HEX. Build, with DAO's dao.h and libdao.so:
 *   cc -I DAO/include dao_real.c -o DIRECTORY/real_create -L DAO/lib -Wl,-rpath,DAO/lib -ldao
 *   for name in read write wait part finalize quiet combine; do ln -s real_create DIRECTORY/real_$name; done
 */
#include <dao.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAX_SOURCES 16

static const size_t ITEM_BYTES[] = {0, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 8, 16};

static void check(int_fast8_t status, const char *what) {
    if (status != DAO_SUCCESS) {
        fprintf(stderr, "%s returned %d\n", what, (int)status);
        exit(1);
    }
}

static IMAGE *open_stream(const char *path) {
    IMAGE *image = calloc(1, sizeof(IMAGE));
    check(daoShmShm2Img(path, image), "daoShmShm2Img");
    return image;
}

static size_t item_bytes(IMAGE *image) {
    return ITEM_BYTES[image->md[0].atype];
}

/* The bytes of a text in hexadecimal; the number of elements goes to count. */
static char *parse(IMAGE *image, const char *hex, uint32_t *count) {
    size_t bytes = strlen(hex) / 2;
    char *data = malloc(bytes + 1);
    for (size_t i = 0; i < bytes; i++) {
        unsigned value;
        if (sscanf(hex + 2 * i, "%2x", &value) != 1) {
            fprintf(stderr, "not hexadecimal: %s\n", hex);
            exit(2);
        }
        data[i] = (char)value;
    }
    *count = (uint32_t)(bytes / item_bytes(image));
    return data;
}

static void write_frame(IMAGE *image, const char *hex) {
    uint32_t count;
    char *data = parse(image, hex, &count);
    check(daoShmImage2Shm(data, count, image), "daoShmImage2Shm");
    free(data);
}

static void print_newest(IMAGE *image) {
    void *frame;
    uint32_t index;
    uint64_t counter;
    check(daoShmGetNewestSegment(image, &frame, &index, &counter), "daoShmGetNewestSegment");
    printf("%llu ", (unsigned long long)counter);
    size_t bytes = image->md[0].nelement * item_bytes(image);
    for (size_t i = 0; i < bytes; i++) {
        printf("%02x", ((unsigned char *)frame)[i]);
    }
    printf("\n");
    fflush(stdout);
}

static void create(int argc, char **argv) {
    uint32_t size[3] = {1, 1, 1};
    long axes = 0;
    for (char *word = strtok(argv[3], ","); word != NULL && axes < 3; word = strtok(NULL, ",")) {
        size[axes++] = (uint32_t)atol(word);
    }
    IMAGE *image = calloc(1, sizeof(IMAGE));
    check(daoShmImageCreate_FIFO(image, argv[1], axes, size, (uint8_t)atoi(argv[2]), 1, atoi(argv[5]),
                                 (uint32_t)atol(argv[4])), "daoShmImageCreate_FIFO");
    if (argc > 6) {
        write_frame(image, argv[6]);
    }
}

static void wait_for(IMAGE *image, int semaphore, int seconds, int count) {
    printf("ready\n");
    fflush(stdout);
    for (int i = 0; i < count; i++) {
        struct timespec deadline;
        clock_gettime(CLOCK_REALTIME, &deadline);
        deadline.tv_sec += seconds;
        check(daoShmWaitForSemaphoreTimeout(image, semaphore, &deadline), "daoShmWaitForSemaphoreTimeout");
        print_newest(image);
    }
}

static void combine(int argc, char **argv) {
    IMAGE *sources[MAX_SOURCES];
    int count = argc - 2;
    if (count > MAX_SOURCES) {
        fprintf(stderr, "at most %d sources\n", MAX_SOURCES);
        exit(2);
    }
    for (int i = 0; i < count; i++) {
        sources[i] = open_stream(argv[2 + i]);
    }
    IMAGE *target = open_stream(argv[1]);
    check(daoShmCombineShm2Shm(sources, target, count, (int)target->md[0].nelement), "daoShmCombineShm2Shm");
}

int main(int argc, char **argv) {
    const char *slash = strrchr(argv[0], '/');
    const char *verb = slash == NULL ? argv[0] : slash + 1;
    uint32_t count;
    if (strcmp(verb, "real_create") == 0 && argc >= 6) {
        create(argc, argv);
    } else if (strcmp(verb, "real_read") == 0 && argc == 2) {
        print_newest(open_stream(argv[1]));
    } else if (strcmp(verb, "real_write") == 0 && argc >= 4) {
        IMAGE *image = open_stream(argv[1]);
        for (int i = atoi(argv[3]); i > 0; i--) {
            write_frame(image, argv[2]);
            if (argc > 4) {
                usleep((useconds_t)atol(argv[4]));
            }
        }
    } else if (strcmp(verb, "real_wait") == 0 && argc >= 4) {
        wait_for(open_stream(argv[1]), atoi(argv[2]), atoi(argv[3]), argc > 4 ? atoi(argv[4]) : 1);
    } else if (strcmp(verb, "real_part") == 0 && argc == 7) {
        IMAGE *image = open_stream(argv[1]);
        char *data = parse(image, argv[6], &count);
        check(daoShmImagePart2Shm(data, count, image, (uint32_t)atol(argv[4]), (uint16_t)atoi(argv[2]),
                                  (uint16_t)atoi(argv[3]), (uint64_t)atol(argv[5])), "daoShmImagePart2Shm");
    } else if (strcmp(verb, "real_finalize") == 0 && argc == 2) {
        check(daoShmImagePart2ShmFinalize(open_stream(argv[1])), "daoShmImagePart2ShmFinalize");
    } else if (strcmp(verb, "real_quiet") == 0 && argc == 3) {
        IMAGE *image = open_stream(argv[1]);
        char *data = parse(image, argv[2], &count);
        check(daoShmImage2ShmQuiet(data, count, image), "daoShmImage2ShmQuiet");
    } else if (strcmp(verb, "real_combine") == 0 && argc >= 3) {
        combine(argc, argv);
    } else {
        fprintf(stderr, "unknown program or wrong number of arguments: %s\n", verb);
        return 2;
    }
    return 0;
}

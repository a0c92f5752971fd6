/* Reads a processinfo file by the layout that milk's programs have, and prints its fields. Compiled by ProcessInfoTest. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct processinfo {
    char name[80];
    char function[200], file[200];
    int line, pid;
    struct timespec created;
    long loopcnt, loopcnt_max;
    int control;
    char tmux[100];
    int loopstat;
    char message[200];
    int statuscode, triggermode;
    long trigger_id;
    uint64_t trigger_inode;
    char trigger_name[80];
    int trigger_sem;
    uint64_t trigger_count;
    struct timespec trigger_delay, trigger_timeout;
    uint64_t timeouts;
    int missed;
    uint64_t missed_total;
    int trigger_status;
#ifdef NEWER
    void *local;
#endif
    int rt_priority;
    uint64_t cpus[16];
    int measures, timerindex, timerturns;
    struct timespec starts[100], ends[100];
    long median_iter, median_exec;
    int iter_limit_on;
    long iter_limit, iter_limit_count;
    int exec_limit_on;
    long exec_limit, exec_limit_count;
    char description[200];
};

int main(int argc, char **argv) {
    static struct processinfo p;
    FILE *f = argc > 1 ? fopen(argv[1], "rb") : NULL;
    if (!f || fread(&p, 1, sizeof p, f) != sizeof p || fgetc(f) != EOF) {
        fprintf(stderr, "not %zu bytes\n", sizeof p);
        return 1;
    }
    int i = p.timerindex;
    printf("%s %d %ld %ld %d %d %d [%s] %d %lu %d %d %d %ld %s\n", p.name, p.pid, p.loopcnt, p.loopcnt_max, p.control,
           p.loopstat, p.triggermode, p.trigger_name, p.rt_priority, (unsigned long) p.cpus[0], p.measures, i,
           p.timerturns, (p.ends[i].tv_sec - p.starts[i].tv_sec) * 1000000000L + p.ends[i].tv_nsec - p.starts[i].tv_nsec,
           p.description);
    return 0;
}

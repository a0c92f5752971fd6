/*
 * The part of POSIX and Linux that ShmRT calls, as glibc declares it on 64-bit Linux.
 *
 * Written by hand and without #include, so that jextract generates the same Java on every machine. The tests verify it:
 * they compile it together with the system's own headers and compare prototypes, layouts and values.
 *
 * Contains only what is the same on x86-64 and aarch64. The following differ, are omitted, and must be selected by
 * architecture in the code that needs them:
 *
 *                    x86-64        aarch64
 *   O_DIRECTORY      0200000       040000
 *   O_NOFOLLOW       0400000       0100000
 *   O_DIRECT         040000        0200000
 *   O_TMPFILE        020200000     020040000      contains O_DIRECTORY
 *   SYS_futex        202           98             as every system call number
 *   SYS_gettid       186           178
 *   MAP_32BIT        0x40          does not exist
 *   struct stat      144 bytes     128 bytes      use statx instead
 *
 * O_LARGEFILE is 0 in both C libraries (the kernel's own bit differs: 0100000 and 0400000) and is never needed.
 *
 * If SHMRT_PROTOTYPES_ONLY is defined, only the functions are declared. If it is then included after the system's
 * headers, a compiler rejects every prototype that differs from the system's.
 */
#ifndef SHMRT_POSIX_H
#define SHMRT_POSIX_H

#ifndef SHMRT_PROTOTYPES_ONLY

typedef unsigned long size_t;
typedef long ssize_t;
typedef long off_t;
typedef unsigned int mode_t;
typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef int pid_t;
typedef int clockid_t;

struct timespec {
    long tv_sec;
    long tv_nsec;
};

struct statx_timestamp {
    long tv_sec;
    unsigned int tv_nsec;
    int __reserved;
};

struct statx {
    unsigned int stx_mask;
    unsigned int stx_blksize;
    unsigned long stx_attributes;
    unsigned int stx_nlink;
    unsigned int stx_uid;
    unsigned int stx_gid;
    unsigned short stx_mode;
    unsigned short __spare0[1];
    unsigned long stx_ino;
    unsigned long stx_size;
    unsigned long stx_blocks;
    unsigned long stx_attributes_mask;
    struct statx_timestamp stx_atime;
    struct statx_timestamp stx_btime;
    struct statx_timestamp stx_ctime;
    struct statx_timestamp stx_mtime;
    unsigned int stx_rdev_major;
    unsigned int stx_rdev_minor;
    unsigned int stx_dev_major;
    unsigned int stx_dev_minor;
    unsigned long __spare2[14];
};

struct statvfs {
    unsigned long f_bsize;
    unsigned long f_frsize;
    unsigned long f_blocks;
    unsigned long f_bfree;
    unsigned long f_bavail;
    unsigned long f_files;
    unsigned long f_ffree;
    unsigned long f_favail;
    unsigned long f_fsid;
    unsigned long f_flag;
    unsigned long f_namemax;
    int __f_spare[6];
};

struct flock {
    short l_type;
    short l_whence;
    off_t l_start;
    off_t l_len;
    pid_t l_pid;
};

struct sched_param {
    int sched_priority;
};

typedef struct {
    unsigned long __bits[16];
} cpu_set_t;

/* Opaque. The documentation of the formats describes its content in glibc. */
typedef union {
    char __size[32];
    long __align;
} sem_t;

#define SEM_FAILED                 ((sem_t *) 0)
#define MAP_FAILED                 ((void *) -1)

/* Access modes and flags of open, openat, shm_open and sem_open. */
#define O_RDONLY                   0
#define O_WRONLY                   01
#define O_RDWR                     02
#define O_ACCMODE                  03
#define O_CREAT                    0100
#define O_EXCL                     0200
#define O_NOCTTY                   0400
#define O_TRUNC                    01000
#define O_APPEND                   02000
#define O_NONBLOCK                 04000
#define O_DSYNC                    010000
#define O_SYNC                     04010000
#define O_CLOEXEC                  02000000
#define O_NOATIME                  01000000
#define O_PATH                     010000000
#define O_ASYNC                    020000

/* File type and permission bits. */
#define S_IFMT                     0170000
#define S_IFSOCK                   0140000
#define S_IFLNK                    0120000
#define S_IFREG                    0100000
#define S_IFBLK                    060000
#define S_IFDIR                    040000
#define S_IFCHR                    020000
#define S_IFIFO                    010000
#define S_ISUID                    04000
#define S_ISGID                    02000
#define S_ISVTX                    01000
#define S_IRWXU                    0700
#define S_IRUSR                    0400
#define S_IWUSR                    0200
#define S_IXUSR                    0100
#define S_IRWXG                    070
#define S_IRGRP                    040
#define S_IWGRP                    020
#define S_IXGRP                    010
#define S_IRWXO                    07
#define S_IROTH                    04
#define S_IWOTH                    02
#define S_IXOTH                    01

/* mmap: protection and kind of mapping. */
#define PROT_NONE                  0
#define PROT_READ                  1
#define PROT_WRITE                 2
#define PROT_EXEC                  4
#define MAP_SHARED                 1
#define MAP_PRIVATE                2
#define MAP_SHARED_VALIDATE        3
#define MAP_TYPE                   0xf
#define MAP_FIXED                  0x10
#define MAP_ANONYMOUS              0x20
#define MAP_NORESERVE              0x4000
#define MAP_LOCKED                 0x2000
#define MAP_POPULATE               0x8000
#define MAP_NONBLOCK               0x10000
#define MAP_STACK                  0x20000
#define MAP_HUGETLB                0x40000
#define MAP_SYNC                   0x80000
#define MAP_FIXED_NOREPLACE        0x100000
#define MAP_HUGE_SHIFT             26
#define MAP_HUGE_MASK              0x3f
#define MAP_GROWSDOWN              0x100
#define MAP_DENYWRITE              0x800

/* msync. */
#define MS_ASYNC                   1
#define MS_INVALIDATE              2
#define MS_SYNC                    4

/* madvise. */
#define MADV_NORMAL                0
#define MADV_RANDOM                1
#define MADV_SEQUENTIAL            2
#define MADV_WILLNEED              3
#define MADV_DONTNEED              4
#define MADV_FREE                  8
#define MADV_REMOVE                9
#define MADV_DONTFORK              10
#define MADV_DOFORK                11
#define MADV_MERGEABLE             12
#define MADV_UNMERGEABLE           13
#define MADV_HUGEPAGE              14
#define MADV_NOHUGEPAGE            15
#define MADV_DONTDUMP              16
#define MADV_DODUMP                17
#define MADV_WIPEONFORK            18
#define MADV_KEEPONFORK            19
#define MADV_COLD                  20
#define MADV_PAGEOUT               21
#define MADV_POPULATE_READ         22
#define MADV_POPULATE_WRITE        23

/* mlockall. */
#define MCL_CURRENT                1
#define MCL_FUTURE                 2
#define MCL_ONFAULT                4

/* Clocks. */
#define CLOCK_REALTIME             0
#define CLOCK_MONOTONIC            1
#define CLOCK_PROCESS_CPUTIME_ID   2
#define CLOCK_THREAD_CPUTIME_ID    3
#define CLOCK_MONOTONIC_RAW        4
#define CLOCK_REALTIME_COARSE      5
#define CLOCK_MONOTONIC_COARSE     6
#define CLOCK_BOOTTIME             7
#define CLOCK_TAI                  11
#define TIMER_ABSTIME              1

/* Limits. */
#define SEM_VALUE_MAX              2147483647
#define NAME_MAX                   255
#define PATH_MAX                   4096

/* flock. */
#define LOCK_SH                    1
#define LOCK_EX                    2
#define LOCK_NB                    4
#define LOCK_UN                    8

/* fcntl. */
#define F_DUPFD                    0
#define F_GETFD                    1
#define F_SETFD                    2
#define F_GETFL                    3
#define F_SETFL                    4
#define F_GETLK                    5
#define F_SETLK                    6
#define F_SETLKW                   7
#define F_OFD_GETLK                36
#define F_OFD_SETLK                37
#define F_OFD_SETLKW               38
#define F_DUPFD_CLOEXEC            1030
#define F_ADD_SEALS                1033
#define F_GET_SEALS                1034
#define FD_CLOEXEC                 1
#define F_RDLCK                    0
#define F_WRLCK                    1
#define F_UNLCK                    2

/* The position from which the offset of a file lock is counted. */
#define SEEK_SET                   0
#define SEEK_CUR                   1
#define SEEK_END                   2

/* Flags of the calls whose names end in "at", and of statx. */
#define AT_FDCWD                   (-100)
#define AT_SYMLINK_NOFOLLOW        0x100
#define AT_REMOVEDIR               0x200
#define AT_SYMLINK_FOLLOW          0x400
#define AT_NO_AUTOMOUNT            0x800
#define AT_EMPTY_PATH              0x1000
#define AT_STATX_SYNC_AS_STAT      0
#define AT_STATX_FORCE_SYNC        0x2000
#define AT_STATX_DONT_SYNC         0x4000

/* The fields requested from statx. */
#define STATX_TYPE                 1u
#define STATX_MODE                 2u
#define STATX_NLINK                4u
#define STATX_UID                  8u
#define STATX_GID                  0x10u
#define STATX_ATIME                0x20u
#define STATX_MTIME                0x40u
#define STATX_CTIME                0x80u
#define STATX_INO                  0x100u
#define STATX_SIZE                 0x200u
#define STATX_BLOCKS               0x400u
#define STATX_BASIC_STATS          0x7ffu
#define STATX_BTIME                0x800u

/* renameat2. */
#define RENAME_NOREPLACE           1
#define RENAME_EXCHANGE            2
#define RENAME_WHITEOUT            4

/* f_flag of statvfs. */
#define ST_RDONLY                  1
#define ST_NOSUID                  2
#define ST_NOEXEC                  8

/* Scheduling. */
#define SCHED_OTHER                0
#define SCHED_FIFO                 1
#define SCHED_RR                   2
#define SCHED_BATCH                3
#define SCHED_IDLE                 5
#define SCHED_DEADLINE             6
#define SCHED_RESET_ON_FORK        1073741824
#define CPU_SETSIZE                1024

/* Signals. */
#define SIGHUP                     1
#define SIGINT                     2
#define SIGQUIT                    3
#define SIGILL                     4
#define SIGTRAP                    5
#define SIGABRT                    6
#define SIGBUS                     7
#define SIGFPE                     8
#define SIGKILL                    9
#define SIGUSR1                    10
#define SIGSEGV                    11
#define SIGUSR2                    12
#define SIGPIPE                    13
#define SIGALRM                    14
#define SIGTERM                    15
#define SIGCHLD                    17
#define SIGCONT                    18
#define SIGSTOP                    19
#define SIGTSTP                    20

/* prctl. */
#define PR_SET_PDEATHSIG           1
#define PR_GET_PDEATHSIG           2
#define PR_SET_NAME                15
#define PR_GET_NAME                16
#define PR_SET_TIMERSLACK          29
#define PR_GET_TIMERSLACK          30

/* sysconf. */
#define _SC_PAGESIZE               30
#define _SC_NPROCESSORS_CONF       83
#define _SC_NPROCESSORS_ONLN       84
#define _SC_PHYS_PAGES             85
#define _SC_AVPHYS_PAGES           86
#define _SC_SEM_NSEMS_MAX          32
#define _SC_SEM_VALUE_MAX          33
#define _SC_OPEN_MAX               4
#define _SC_LEVEL1_DCACHE_LINESIZE 190

/* futex operations (the call itself goes through syscall). */
#define FUTEX_WAIT                 0
#define FUTEX_WAKE                 1
#define FUTEX_WAKE_OP              5
#define FUTEX_WAIT_BITSET          9
#define FUTEX_WAKE_BITSET          0xa
#define FUTEX_PRIVATE_FLAG         0x80
#define FUTEX_CLOCK_REALTIME       0x100
#define FUTEX_BITSET_MATCH_ANY     0xffffffffu

/* What FUTEX_WAKE_OP does with the second word: bits 28 to 31 of its last argument; its operand is bits 12 to 23. */
#define FUTEX_OP_ADD               1
#define FUTEX_OP_ANDN              3
#define FUTEX_OP_OPARG_SHIFT       8   /* added to one of these: the operand is 1 shifted left by it */

/* Error numbers. */
#define EPERM                      1
#define ENOENT                     2
#define ESRCH                      3
#define EINTR                      4
#define EIO                        5
#define ENXIO                      6
#define E2BIG                      7
#define ENOEXEC                    8
#define EBADF                      9
#define ECHILD                     10
#define EAGAIN                     11
#define ENOMEM                     12
#define EACCES                     13
#define EFAULT                     14
#define ENOTBLK                    15
#define EBUSY                      16
#define EEXIST                     17
#define EXDEV                      18
#define ENODEV                     19
#define ENOTDIR                    20
#define EISDIR                     21
#define EINVAL                     22
#define ENFILE                     23
#define EMFILE                     24
#define ENOTTY                     25
#define ETXTBSY                    26
#define EFBIG                      27
#define ENOSPC                     28
#define ESPIPE                     29
#define EROFS                      30
#define EMLINK                     31
#define EPIPE                      32
#define EDOM                       33
#define ERANGE                     34
#define EDEADLK                    35
#define ENAMETOOLONG               36
#define ENOLCK                     37
#define ENOSYS                     38
#define ENOTEMPTY                  39
#define ELOOP                      40
#define EWOULDBLOCK                11
#define EIDRM                      43
#define ENODATA                    61
#define ETIME                      62
#define ENOLINK                    67
#define EPROTO                     71
#define EBADMSG                    74
#define EOVERFLOW                  75
#define EBADFD                     77
#define EILSEQ                     84
#define EUSERS                     87
#define ENOTSUP                    95
#define EOPNOTSUPP                 95
#define ENOBUFS                    105
#define ETIMEDOUT                  110
#define EALREADY                   114
#define EINPROGRESS                115
#define ESTALE                     116
#define EUCLEAN                    117
#define EREMOTEIO                  121
#define EDQUOT                     122
#define ECANCELED                  125
#define EOWNERDEAD                 130
#define ENOTRECOVERABLE            131
#define EHWPOISON                  133

#endif /* SHMRT_PROTOTYPES_ONLY */

/* Files, directories and shared memory objects. */
int open(const char *path, int flags, ...);
int openat(int directory, const char *path, int flags, ...);
int shm_open(const char *name, int flags, mode_t mode);
int shm_unlink(const char *name);
int close(int fd);
int linkat(int old_directory, const char *old_path, int new_directory, const char *new_path, int flags);
int unlink(const char *path);
int rename(const char *old_path, const char *new_path);
int renameat2(int old_directory, const char *old_path, int new_directory, const char *new_path, unsigned int flags);
int ftruncate(int fd, off_t length);
int posix_fallocate(int fd, off_t offset, off_t length);
int statx(int directory, const char *path, int flags, unsigned int mask, struct statx *result);
int statvfs(const char *path, struct statvfs *result);
int fstatvfs(int fd, struct statvfs *result);
int fchmod(int fd, mode_t mode);
int fchown(int fd, uid_t owner, gid_t group);
int flock(int fd, int operation);
int fcntl(int fd, int command, ...);
int fsync(int fd);
ssize_t read(int fd, void *buffer, size_t count);
ssize_t write(int fd, const void *buffer, size_t count);

/* Memory. */
void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset);
int munmap(void *address, size_t length);
int msync(void *address, size_t length, int flags);
int madvise(void *address, size_t length, int advice);
int mlock(const void *address, size_t length);
int munlock(const void *address, size_t length);
int mlockall(int flags);
int munlockall(void);
void *memcpy(void *to, const void *from, size_t count);

/* Semaphores. */
sem_t *sem_open(const char *name, int flags, ...);
int sem_close(sem_t *semaphore);
int sem_unlink(const char *name);
int sem_init(sem_t *semaphore, int shared, unsigned int value);
int sem_destroy(sem_t *semaphore);
int sem_post(sem_t *semaphore);
int sem_wait(sem_t *semaphore);
int sem_trywait(sem_t *semaphore);
int sem_timedwait(sem_t *semaphore, const struct timespec *deadline);
int sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *deadline);
int sem_getvalue(sem_t *semaphore, int *value);

/* Time. */
int clock_gettime(clockid_t clock, struct timespec *now);
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request, struct timespec *rest);

/* Processes, threads and scheduling. */
pid_t getpid(void);
pid_t gettid(void);
pid_t getpgid(pid_t pid);
uid_t geteuid(void);
int kill(pid_t pid, int signal);
int prctl(int option, ...);
int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *cpus);
int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *cpus);
int sched_setscheduler(pid_t pid, int policy, const struct sched_param *parameters);
int sched_getscheduler(pid_t pid);
int sched_get_priority_min(int policy);
int sched_get_priority_max(int policy);

/* The system. */
long sysconf(int name);
long syscall(long number, ...);
char *strerror(int error);
char *strerror_r(int error, char *buffer, size_t length); /* the GNU form, which returns the text */
const char *gnu_get_libc_version(void);

#endif /* SHMRT_POSIX_H */

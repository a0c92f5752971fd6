package org.shmrt.bench.rig.scenario;

/** Exchanges that are compared: their runs are made by turns, and they share a plot. */
public enum Group {
    COUNTER("counters alone"),
    SEMAPHORE("frames of 64 bytes, asleep on a semaphore"),
    PACED("a frame of 64 bytes every 100 µs", 100_000),
    FRAME_64("frames of 64 bytes"),
    FRAME_512("frames of 512 bytes"),
    FRAME_4K("frames of 4 KiB"),
    FRAME_64K("frames of 64 KiB"),
    DAO_64K("frames of 64 KiB in DAO's layout"),
    MESSAGE_32("messages of 32 bytes"),
    READERS("publishing 64 bytes every 10 µs, by number of readers that do not sleep", 10_000),
    COPY_4K("4 KiB in and out of shared memory in one thread"),
    COPY_64K("64 KiB in and out of shared memory in one thread"),
    COPY_1M("1 MiB in and out of shared memory in one thread"),
    COPY_16M("16 MiB in and out of shared memory in one thread"),
    COPY_64M("64 MiB in and out of shared memory in one thread"),
    WAITING("a frame of 64 bytes every 1 ms, by way of waiting", 1_000_000),
    RING("frames of 64 KiB in rings of DAO's layout"),
    FRAME_1M("frames of 1 MiB"),
    FRAME_16M("frames of 16 MiB");

    private final String title;
    private final long periodNs;

    Group(String title) {
        this(title, 0);
    }

    Group(String title, long periodNs) {
        this.title = title;
        this.periodNs = periodNs;
    }

    /** What its exchanges have in common. */
    public String title() {
        return title;
    }

    /** Time from one message to the next; 0 where each follows the answer to the one before. */
    long periodNs() {
        return periodNs;
    }

    /** Whether a time is that of a message and its answer; else of what one process does alone. */
    public boolean isRoundTrip() {
        return this != READERS && (compareTo(COPY_4K) < 0 || compareTo(COPY_64M) > 0);
    }
}

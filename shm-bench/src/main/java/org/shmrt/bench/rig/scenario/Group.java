package org.shmrt.bench.rig.scenario;

/** Scenarios that are compared: their runs are interleaved, and they share a plot. */
public enum Group {
    COUNTER("counters without frames"),
    SEMAPHORE("frames of 64 bytes, the reader sleeps on a semaphore"),
    PACED("a frame of 64 bytes every 100 µs", 100_000),
    FRAME_64("frames of 64 bytes"),
    FRAME_512("frames of 512 bytes"),
    FRAME_4K("frames of 4 KiB"),
    FRAME_64K("frames of 64 KiB"),
    DAO_64K("frames of 64 KiB in DAO's layout"),
    MESSAGE_32("messages of 32 bytes"),
    READERS("publishing 64 bytes every 10 µs, by number of readers that do not sleep", 10_000),
    COPY_4K("4 KiB into and out of shared memory in one thread"),
    COPY_64K("64 KiB into and out of shared memory in one thread"),
    COPY_1M("1 MiB into and out of shared memory in one thread"),
    COPY_16M("16 MiB into and out of shared memory in one thread"),
    COPY_64M("64 MiB into and out of shared memory in one thread"),
    WAITING("a frame of 64 bytes every 1 ms, by wait strategy", 1_000_000),
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

    /** What its scenarios have in common. */
    public String title() {
        return title;
    }

    /** Its title in a report. */
    public String heading() {
        return isRoundTrip() ? "Round trip: " + title : Character.toUpperCase(title.charAt(0)) + title.substring(1);
    }

    /** Time from one message to the next; 0 if each message is sent after the reply to the previous one. */
    long periodNs() {
        return periodNs;
    }

    /** Whether a measured time is a round trip of message and reply; otherwise it is work of one process. */
    public boolean isRoundTrip() {
        return this != READERS && (compareTo(COPY_4K) < 0 || compareTo(COPY_64M) > 0);
    }
}

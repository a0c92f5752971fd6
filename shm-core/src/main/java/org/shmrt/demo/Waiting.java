package org.shmrt.demo;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.shmrt.stream.WaitStrategy;

/** How the processes of the demo wait for frames. */
enum Waiting {
    SPIN,
    SEM,
    HYBRID;

    /** How long {@code hybrid} polls: a frame that arrives in this time needs no system call. */
    static final long HYBRID_SPIN_NS = 50_000;

    /** The way of waiting that a name of the command line means. */
    static Waiting parse(String name) {
        for (Waiting waiting : values()) {
            if (waiting.label().equals(name)) {
                return waiting;
            }
        }
        throw new IllegalArgumentException("unknown wait '" + name + "': use one of "
                + Arrays.stream(values()).map(Waiting::label).collect(Collectors.joining(", ")));
    }

    /** The name on the command line. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    WaitStrategy strategy() {
        return switch (this) {
            case SPIN -> WaitStrategy.spin();
            case SEM -> WaitStrategy.semaphore();
            case HYBRID -> WaitStrategy.hybrid(HYBRID_SPIN_NS);
        };
    }
}

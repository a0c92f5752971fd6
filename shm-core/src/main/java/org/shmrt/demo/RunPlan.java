package org.shmrt.demo;

import java.nio.file.Path;
import java.util.List;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.WaitStrategy;

/**
 * What the parent asks of its children; travels as their command line. Times of the schedule are those of the
 * monotonic clock, which all processes of a machine share and nobody sets.
 *
 * @param format name of the streams' format
 * @param waiting word for the wait strategy
 * @param rateHz frames a second
 * @param frames how many frames are due in the whole run
 * @param warmUpFrames how many of them, from the first, are not counted
 * @param live whether the mirror tells how it is getting on
 * @param directory the run's private directory
 * @param tag what makes the names of this run's streams unique
 */
record RunPlan(
        String format,
        String waiting,
        double rateHz,
        long frames,
        long warmUpFrames,
        boolean live,
        Path directory,
        String tag) {
    /** How long {@code hybrid} polls; a frame that comes at once is then met without a system call. */
    static final long HYBRID_SPIN_NS = 50_000;

    static final List<String> WAITS = List.of("spin", "sem", "hybrid");

    List<String> toArguments() {
        return List.of(
                format,
                waiting,
                Double.toString(rateHz),
                Long.toString(frames),
                Long.toString(warmUpFrames),
                Boolean.toString(live),
                directory.toString(),
                tag);
    }

    /** The plan in a child's arguments, from the second on. */
    static RunPlan fromArguments(String[] arguments) {
        return new RunPlan(
                arguments[1],
                arguments[2],
                Double.parseDouble(arguments[3]),
                Long.parseLong(arguments[4]),
                Long.parseLong(arguments[5]),
                Boolean.parseBoolean(arguments[6]),
                Path.of(arguments[7]),
                arguments[8]);
    }

    Path cameraPath() {
        return directory.resolve(tag + "-cam.im.shm");
    }

    Path commandPath() {
        return directory.resolve(tag + "-cmd.im.shm");
    }

    /** When a frame is due if the first is due at {@code startNs}. */
    long dueNs(long startNs, long frame) {
        return startNs + (long) (frame * (1e9 / rateHz));
    }

    /** Whether a frame counts: not one of the warm-up. */
    boolean isCounted(long frame) {
        return frame >= warmUpFrames;
    }

    WaitStrategy waitStrategy() {
        return switch (waiting) {
            case "spin" -> WaitStrategy.spin();
            case "sem" -> WaitStrategy.semaphore();
            case "hybrid" -> WaitStrategy.hybrid(HYBRID_SPIN_NS);
            default ->
                throw new IllegalArgumentException(
                        "unknown wait '" + waiting + "': use one of " + String.join(", ", WAITS));
        };
    }

    /** Now, in the clock that the streams' format stamps frames with. */
    long stampNs() {
        return "milk".equals(format) ? Clocks.taiNs() : Clocks.realtimeNs();
    }
}

package org.shmrt.demo;

import java.nio.file.Path;
import java.util.List;

/**
 * The instructions of the parent to its children, which receive them as command-line arguments. The schedule uses the
 * monotonic clock, which all processes of a machine share and which is never set.
 *
 * @param format name of the streams' format
 * @param waiting how to wait for frames
 * @param rateHz frames per second
 * @param frames number of frames in the whole run
 * @param warmUpFrames how many of the first frames are not counted
 * @param progress whether the mirror reports its progress
 * @param directory the private directory of the run
 * @param tag makes the names of the streams unique
 */
record RunPlan(
        String format,
        Waiting waiting,
        double rateHz,
        long frames,
        long warmUpFrames,
        Demo.Progress progress,
        Path directory,
        String tag) {
    List<String> toArguments() {
        return List.of(
                format,
                waiting.name(),
                Double.toString(rateHz),
                Long.toString(frames),
                Long.toString(warmUpFrames),
                progress.name(),
                directory.toString(),
                tag);
    }

    /** The plan in the arguments of a child; the first argument is not part of it. */
    static RunPlan fromArguments(String[] arguments) {
        return new RunPlan(
                arguments[1],
                Waiting.valueOf(arguments[2]),
                Double.parseDouble(arguments[3]),
                Long.parseLong(arguments[4]),
                Long.parseLong(arguments[5]),
                Demo.Progress.valueOf(arguments[6]),
                Path.of(arguments[7]),
                arguments[8]);
    }

    Path cameraPath() {
        return directory.resolve(tag + "-cam.im.shm");
    }

    Path commandPath() {
        return directory.resolve(tag + "-cmd.im.shm");
    }

    /** When a frame is due if frame 0 is due at {@code startNs}. */
    long dueNs(long startNs, long frame) {
        return startNs + (long) (frame * (1e9 / rateHz));
    }

    /** Whether a frame is counted, because it is not part of the warm-up. */
    boolean isCounted(long frame) {
        return frame >= warmUpFrames;
    }
}

package org.shmrt.demo;

import java.nio.file.Path;
import java.util.List;
import org.shmrt.posix.thread.Scheduling;
import org.shmrt.posix.thread.Scheduling.Priority;
import org.shmrt.text.FileNames;

/**
 * The instructions of the parent to its children, which receive them as command-line arguments. The schedule uses the
 * monotonic clock, which all processes of a machine share and which is never set.
 *
 * @param format name of the streams' format
 * @param waiting how to wait for frames
 * @param priority real-time priority of the threads that pass frames on, 0 for none
 * @param rateHz frames per second
 * @param frames number of frames in the whole run
 * @param warmUpFrames how many of the first frames are not counted
 * @param progress whether the mirror reports its progress
 * @param directory the private directory of the run
 * @param tag makes the names of the streams unique; also the name of the control loop
 */
record RunPlan(
        String format,
        Waiting waiting,
        int priority,
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
                Integer.toString(priority),
                Double.toString(rateHz),
                Long.toString(frames),
                Long.toString(warmUpFrames),
                progress.name(),
                FileNames.text(directory),
                tag);
    }

    /** The plan in the arguments of a child; the first argument is not part of it. */
    static RunPlan fromArguments(String[] arguments) {
        return new RunPlan(
                arguments[1],
                Waiting.valueOf(arguments[2]),
                Integer.parseInt(arguments[3]),
                Double.parseDouble(arguments[4]),
                Long.parseLong(arguments[5]),
                Long.parseLong(arguments[6]),
                Demo.Progress.valueOf(arguments[7]),
                FileNames.parse(arguments[8]),
                arguments[9]);
    }

    Path cameraPath() {
        return directory.resolve(tag + "-cam.im.shm");
    }

    /** A stream for the warm-up of a child. */
    Path scratchPath(String role) {
        return directory.resolve(tag + "-warmup-" + role + ".im.shm");
    }

    Path commandPath() {
        return directory.resolve(tag + "-cmd.im.shm");
    }

    /** Gives the calling thread the priority of the plan, if this user may have it. */
    void raisePriority() {
        if (priority > 0) {
            boolean ignored = Scheduling.tryPriority(Scheduling.CALLER, Priority.fifo(priority));
        }
    }

    /** Time between two frames. */
    long periodNs() {
        return (long) (1e9 / rateHz);
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

package org.shmrt.monitor;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.shmrt.text.FileNames;

/**
 * What one object showed at one moment. Immutable.
 *
 * @param facts what it is
 * @param activity what it does
 * @param users the processes that use it
 * @param note why it cannot be read, or another remark; empty if there is none
 */
public record Reading(Facts facts, Activity activity, Users users, String note) {
    /**
     * What an object is.
     *
     * @param kind its kind
     * @param name as the user types it
     * @param path its file
     * @param format the format of a stream, or the kind
     * @param shape axis lengths, empty if there are none
     * @param type type of the elements, empty if there is none
     * @param bytes size of the file
     */
    public record Facts(Kind kind, String name, Path path, String format, String shape, String type, long bytes) {
        /** What distinguishes an object from all others, also after it was created again. */
        public String key() {
            return kind == Kind.LOOP ? "loop " + name : FileNames.text(path);
        }
    }

    /**
     * What an object does.
     *
     * @param state its state
     * @param count frames or steps, without a sign; empty if the kind does not count
     * @param rateHz frames or steps per second; NaN if the kind does not count
     * @param jitterNs standard deviation of the intervals that were seen; NaN if none was
     * @param ageSeconds age of the newest frame or step; NaN if not known
     * @param lost frames of the source that are missing in the stream, or steps missed by the loop; empty if not known
     */
    public record Activity(
            State state, OptionalLong count, double rateHz, double jitterNs, double ageSeconds, OptionalLong lost) {
        /** Of an object that has no frames. */
        static Activity none(State state) {
            return new Activity(state, OptionalLong.empty(), Double.NaN, Double.NaN, Double.NaN, OptionalLong.empty());
        }
    }

    /**
     * The processes that use an object.
     *
     * @param writers those that are known to write it
     * @param readers those that reserved a semaphore
     * @param semaphores the data semaphores of a stream, in order
     * @param trace processes that led to the newest frame, the first one first
     * @param openers processes that have it mapped; empty if they were not asked for
     */
    public record Users(
            List<ProcessRef> writers,
            List<ProcessRef> readers,
            List<SemaphoreReading> semaphores,
            List<ProcessRef> trace,
            List<Opener> openers) {
        static final Users NONE = new Users(List.of(), List.of(), List.of(), List.of(), List.of());

        /** Threads that sleep on the semaphores. */
        public int waiters() {
            int waiters = 0;
            for (SemaphoreReading semaphore : semaphores) {
                waiters += semaphore.waiters();
            }
            return waiters;
        }
    }

    /**
     * A process that has an object mapped.
     *
     * @param process the process
     * @param writable whether its mapping can be written
     */
    public record Opener(ProcessRef process, boolean writable) {
        @Override
        public String toString() {
            return process + (writable ? " rw" : " ro");
        }
    }
}

package org.shmrt.stream.inspect;

/**
 * Something unusual about a stream that a user should know. Immutable.
 *
 * @param kind what it is, for programs
 * @param text the same for users, as a clause that says what they can do
 */
public record StreamProblem(Kind kind, String text) {
    /** The kinds of problems. */
    public enum Kind {
        /** Something that only concerns one format. */
        LAYOUT,
        /** The stream can be described but not opened. */
        UNREADABLE,
        /** The stream can be read but not written. */
        READ_ONLY,
        /** A write flag remains set and no writer is known. */
        STALE_FLAG,
        /** The time of the newest frame is in the future or before 2000. */
        IMPLAUSIBLE_TIME,
        /** The words of a semaphore cannot be those of one. */
        DAMAGED_SEMAPHORE,
        /** A semaphore has a higher value than writers give it. */
        SEMAPHORE_ABOVE_CAP,
        /** A semaphore of the stream's name has a number beyond those of the stream. */
        EXTRANEOUS_SEMAPHORE,
        /** Another stream has semaphores of the same names, and more of them. */
        SHARED_SEMAPHORES,
        /** The file is a copy of another one. */
        COPIED,
        /** A process uses semaphores that were removed and created again. */
        REMOVED_SEMAPHORES,
        /** Semaphores of the stream do not exist. */
        MISSING_SEMAPHORES
    }
}

package org.shmrt.runtime;

/**
 * One setting of a loop: what was wanted, what was obtained, and how to obtain the rest.
 *
 * @param id a stable name, for example {@code priority}
 * @param severity how much it matters
 * @param evidence what was wanted and what was found
 * @param remedy what to do; empty if nothing is wrong
 */
public record LoopFinding(String id, Severity severity, String evidence, String remedy) {
    /** How much a finding matters. */
    public enum Severity {
        /** As wanted. */
        OK,
        /** The loop runs, with worse times. */
        WARNING,
        /** The loop cannot run as wanted. */
        ERROR
    }

    @Override
    public String toString() {
        return severity + " " + id + ": " + evidence + (remedy.isEmpty() ? "" : ": " + remedy);
    }
}

package org.shmrt.demo;

import org.shmrt.jvm.JvmActivity;
import org.shmrt.posix.Clocks;

/**
 * Repeats the work of a child before the run until the JVM has compiled it. On a busy machine that takes longer, because
 * the compiler has to wait for a processor; a process that runs before it is done stops again and again.
 */
final class WarmUp {
    /** Duration of a round. */
    static final long ROUND_NS = 400_000_000;

    private static final int QUIET_ROUNDS = 2;
    private static final long MAX_NS = 8_000_000_000L;

    private WarmUp() {}

    /** A round of work. */
    @FunctionalInterface
    interface Round {
        /** Works until a moment on the monotonic clock. */
        void runUntil(long endNs);
    }

    /** Repeats the work until nothing was compiled for some rounds, but not much longer than the run itself. */
    static void repeat(RunPlan plan, ParentLink parent, Round round) {
        long lastNs = Clocks.monotonicNs() + Math.min(MAX_NS, plan.dueNs(0, plan.frames()));
        int quiet = 0;
        while (quiet < QUIET_ROUNDS && Clocks.monotonicNs() < lastNs && !parent.hasParentEnded()) {
            long before = JvmActivity.compilationMs();
            round.runUntil(Clocks.monotonicNs() + ROUND_NS);
            long after = JvmActivity.compilationMs();
            quiet = after == before ? quiet + 1 : 0;
        }
    }
}

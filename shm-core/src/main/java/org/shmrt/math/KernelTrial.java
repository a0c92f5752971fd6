package org.shmrt.math;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.shmrt.jvm.SegmentClasses;

/**
 * Measures the implementations alternately, first until their compiled code no longer gets faster, then for the choice.
 * Alternately, because load and clock frequency change from one second to the next.
 */
final class KernelTrial {
    /** The JIT compiler's last stage starts after some thousand calls. */
    private static final long ENOUGH_CALLS = 20_000;

    /** Or after this time, where one call takes long: its loops count as well. */
    private static final long ENOUGH_NS = 1_500_000_000L;

    /** Slower code than this is not compiled yet, or by the first compiler only: 0.05 to 1 ns for one element is usual. */
    private static final double MAX_NS_PER_ELEMENT = 3;

    private static final double CALL_NS = 2000;

    private static final long MAX_SETTLE_NS = 20_000_000_000L;
    private static final long SETTLE_BATCH_NS = 5_000_000;
    private static final int QUIET_ROUNDS = 8;
    private static final double IMPROVEMENT = 0.95;

    private static final int ROUNDS = 21;
    private static final long BATCH_NS = 200_000;

    /** A later candidate must be this much faster than an earlier one, so that chance does not decide between equals. */
    private static final double ADVANTAGE = 0.95;

    private KernelTrial() {}

    /** One implementation, the call that is measured, and how many elements of a matrix or frame a call uses. */
    record Candidate(KernelKind kind, long elements, Runnable call) {}

    /** @param candidates in order of preference */
    static KernelChoice run(List<Candidate> candidates, List<String> missing) {
        SegmentClasses.load();
        double[] best = settle(candidates);
        double[][] times = new double[candidates.size()][ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < candidates.size(); i++) {
                int calls = (int) Math.max(1, BATCH_NS / Math.max(1, best[i]));
                times[i][round] = timeNs(candidates.get(i).call(), calls);
            }
        }
        List<KernelSpeed> speeds = new ArrayList<>();
        for (int i = 0; i < times.length; i++) {
            speeds.add(new KernelSpeed(candidates.get(i).kind(), median(times[i])));
        }
        KernelSpeed chosen = speeds.getFirst();
        for (KernelSpeed speed : speeds) {
            chosen = speed.medianNs() < ADVANTAGE * chosen.medianNs() ? speed : chosen;
        }
        return new KernelChoice(chosen.kind(), speeds, missing);
    }

    /** Calls each candidate until none gets faster; returns the best times of a call. */
    private static double[] settle(List<Candidate> candidates) {
        List<Settling> all = candidates.stream()
                .map(one -> new Settling(one.call(), one.elements()))
                .toList();
        long start = System.nanoTime();
        int quiet = 0;
        boolean isSettled = false;
        while (!isSettled && System.nanoTime() - start < MAX_SETTLE_NS) {
            quiet++;
            isSettled = true;
            for (Settling one : all) {
                quiet = one.batch() ? 0 : quiet;
                isSettled &= one.isCalledEnough();
            }
            isSettled &= quiet >= QUIET_ROUNDS;
        }
        return all.stream().mapToDouble(one -> one.best).toArray();
    }

    /**
     * One candidate that is called until its code is compiled. Interpreted code of the Vector API is a thousand times slower
     * than compiled code, so its first batches say nothing.
     */
    private static final class Settling {
        private final Runnable call;
        private final double plausibleNs;
        private long calls;
        private long spentNs;
        private double best = Double.MAX_VALUE;

        Settling(Runnable call, long elements) {
            this.call = call;
            this.plausibleNs = MAX_NS_PER_ELEMENT * (double) elements + CALL_NS;
        }

        /** Calls for some milliseconds; returns whether the shortest call is clearly shorter than before. */
        boolean batch() {
            long start = System.nanoTime();
            long shortest = Long.MAX_VALUE;
            long before = start;
            do {
                call.run();
                long now = System.nanoTime();
                shortest = Math.min(shortest, now - before);
                before = now;
                calls++;
            } while (before - start < SETTLE_BATCH_NS);
            spentNs += before - start;
            boolean isFaster = (double) shortest < IMPROVEMENT * best;
            best = Math.min(best, (double) shortest);
            return isFaster;
        }

        boolean isCalledEnough() {
            return best < plausibleNs && (calls >= ENOUGH_CALLS || spentNs >= ENOUGH_NS);
        }
    }

    private static double timeNs(Runnable call, int calls) {
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            call.run();
        }
        return (double) (System.nanoTime() - start) / calls;
    }

    /** The median time of a call, over a number of batches. */
    static double medianNs(Runnable call, int batches) {
        double[] times = new double[batches];
        for (int i = 0; i < batches; i++) {
            Settling batch = new Settling(call, 0);
            batch.batch();
            times[i] = batch.best;
        }
        return median(times);
    }

    private static double median(double[] times) {
        Arrays.sort(times);
        return times[times.length / 2];
    }
}

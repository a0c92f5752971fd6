package org.shmrt.bench.rig.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.shmrt.bench.rig.scenario.Scenario;
import org.shmrt.bench.rig.scenario.Transport;
import org.shmrt.bench.rig.scenario.Waiting;

/**
 * Which ratios the machine determines and not the programs: no message can be faster than a bare counter, nor a sleeper
 * wake faster than by a bare semaphore, and a peer that sleeps between its polls takes as long as the kernel's timer.
 */
final class Floors {
    /** Times of less than this multiple of the floor are near it. */
    private static final double NEAR = 1.5;

    private final List<Outcome> outcomes;

    Floors(List<Outcome> outcomes) {
        this.outcomes = outcomes;
    }

    /** Why a ratio is a floor effect; empty if it is not, or the floor was not measured. */
    Optional<String> of(Comparison.Ratio ratio) {
        Scenario ours = ratio.comparison().numerator();
        Scenario other = ratio.comparison().denominator();
        if (other.transport() == Transport.C_DAO_SLEEP || other.transport() == Transport.C_DAO_REAL) {
            return Optional.of(
                    "floor effect: the peer sleeps between two polls, at least for the kernel's timer slack");
        }
        Scenario bare = sleeps(ours) ? Scenario.SEMAPHORE_C : Scenario.COUNTER_C;
        if (!ours.group().isRoundTrip() || other == bare || ours.periodNs() > 0) {
            return Optional.empty();
        }
        Optional<Outcome> floor = Comparison.find(outcomes, bare);
        double limitNs = floor.map(outcome -> outcome.percentileNs(50) * NEAR).orElse(0.0);
        if (ratio.numeratorNs() > limitNs) {
            return Optional.empty();
        }
        double leastRatio = floor.orElseThrow().percentileNs(50) / ratio.denominatorNs();
        return Optional.of(String.format(
                Locale.ROOT,
                ratio.denominatorNs() <= limitNs
                        ? "floor effect: both near that of the machine (%s), which would be %.2f"
                        : "near the floor of the machine (%s), which would be %.2f",
                bare,
                leastRatio));
    }

    private static boolean sleeps(Scenario scenario) {
        return scenario.waiting() == Waiting.SEMAPHORE;
    }
}

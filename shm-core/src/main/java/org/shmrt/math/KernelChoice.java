package org.shmrt.math;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The result of a warm-up: the implementation that is used from now on, and the speeds that led to it.
 *
 * @param chosen the implementation in use
 * @param speeds the speed of each implementation that this JVM can use
 * @param missing one sentence for each implementation that it cannot use: why, and what to do
 */
public record KernelChoice(KernelKind chosen, List<KernelSpeed> speeds, List<String> missing) {
    /** Copies the lists. */
    public KernelChoice {
        speeds = List.copyOf(speeds);
        missing = List.copyOf(missing);
    }

    /** {@return the measured time of one call of the chosen implementation in ns} */
    public double medianNs() {
        return speeds.stream()
                .filter(speed -> speed.kind() == chosen)
                .findFirst()
                .orElseThrow()
                .medianNs();
    }

    /** One line, for example {@code VECTOR (VECTOR 1.6 µs, SCALAR 5.1 µs, OPENBLAS 1.7 µs)}. */
    @Override
    public String toString() {
        return speeds.stream()
                .map(speed -> String.format(Locale.ROOT, "%s %.2f µs", speed.kind(), speed.medianNs() / 1000))
                .collect(Collectors.joining(", ", chosen + " (", ")"));
    }
}

package org.shmrt.bench.rig.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.shmrt.bench.rig.scenario.Plan;

/**
 * The conditions of a measurement.
 *
 * @param plan what was planned
 * @param cores where the two processes ran
 * @param compiler version and flags of the C compiler, or why there are no C programs
 * @param clockStepNs resolution of the clock
 * @param busyBefore number of processors that other programs kept busy just before the measurement
 * @param command the command line
 */
public record Environment(
        Plan plan, List<Integer> cores, String compiler, long clockStepNs, double busyBefore, String command) {
    private static final double MAX_BUSY_SHARE = 0.1;

    /** All conditions by their JSON key. */
    Map<String, String> facts() {
        Map<String, String> facts = Machine.facts();
        facts.put("c", compiler);
        facts.put("cores", cores.get(0) + "," + cores.get(1));
        facts.put("layout", plan.layout().id());
        facts.put("clock_step_ns", Long.toString(clockStepNs));
        facts.put("busy_processors_before", String.format(Locale.ROOT, "%.2f", busyBefore));
        facts.put("command", command);
        return facts;
    }

    /** A warning, if other programs kept the machine busy. */
    Optional<String> warning() {
        return busyBefore <= Machine.processors() * MAX_BUSY_SHARE
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "The machine was not idle: %.1f of %d processors were busy before the measurement. Times and"
                                + " ratios are unreliable; repeat on an idle machine.",
                        busyBefore,
                        Machine.processors()));
    }
}

package org.shmrt.bench.rig.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.bench.rig.scenario.Plan;

/**
 * Under which circumstances figures were taken.
 *
 * @param plan what was planned
 * @param cores where the two processes ran
 * @param compiler what compiled the C programs, or why there are none
 * @param clockStepNs the clock's step
 * @param busyBefore processors that others kept busy right before the measurement
 * @param command what the user typed
 */
public record Environment(
        Plan plan, List<Integer> cores, String compiler, long clockStepNs, double busyBefore, String command) {
    private static final double MOST_BUSY = 0.1;

    /** Everything, by names fit for JSON. */
    Map<String, String> facts() {
        Map<String, String> facts = Machine.facts();
        facts.put("c", compiler);
        facts.put("cores", cores.get(0) + "," + cores.get(1));
        facts.put("layout", plan.layout().word());
        facts.put("clock_step_ns", Long.toString(clockStepNs));
        facts.put("busy_processors_before", String.format(Locale.ROOT, "%.2f", busyBefore));
        facts.put("command", command);
        return facts;
    }

    /** A warning where the machine had other things to do, or null. */
    String warning() {
        return busyBefore <= Machine.processors() * MOST_BUSY
                ? null
                : String.format(
                        Locale.ROOT,
                        "The machine was not idle (%.1f of %d processors were busy before it began): neither times nor"
                                + " ratios mean much.",
                        busyBefore,
                        Machine.processors());
    }
}

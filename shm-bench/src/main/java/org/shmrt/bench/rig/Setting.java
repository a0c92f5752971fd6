package org.shmrt.bench.rig;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Under which circumstances figures were taken.
 *
 * @param plan what was planned
 * @param cores where the two processes ran
 * @param compiler what compiled the C programs, or why there are none
 * @param clockStepNs the clock's step
 * @param loadBefore load of the machine before the measurement
 * @param command what the user typed
 */
record Setting(Plan plan, List<Integer> cores, String compiler, long clockStepNs, double loadBefore,
        String command) {

    /** Everything, by names fit for JSON. */
    Map<String, String> facts() {
        Map<String, String> facts = Machine.facts();
        facts.put("c", compiler);
        facts.put("cores", cores.get(0) + "," + cores.get(1));
        facts.put("layout", plan.layout().word());
        facts.put("clock_step_ns", Long.toString(clockStepNs));
        facts.put("load_before", String.format(Locale.ROOT, "%.2f", loadBefore));
        facts.put("load_after", String.format(Locale.ROOT, "%.2f", Machine.load()));
        facts.put("command", command);
        return facts;
    }

    /** A warning where the machine had other things to do, or null. */
    String warning() {
        return loadBefore <= Machine.processors() * 0.25 ? null : String.format(Locale.ROOT,
                "The machine was not idle (load %.1f before it began): neither times nor ratios mean much.",
                loadBefore);
    }
}

package org.shmrt.doctor;

import static org.shmrt.doctor.FindingKind.JVM;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The Java release, and options in the environment that every JVM obeys. */
final class JvmCheck {
    /** The first release with an ahead-of-time cache and with generational ZGC and Shenandoah as products. */
    private static final int RECOMMENDED = 25;

    private static final List<String> VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** Options that slow a loop down, with what they do. */
    private static final Map<String, String> HARMFUL = harmful();

    private JvmCheck() {}

    private static Map<String, String> harmful() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("-Xint", "runs all code interpreted, many times slower");
        options.put("-Xcomp", "compiles without profiles, so code is slower and compiled again later");
        options.put("-XX:TieredStopAtLevel=1", "leaves out the optimising compiler");
        options.put("-agentlib:jdwp", "a debugger can stop every thread");
        options.put("-Xrunjdwp", "a debugger can stop every thread");
        options.put("-javaagent:", "an agent changes classes while they are loaded");
        options.put("-XX:+UseParallelGC", "pauses of up to some hundred ms");
        return options;
    }

    static void run(Machine machine, Findings findings) {
        if (machine.javaFeature() < RECOMMENDED) {
            findings.add(
                    JVM,
                    Severity.INFO,
                    "JDK " + machine.javaFeature(),
                    "this is Java " + machine.javaFeature() + ", and later releases suit loops better",
                    "java.version: " + machine.javaFeature(),
                    "JDK 25 has an ahead-of-time cache, which shortens the warm-up, and generational collectors with "
                            + "short pauses",
                    "# install JDK 25 and set JAVA_HOME to it");
        } else {
            findings.ok(JVM, "JDK " + machine.javaFeature(), "java.version: " + machine.javaFeature());
        }
        for (String variable : VARIABLES) {
            String value = machine.environment().getOrDefault(variable, "");
            List<String> effects = new ArrayList<>();
            HARMFUL.forEach((option, effect) -> {
                if (value.contains(option)) {
                    effects.add(option + " " + effect);
                }
            });
            if (!effects.isEmpty()) {
                findings.add(
                        JVM,
                        Severity.WARNING,
                        "$" + variable,
                        "every JVM gets options that slow loops down",
                        "$" + variable + ": " + value,
                        String.join("; ", effects),
                        "unset " + variable);
            }
        }
    }
}

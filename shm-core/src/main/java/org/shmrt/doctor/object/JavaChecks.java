package org.shmrt.doctor.object;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.doctor.FindingKind;
import org.shmrt.doctor.Findings;
import org.shmrt.doctor.Severity;
import org.shmrt.doctor.SystemFiles;

/** Java programs that use streams: which garbage collector they have. */
final class JavaChecks {
    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use(\\w+)GC");

    /** Collectors whose pauses do not grow with the memory in use. */
    private static final Set<String> SHORT_PAUSES = Set.of("Z", "Shenandoah", "Epsilon");

    /** The archive of the {@code shm} command, whose verbs are no loops. */
    private static final String COMMAND = "shm-core.jar";

    private static final int MAX_SHOWN = 6;

    private JavaChecks() {}

    static void run(SystemFiles files, OpenFiles open, Findings findings) {
        List<String> found = new ArrayList<>();
        for (int pid : open.streamUsers()) {
            List<String> words =
                    List.of(files.text("/proc/" + pid + "/cmdline").orElse("").split("\0"));
            boolean java =
                    words.getFirst().endsWith("/java") || words.getFirst().equals("java");
            if (!java || words.stream().anyMatch(word -> word.endsWith(COMMAND))) {
                continue;
            }
            String collector = collector(words);
            if (!SHORT_PAUSES.contains(collector)) {
                found.add("process " + pid + ": " + (collector.isEmpty() ? "the default" : collector));
            }
        }
        if (found.isEmpty()) {
            findings.ok(
                    FindingKind.JVM_COLLECTOR,
                    "java",
                    "no Java program that has a stream open needs another collector");
            return;
        }
        int more = found.size() - MAX_SHOWN;
        findings.add(
                FindingKind.JVM_COLLECTOR,
                Severity.INFO,
                "java",
                (found.size() == 1 ? "a Java program uses" : found.size() + " Java programs use")
                        + " streams and a garbage collector with long pauses",
                "/proc/*/cmdline: " + String.join(", ", found.subList(0, Math.min(MAX_SHOWN, found.size())))
                        + (more > 0 ? " and " + more + " more" : ""),
                "all threads stop during a pause: with another thread that allocates, up to 86 ms (Serial), 122 ms"
                        + " (G1, the default) and 929 ms (Parallel) where we measured, and 17 ms (ZGC) or 10 ms"
                        + " (Shenandoah)",
                "java -XX:+UseZGC ...    # or -XX:+UseShenandoahGC");
    }

    /** The collector that the options select: {@code G1}; empty if none does. */
    private static String collector(List<String> words) {
        String last = "";
        for (String word : words) {
            Matcher option = COLLECTOR.matcher(word);
            if (option.matches()) {
                last = option.group(1);
            }
        }
        return last;
    }
}

package org.shmrt.bench.rig.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The machine that the figures belong to, and its load. */
public final class Machine {
    private static final int SAMPLE_MS = 1000;
    private static final String UNKNOWN = "not reported by this system";

    private Machine() {}

    /** The properties of the machine by their JSON key. */
    public static Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("processor", processor());
        facts.put("processors", Integer.toString(processors()));
        facts.put("hypervisor", isVirtual() ? "yes, a virtual machine" : "none detected");
        facts.put("kernel", kernel());
        facts.put("governor", text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"));
        facts.put("isolated_cores", text("/sys/devices/system/cpu/isolated"));
        facts.put("nohz_full_cores", text("/sys/devices/system/cpu/nohz_full"));
        facts.put("clock_source", text("/sys/devices/system/clocksource/clocksource0/current_clocksource"));
        facts.put("java", java());
        facts.put(
                "jvm_flags",
                String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
        return facts;
    }

    /** The model name of the processor. */
    public static String processor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static boolean isVirtual() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .anyMatch(line -> line.startsWith("flags") && line.contains(" hypervisor"));
        } catch (IOException e) {
            return false;
        }
    }

    private static String text(String file) {
        try {
            String text = Files.readString(Path.of(file)).strip();
            return text.isEmpty() || text.equals("(null)") ? "none" : text;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /** A directory name made of what the figures depend on (processor, kernel, Java), not of the host name. */
    public static String name() {
        String name = processor() + " " + kernel() + " jdk-" + Runtime.version().feature();
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-").replaceAll("^[-.]+|[-.]+$", "");
    }

    public static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    public static String kernel() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version");
    }

    public static String java() {
        return System.getProperty("java.vm.name") + " " + Runtime.version();
    }

    /**
     * Measures for one second how many processors are busy. The load average would include programs that ended minutes
     * ago.
     *
     * @return 0 to the number of processors, or -1 if the system does not report it
     */
    public static double busyProcessors() {
        try {
            Ticks before = ticks();
            Thread.sleep(SAMPLE_MS);
            Ticks after = ticks();
            return processors() * (double) (after.busy - before.busy) / Math.max(1, after.total - before.total);
        } catch (IOException | NumberFormatException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    /** Ticks of all processors since the system started. */
    private record Ticks(long busy, long total) {}

    private static Ticks ticks() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            String[] words = lines.findFirst().orElse("cpu").strip().split("\\s+");
            long all = 0;
            long idle = 0;
            // user nice system idle iowait irq softirq steal; the guest times that follow are included in user
            for (int i = 1; i < Math.min(words.length, 9); i++) {
                long count = Long.parseLong(words[i]);
                all += count;
                idle += i == 4 || i == 5 ? count : 0;
            }
            return new Ticks(all - idle, all);
        }
    }
}

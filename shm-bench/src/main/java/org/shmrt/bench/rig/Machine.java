package org.shmrt.bench.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a figure is worth nothing without: the machine, and how much else it had to do. */
final class Machine {
    private Machine() {
    }

    static String processor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name")).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    static String kernel() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version");
    }

    static String java() {
        return System.getProperty("java.vm.name") + " " + Runtime.version();
    }

    /** Processes that wanted to run during the last minute, the measurement's own included. */
    static double load() {
        try {
            return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
    }
}

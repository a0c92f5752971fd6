package org.shmrt.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs each stress test of the memory order briefly. {@code bin/stress} runs them for hours.
 */
@Tag("slow")
class StressTest {
    private static final List<String> TESTS = List.of(
            "VerifiedReadStress",
            "UnverifiedReadStress",
            "InPlaceStress",
            "RingStress",
            "AheadStress",
            "ReservationStress",
            "PostStress",
            "SleeperStress",
            "RestartStress");

    @TempDir
    private Path directory;

    @Test
    @Timeout(1800)
    void shouldObserveNothingForbidden() throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.openjdk.jcstress.Main",
                        "-v",
                        // one JVM for each test, without variation of cores and compilers, to finish in seconds
                        "-jvmArgs",
                        "--enable-native-access=ALL-UNNAMED",
                        "-f",
                        "1",
                        "-fsm",
                        "1",
                        "-sc",
                        "false",
                        "-af",
                        "NONE",
                        "-iters",
                        "2",
                        "-time",
                        "200",
                        "-r",
                        directory.resolve("report").toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertTrue(process.waitFor(25, TimeUnit.MINUTES), "jcstress was still running after 25 minutes");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }

        String report = Files.readString(output);
        assertEquals(0, process.exitValue(), report);
        for (String test : TESTS) {
            assertTrue(report.contains("[OK] org.shmrt.bench.jcstress." + test), test + " did not run:\n" + report);
        }
    }
}

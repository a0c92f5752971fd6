package org.shmrt.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ArrayFaultChild;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.FaultRun;
import org.shmrt.testing.ManyMapsChild;
import org.shmrt.testing.Scratch;

/**
 * Arrays that another process truncates while they are in use, which raises SIGBUS, and a process that reaches its limit
 * of mappings: both must result in exceptions, in interpreted and in compiled code.
 */
@Tag("slow")
@Timeout(600)
class ArrayFaultTest {
    private static final Path MAP_LIMIT = Path.of("/proc/sys/vm/max_map_count");
    private static final long MAX_MAPS_TO_TRY = 200_000;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @ParameterizedTest
    @CsvSource({"-Xint, 5", "-Xmixed, 60", "-XX:TieredStopAtLevel=1, 20"})
    void shouldReportTruncationOnReadingElements(String mode, int rounds) {
        assertSurvives("get", mode, rounds);
    }

    @ParameterizedTest
    @CsvSource({"-Xint, 5", "-Xmixed, 60", "-XX:TieredStopAtLevel=1, 20"})
    void shouldReportTruncationOnWritingElements(String mode, int rounds) {
        assertSurvives("set", mode, rounds);
    }

    @ParameterizedTest
    @CsvSource({"-Xint, 10", "-Xmixed, 60", "-XX:TieredStopAtLevel=1, 20", "-Dshmrt.copyByWords=true, 20"})
    void shouldReportTruncationOnCopies(String mode, int rounds) {
        assertSurvives("copy", mode, rounds);
    }

    @ParameterizedTest
    @CsvSource({"-Xint, 5", "-Xmixed, 200"})
    void shouldReportTruncationOnAllOtherUses(String mode, int rounds) {
        assertSurvives("other", mode, rounds);
    }

    private void assertSurvives(String scenario, String mode, int rounds) {
        FaultRun.assertSurvives(
                mode, ArrayFaultChild.class, scenario, scratch.directory().resolve(scenario), rounds);
    }

    @Test
    void shouldReportTheLimitOfMappingsAndContinue() throws IOException {
        long limit = Long.parseLong(Files.readAllLines(MAP_LIMIT).getFirst().strip());
        Assumptions.assumeTrue(limit <= MAX_MAPS_TO_TRY, "vm.max_map_count is too high here to reach it: " + limit);
        String name = "file://" + scratch.directory().resolve("array");
        SharedArray.create(name, DataType.INT8, Shape.of(3)).close();
        List<String> flags = List.of(
                "-Xmx512m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+ErrorFileToStderr",
                "--enable-native-access=ALL-UNNAMED");

        try (ChildProcess child =
                ChildProcess.start(ChildJvm.command(flags, ManyMapsChild.class, name, Long.toString(limit)))) {
            for (int attempt = 0; attempt < 2; attempt++) {
                String message = child.line();

                assertTrue(message.contains("the limit vm.max_map_count is " + limit), message);
                assertTrue(message.contains("sysctl -w vm.max_map_count=" + 2 * limit), message);
                assertTrue(message.contains(scratch.directory().toString()), message);
            }
            assertEquals(List.of("ok"), child.finish(), "the process continues");
        }
    }
}

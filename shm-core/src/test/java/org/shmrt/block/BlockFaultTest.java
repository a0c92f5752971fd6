package org.shmrt.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.BlockFaultChild;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.ChildJvm;

/**
 * Blocks cut off by another process, or linked again, while they are in use: in interpreted and in compiled code an
 * exception each time, or nothing to be noticed.
 */
@Timeout(120)
class BlockFaultTest {
    @RegisterExtension
    final BlockScratch scratch = new BlockScratch();

    @ParameterizedTest
    @CsvSource({
        "list, -Xint, 5",
        "list, -Xmixed, 40",
        "list, -XX:TieredStopAtLevel=1, 20",
        "copy, -Xint, 10",
        "copy, -Xmixed, 60",
        "copy, -XX:TieredStopAtLevel=1, 20",
        "relink, -Xint, 2",
        "relink, -Xmixed, 10"
    })
    void shouldSurviveWhatHappensToTheMemory(String scenario, String mode, int rounds) {
        List<String> flags = List.of(
                mode,
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+ErrorFileToStderr",
                "--enable-native-access=ALL-UNNAMED");
        try (ChildProcess child = ChildProcess.start(ChildJvm.command(
                flags, BlockFaultChild.class, scenario, scratch.name(scenario), Integer.toString(rounds)))) {
            assertEquals(List.of("ok"), child.finish());
        }
        assertEquals(List.of(), scratch.names());
    }
}

package org.shmrt.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.testing.BlockFaultChild;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.FaultRun;

/**
 * Blocks that are truncated or linked again while they are in use: the former must result in exceptions, the latter in
 * nothing, in interpreted and in compiled code. With the property, a JVM copies as on aarch64.
 */
@Tag("slow")
@Timeout(600)
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
        "list, -Dshmrt.copyByWords=true, 10",
        "copy, -Dshmrt.copyByWords=true, 20",
        "relink, -Xint, 2",
        "relink, -Xmixed, 10"
    })
    void shouldHandleAccessFaults(String scenario, String mode, int rounds) {
        FaultRun.assertSurvives(mode, BlockFaultChild.class, scenario, scratch.name(scenario), rounds);
        assertEquals(List.of(), scratch.names());
    }
}

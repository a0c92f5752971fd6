package org.shmrt.fuzz;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Checks every seed of every target, so that earlier findings, which are kept as seeds, stay fixed without a fuzzer.
 */
class FuzzSeedsTest {
    @TestFactory
    Stream<DynamicTest> shouldUseOrRefuseEverySeed() {
        return FuzzTargets.names().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    FuzzTarget target = FuzzTargets.named(name);
                    for (byte[] seed : target.seeds()) {
                        FuzzCheck.check(target, seed);
                    }
                }));
    }
}

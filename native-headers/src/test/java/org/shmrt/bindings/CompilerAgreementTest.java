package org.shmrt.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares the generated Java with the results of a C compiler for our headers and the system's. Skipped if there is no
 * compiler.
 */
class CompilerAgreementTest {
    private static final String COMPILER = "cc";
    private static final String CROSS_COMPILER = "aarch64-linux-gnu-gcc";

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void shouldAgreeWithOurHeaders(Bindings bindings) {
        Map<String, String> compiled = probe(COMPILER).factsOfHeader(bindings);

        assertEquals(List.of(), Bindings.differences(compiled, bindings.facts()));
    }

    @Test
    void shouldAgreeWithTheLayoutsAndConstantsOfTheSystem() {
        Map<String, String> system = probe(COMPILER).factsOfSystem(Bindings.POSIX, ProbeTable.resource("system.h"));

        Map<String, String> generated = new TreeMap<>(Bindings.POSIX.facts());
        int generatedCount = generated.size();
        generated.keySet().retainAll(system.keySet());

        assertEquals(List.of(), Bindings.differences(system, generated));
        // Few names are missing from the system's headers because these are too old, or because the names are reserved.
        assertTrue(generated.size() > 0.9 * generatedCount, generated.size() + " of " + generatedCount + " compared");
    }

    @Test
    void shouldDeclareFunctionsAsTheSystemDoes() {
        probe(COMPILER)
                .compile(ProbeTable.resource("system.h") + "#define SHMRT_PROTOTYPES_ONLY\n#include \"posix.h\"\n");
    }

    @ParameterizedTest
    @EnumSource
    void shouldHoldOnAarch64Too(Bindings bindings) {
        probe(CROSS_COMPILER).compile(CProbe.assertions(bindings, ProbeTable.facts(bindings)));
    }

    @Test
    void shouldAgreeWithTheSystemOnAarch64Too() {
        CProbe probe = probe(CROSS_COMPILER);
        Map<String, String> facts = ProbeTable.facts(Bindings.POSIX);
        facts.keySet().removeIf(fact -> fact.startsWith("field ") && fact.contains(".__"));

        probe.compile(ProbeTable.resource("system.h")
                + CProbe.assertions(Bindings.POSIX, facts)
                        .replace("#include \"posix.h\"", "#define SHMRT_PROTOTYPES_ONLY\n#include \"posix.h\""));
    }

    private CProbe probe(String compiler) {
        assumeTrue(CProbe.exists(compiler), "there is no " + compiler + " on this machine");
        CProbe probe = new CProbe(compiler, directory);
        assumeTrue(probe.canInclude("gnu/libc-version.h"), compiler + " has no headers of glibc");
        return probe;
    }
}

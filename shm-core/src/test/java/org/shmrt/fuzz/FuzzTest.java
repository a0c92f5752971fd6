package org.shmrt.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;

/**
 * Coverage-guided search for inputs that are neither used nor rejected with a message, that cause a hang, or that take
 * too much memory. By default this is a short search over all targets at once. {@code -Dtest=FuzzTest
 * -Dshmrt.fuzz.targets=each -Dshmrt.fuzz.executions=10000000} runs a long one for each target.
 */
@Tag("slow")
class FuzzTest {
    private static final long EXECUTIONS = Long.getLong("shmrt.fuzz.executions", 20_000);
    private static final String TARGETS = System.getProperty("shmrt.fuzz.targets", "all");
    private static final Path DIRECTORY = Path.of("target", "fuzz").toAbsolutePath();

    @TestFactory
    Stream<DynamicTest> shouldFindNoFaultyInput() {
        List<String> targets = TARGETS.equals("each") ? FuzzTargets.names() : List.of(TARGETS.split(","));
        return targets.stream()
                .map(target -> DynamicTest.dynamicTest(
                        target,
                        () -> System.out.println(new FuzzRun(target, DIRECTORY.resolve(target)).run(EXECUTIONS))));
    }

    private static FuzzTarget target(java.util.function.Consumer<byte[]> use) {
        return new FuzzTarget() {
            @Override
            public List<byte[]> seeds() {
                return List.of();
            }

            @Override
            public int mostInputBytes() {
                return 100;
            }

            @Override
            public long mostBytes(int inputBytes) {
                return 4096;
            }

            @Override
            public void use(byte[] input) {
                use.accept(input);
            }
        };
    }

    /** An exception with a line end in its message; those of the library escape line ends. */
    private static final class TwoLines extends ShmException {
        private static final long serialVersionUID = 1L;

        TwoLines() {
            super("");
        }

        @Override
        public String getMessage() {
            return "two\nlines";
        }
    }

    private static String finding(FuzzTarget target) {
        return assertThrows(Throwable.class, () -> FuzzCheck.check(target, new byte[1]))
                .getMessage();
    }

    @Test
    @SuppressWarnings("UnnecessaryStringBuilder") // it allocates memory
    void shouldDetectViolations() {
        FuzzCheck.check(
                target(input -> {
                    throw new IncompatibleException("not an image stream");
                }),
                new byte[1]);

        assertEquals("no words", finding(target(input -> {
            throw new IllegalStateException("no words");
        })));
        assertTrue(finding(target(input -> {
                    throw new TwoLines();
                }))
                .contains("more than one line"));
        assertTrue(finding(target(input -> Arena.ofAuto().allocate(1 << 20))).contains("bytes of memory"));
        assertTrue(finding(target(input -> new StringBuilder(1 << 20).append(input.length)))
                .contains("bytes of memory"));
    }
}

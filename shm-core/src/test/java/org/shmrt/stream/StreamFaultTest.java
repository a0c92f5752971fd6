package org.shmrt.stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.testing.FaultRun;
import org.shmrt.testing.Scratch;
import org.shmrt.testing.StreamFaultChild;

/**
 * Another process truncates a file that is in use. Access to the lost pages raises SIGBUS, which must become a verdict
 * or an exception in interpreted and in compiled code, and no copy of lost pages may be accepted.
 */
@Tag("slow")
@Timeout(600)
class StreamFaultTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @ParameterizedTest
    @CsvSource({"dao, -Xint, 10", "dao, -Xmixed, 40", "dao, -XX:TieredStopAtLevel=1, 20", "milk, -Xmixed, 40"})
    void shouldEndReadingWithAVerdict(String format, String mode, int rounds) {
        assertSurvives("read", format, mode, rounds);
    }

    @ParameterizedTest
    @CsvSource({"dao, -Xint, 10", "dao, -Xmixed, 40", "dao, -XX:TieredStopAtLevel=1, 20", "milk, -Xmixed, 40"})
    void shouldEndReadingTheNewestFrameWithAVerdict(String format, String mode, int rounds) {
        assertSurvives("newest", format, mode, rounds);
    }

    @ParameterizedTest
    @CsvSource({
        "dao, -Xint, 4",
        "dao, -Xmixed, 8",
        "milk, -Xint, 8",
        "milk, -Xmixed, 16",
        "milk, -XX:TieredStopAtLevel=1, 8"
    })
    void shouldEndAWaitWithAVerdict(String format, String mode, int rounds) {
        assertSurvives("wait", format, mode, rounds);
    }

    @ParameterizedTest
    @CsvSource({"dao, -Xint, 4", "milk, -Xint, 4", "milk, -Xmixed, 16", "milk, -XX:TieredStopAtLevel=1, 8"})
    void shouldEndAWaitForSeveralStreamsWithAVerdict(String format, String mode, int rounds) {
        assertSurvives("set", format, mode, rounds);
    }

    @ParameterizedTest
    @CsvSource({"dao, -Xint, 10", "dao, -Xmixed, 40", "milk, -Xmixed, 40", "milk, -XX:TieredStopAtLevel=1, 20"})
    void shouldEndAWaitForACountWithAnException(String format, String mode, int rounds) {
        assertSurvives("count", format, mode, rounds);
    }

    @ParameterizedTest
    @CsvSource({
        "dao, -Xint, 10",
        "dao, -Xmixed, 40",
        "dao, -XX:TieredStopAtLevel=1, 20",
        "milk, -Xint, 20",
        "milk, -Xmixed, 40",
        "milk, -XX:TieredStopAtLevel=1, 20"
    })
    void shouldEndEveryWriteWithAnException(String format, String mode, int rounds) {
        assertSurvives("write", format, mode, rounds);
    }

    @ParameterizedTest
    @CsvSource({"dao, -Xint, 5", "dao, -Xmixed, 200", "milk, -Xint, 5", "milk, -Xmixed, 200"})
    void shouldInspectATruncatedStreamSafely(String format, String mode, int rounds) {
        assertSurvives("inspect", format, mode, rounds);
    }

    @ParameterizedTest
    @CsvSource({"-Xint, 10", "-Xmixed, 40", "-XX:TieredStopAtLevel=1, 20"})
    void shouldEndChangesOfKeywordsWithAnException(String mode, int rounds) {
        assertSurvives("keywords", "dao", mode, rounds);
    }

    /** The C library's functions, which DAO's programs use on them, would crash the JVM. */
    @ParameterizedTest
    @CsvSource({"-Xint, 10", "-Xmixed, 40", "-XX:TieredStopAtLevel=1, 20"})
    void shouldSurviveATruncationOfItsNamedSemaphores(String mode, int rounds) {
        assertSurvives("semaphores", "dao", mode, rounds);
    }

    private void assertSurvives(String scenario, String format, String mode, int rounds) {
        FaultRun.assertSurvives(mode, StreamFaultChild.class, scenario, scratch.stream(scenario), rounds, format);
    }
}

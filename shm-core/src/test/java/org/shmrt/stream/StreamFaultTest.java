package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.FaultChild;
import org.shmrt.testing.Scratch;

/**
 * Files cut off by another process while they are in use. Access to the lost pages raises SIGBUS; it has to become a
 * verdict or an exception in interpreted and in compiled code alike, and no copy may be taken for whole.
 */
@Timeout(120)
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
    @CsvSource({"dao, -Xint, 10", "dao, -Xmixed, 40", "milk, -Xmixed, 40", "milk, -XX:TieredStopAtLevel=1, 20"})
    void shouldEndAWaitForACountWithARefusal(String format, String mode, int rounds) {
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
    void shouldEndWritingWithARefusalEachTime(String format, String mode, int rounds) {
        assertSurvives("write", format, mode, rounds);
    }

    @ParameterizedTest
    @CsvSource({"dao, -Xint, 5", "dao, -Xmixed, 200", "milk, -Xint, 5", "milk, -Xmixed, 200"})
    void shouldLookAtWhatIsGoneWithoutAnError(String format, String mode, int rounds) {
        assertSurvives("look", format, mode, rounds);
    }

    @ParameterizedTest
    @CsvSource({"-Xint, 10", "-Xmixed, 40", "-XX:TieredStopAtLevel=1, 20"})
    void shouldEndChangingKeywordsWithARefusal(String mode, int rounds) {
        assertSurvives("keywords", "dao", mode, rounds);
    }

    private void assertSurvives(String scenario, String format, String mode, int rounds) {
        List<String> flags = new ArrayList<>(List.of(
                mode,
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+ErrorFileToStderr",
                "--enable-native-access=ALL-UNNAMED"));
        try (ChildProcess child = ChildProcess.start(ChildJvm.command(
                flags,
                FaultChild.class,
                scenario,
                scratch.stream(scenario).toString(),
                Integer.toString(rounds),
                format))) {
            assertEquals(List.of("ok"), child.finish());
        }
    }
}

package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.ChildProcess;
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
    @CsvSource({"-Xint, 10", "-Xmixed, 40", "-XX:TieredStopAtLevel=1, 20"})
    void shouldEndReadingWithAVerdict(String mode, int rounds) {
        assertSurvives("read", mode, rounds);
    }

    @ParameterizedTest
    @CsvSource({"-Xint, 10", "-Xmixed, 40", "-XX:TieredStopAtLevel=1, 20"})
    void shouldEndReadingTheNewestFrameWithAVerdict(String mode, int rounds) {
        assertSurvives("newest", mode, rounds);
    }

    @ParameterizedTest
    @CsvSource({"-Xint, 4", "-Xmixed, 8"})
    void shouldEndAWaitWithAVerdict(String mode, int rounds) {
        assertSurvives("wait", mode, rounds);
    }

    @ParameterizedTest
    @CsvSource({"-Xint, 10", "-Xmixed, 40", "-XX:TieredStopAtLevel=1, 20"})
    void shouldEndWritingWithARefusalEachTime(String mode, int rounds) {
        assertSurvives("write", mode, rounds);
    }

    @ParameterizedTest
    @CsvSource({"-Xint, 5", "-Xmixed, 200"})
    void shouldLookAtWhatIsGoneWithoutAnError(String mode, int rounds) {
        assertSurvives("look", mode, rounds);
    }

    @ParameterizedTest
    @CsvSource({"-Xint, 10", "-Xmixed, 40", "-XX:TieredStopAtLevel=1, 20"})
    void shouldEndChangingKeywordsWithARefusal(String mode, int rounds) {
        assertSurvives("keywords", mode, rounds);
    }

    private void assertSurvives(String scenario, String mode, int rounds) {
        List<String> flags = new ArrayList<>(List.of(mode, "-XX:+UseSerialGC", "-Xmx256m",
                "-XX:-CreateCoredumpOnCrash", "-XX:+ErrorFileToStderr", "--enable-native-access=ALL-UNNAMED"));
        try (ChildProcess child = ChildProcess.start(ChildJvm.command(flags, FaultChild.class,
                scenario, scratch.stream(scenario).toString(), Integer.toString(rounds)))) {
            assertEquals(List.of("ok"), child.finish());
        }
    }
}

package org.shmrt.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.shmrt.process.ChildProcess;

/** Runs a class that provokes access faults in a JVM of its own, which a fault that is not handled would crash. */
public final class FaultRun {
    private FaultRun() {}

    /**
     * Runs a class and expects the single line {@code ok} from it.
     *
     * @param mode a JVM flag that selects interpreted or compiled code, for example {@code -Xint}
     */
    public static void assertSurvives(String mode, Class<?> main, Object... arguments) {
        List<String> flags = List.of(
                mode,
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+ErrorFileToStderr",
                "--enable-native-access=ALL-UNNAMED");
        String[] words = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
        try (ChildProcess child = ChildProcess.start(ChildJvm.command(flags, main, words))) {
            assertEquals(List.of("ok"), child.finish());
        }
    }
}

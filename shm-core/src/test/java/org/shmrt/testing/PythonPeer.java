package org.shmrt.testing;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.shmrt.process.ChildProcess;

/** A program of the other side, written with Python's standard library alone. */
public final class PythonPeer {
    private static final boolean PRESENT = ExternalCommand.succeeds("python3", "-c", "import ctypes, mmap");

    private PythonPeer() {}

    /** Skips the calling test where there is no Python. */
    public static void assumePresent() {
        Assumptions.assumeTrue(PRESENT, "there is no python3 with ctypes here, so there is no peer to exchange with");
    }

    /** Starts a script of the test resources. */
    public static ChildProcess start(String script, Object... words) {
        List<String> command =
                new ArrayList<>(List.of("python3", "-B", file(script).toString()));
        for (Object word : words) {
            command.add(word.toString());
        }
        return ChildProcess.start(command);
    }

    /** Runs a script of the test resources to its end; it must end well. */
    public static List<String> run(String script, Object... words) {
        try (ChildProcess child = start(script, words)) {
            return child.finish();
        }
    }

    /** The file of a script of the test resources. */
    public static Path file(String script) {
        try {
            return Path.of(Objects.requireNonNull(PythonPeer.class.getResource("/python/" + script), script)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}

package org.shmrt.testing;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.shmrt.process.ChildProcess;

/**
 * A Python that has astropy and numpy: the one named by the environment variable {@code SHMRT_ASTROPY_PYTHON}, else
 * python3 if it can import them. It runs a script of the test resources.
 */
public final class Astropy {
    private static final String PYTHON = Objects.requireNonNullElse(System.getenv("SHMRT_ASTROPY_PYTHON"), "python3");
    private static final boolean PRESENT = ExternalCommand.succeeds(PYTHON, "-c", "import astropy.io.fits, numpy");

    private Astropy() {}

    /** Skips the calling test where there is none. */
    public static void assumePresent() {
        Assumptions.assumeTrue(PRESENT, "no Python with astropy here: name one in SHMRT_ASTROPY_PYTHON");
    }

    /** Runs the script to its end; it must end well. Returns the lines it printed. */
    public static List<String> run(Object... words) {
        List<String> command = new ArrayList<>(List.of(PYTHON, "-B", "-W", "error", script().toString()));
        for (Object word : words) {
            command.add(word.toString());
        }
        try (ChildProcess child = ChildProcess.start(command)) {
            return child.finish();
        }
    }

    private static Path script() {
        try {
            return Path.of(Objects.requireNonNull(Astropy.class.getResource("/python/astropy_peer.py"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}

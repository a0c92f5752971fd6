package org.shmrt.testing;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.shmrt.process.ChildProcess;

/**
 * Runs the script {@code astropy_peer.py} with a Python that has astropy and numpy: the one that the environment
 * variable {@code SHMRT_ASTROPY_PYTHON} names, or else python3 if it can import them.
 */
public final class Astropy {
    private static final String PYTHON = Objects.requireNonNullElse(System.getenv("SHMRT_ASTROPY_PYTHON"), "python3");
    private static final boolean PRESENT = ExternalCommand.succeeds(PYTHON, "-c", "import astropy.io.fits, numpy");

    private Astropy() {}

    /** Skips the calling test if there is none. */
    public static void assumePresent() {
        Assumptions.assumeTrue(PRESENT, "no Python with astropy found: name one in SHMRT_ASTROPY_PYTHON");
    }

    /** Runs the script, which must exit with status 0, and returns its output lines. */
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

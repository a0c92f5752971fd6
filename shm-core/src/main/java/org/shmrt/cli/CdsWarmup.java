package org.shmrt.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.StopSignal;
import org.shmrt.cli.verb.TextOutput;

/**
 * Runs the most common verbs once on a temporary stream, so that the JVM can store the classes they need in an archive
 * for class data sharing (see {@code bin/shm}). Leaves nothing behind.
 */
final class CdsWarmup {
    /** The argument with which {@code bin/shm} starts it. */
    static final String ARGUMENT = "cds-warmup";

    /** The names of all that it makes contain this. */
    static final String PREFIX = ARGUMENT + "-" + ProcessHandle.current().pid() + "-";

    /** Far longer than any verb of the warm-up takes. */
    private static final Duration LONGEST_VERB = Duration.ofSeconds(30);

    private CdsWarmup() {}

    static int run(TextOutput out, PrintWriter err) {
        // Ctrl-C in the first run of shm: the JVM exits when the verb that runs has ended and all is removed.
        try (StopSignal stop = new StopSignal(LONGEST_VERB)) {
            runVerbs(out, err, stop);
            return ExitStatus.DONE;
        } catch (IOException e) {
            err.println("shm: " + e);
            return ExitStatus.FAILED;
        }
    }

    private static void runVerbs(TextOutput out, PrintWriter err, StopSignal stop) throws IOException {
        Path directory = Files.createTempDirectory("shmrt-" + PREFIX);
        // Semaphores are named after the file, so the file name must be unique on this machine.
        Path stream = directory.resolve(PREFIX + Long.toHexString(new SecureRandom().nextLong()) + ".im.shm");
        Path frame = directory.resolve("frame.npy");
        Path fits = directory.resolve("frame.fits");
        List<List<String>> verbs = List.of(
                List.of("create", stream.toString(), "--shape", "4x3", "--dtype", "u16", "--keywords", "1"),
                List.of("read", stream.toString(), "--out", frame.toString()),
                List.of("write", stream.toString(), "--in", frame.toString()),
                List.of("read", stream.toString(), "--out", fits.toString()),
                List.of("write", stream.toString(), "--in", fits.toString()),
                List.of("info", stream.toString()),
                List.of("info", stream.toString(), "--json"),
                List.of("list", directory.toString()),
                List.of("list", directory.toString(), "--json"),
                List.of("read", stream.toString()),
                List.of("show", stream.toString()),
                List.of("keyword", stream.toString(), "warm=1"),
                List.of("keyword", stream.toString()),
                List.of("watch", stream.toString(), "--once", "--for", "10ms"),
                List.of("grab", "sim:ramp", stream.toString(), "--shape", "4x3", "--count", "2"),
                List.of("doctor", stream.toString()),
                List.of("rm", stream.toString()),
                List.of("block", "list"),
                List.of("array", "list"));
        try {
            for (List<String> verb : verbs) {
                if (stop.isReceived()) {
                    break;
                }
                Shm.run(out, err, verb.toArray(String[]::new));
            }
        } finally {
            Files.deleteIfExists(frame);
            Files.deleteIfExists(fits);
            if (Files.exists(stream)) { // a signal has come, and the verb that removes it has not run
                Shm.run(out, err, "rm", stream.toString());
                Files.deleteIfExists(stream);
            }
            Files.deleteIfExists(directory);
        }
    }
}

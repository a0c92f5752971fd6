package org.shmrt.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.shmrt.cli.verb.ExitStatus;
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

    private CdsWarmup() {}

    static int run(TextOutput out, PrintWriter err) {
        try {
            runVerbs(out, err);
            return ExitStatus.DONE;
        } catch (IOException e) {
            err.println("shm: " + e);
            return ExitStatus.FAILED;
        }
    }

    private static void runVerbs(TextOutput out, PrintWriter err) throws IOException {
        Path directory = Files.createTempDirectory("shmrt-" + PREFIX);
        // Semaphores are named after the file, so the file name must be unique on this machine.
        Path stream = directory.resolve(PREFIX + Long.toHexString(new SecureRandom().nextLong()) + ".im.shm");
        Path frame = directory.resolve("frame.npy");
        Path fits = directory.resolve("frame.fits");
        try {
            Shm.run(out, err, "create", stream.toString(), "--shape", "4x3", "--dtype", "u16", "--keywords", "1");
            Shm.run(out, err, "read", stream.toString(), "--out", frame.toString());
            Shm.run(out, err, "write", stream.toString(), "--in", frame.toString());
            Shm.run(out, err, "read", stream.toString(), "--out", fits.toString());
            Shm.run(out, err, "write", stream.toString(), "--in", fits.toString());
            Shm.run(out, err, "info", stream.toString());
            Shm.run(out, err, "info", stream.toString(), "--json");
            Shm.run(out, err, "list", directory.toString());
            Shm.run(out, err, "list", directory.toString(), "--json");
            Shm.run(out, err, "read", stream.toString());
            Shm.run(out, err, "show", stream.toString());
            Shm.run(out, err, "keyword", stream.toString(), "warm=1");
            Shm.run(out, err, "keyword", stream.toString());
            Shm.run(out, err, "watch", stream.toString(), "--once", "--for", "10ms");
            Shm.run(out, err, "grab", "sim:ramp", stream.toString(), "--shape", "4x3", "--count", "2");
            Shm.run(out, err, "doctor", stream.toString());
            Shm.run(out, err, "rm", stream.toString());
            Shm.run(out, err, "block", "list");
            Shm.run(out, err, "array", "list");
        } finally {
            Files.deleteIfExists(frame);
            Files.deleteIfExists(fits);
            Files.deleteIfExists(stream);
            Files.deleteIfExists(directory);
        }
    }
}

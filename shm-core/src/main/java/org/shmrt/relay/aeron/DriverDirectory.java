package org.shmrt.relay.aeron;

import io.aeron.CommonContext;
import io.aeron.exceptions.AeronException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.IoUtil;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileId;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Processes;

/**
 * The directories of the media drivers that relays embed, {@code shmrt-aeron.PID-N}. A relay that is killed leaves its
 * directory, which the next relay removes.
 */
final class DriverDirectory {
    private static final String PREFIX = "shmrt-aeron.";
    private static final Pattern NAME = Pattern.compile("shmrt-aeron\\.(\\d{1,9})-\\d{1,9}");
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    /** How often a driver shows that it is active, and what its clients wait. */
    private static final long DRIVER_TIMEOUT_MS = 10_000;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private DriverDirectory() {}

    /** A directory for a new driver. */
    static Path next() {
        return next(Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** A directory for a new driver below another one. */
    static Path next(Path parent) {
        removeLeftOvers(parent);
        return parent.resolve(PREFIX + OwnProcess.PID + "-" + NUMBER.incrementAndGet());
    }

    private static void removeLeftOvers(Path parent) {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path directory : directories) {
                Matcher name = NAME.matcher(directory.getFileName().toString());
                if (name.matches() && isOwn(directory) && !isUsed(Integer.parseInt(name.group(1)), directory)) {
                    IoUtil.delete(directory.toFile(), true);
                }
            }
        } catch (IOException | DirectoryIteratorException | ShmException e) {
            // They are in nobody's way.
        }
    }

    /** Another user could plant a file there that changes while it is read. */
    private static boolean isOwn(Path directory) {
        return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                && FileId.owner(directory) == OwnProcess.userId();
    }

    /** The id may be that of a process in another container, so a driver that was active a moment ago counts too. */
    private static boolean isUsed(int pid, Path directory) {
        if (Processes.isAlive(pid)) {
            return true;
        }
        try {
            return CommonContext.isDriverActive(directory.toFile(), DRIVER_TIMEOUT_MS, ignored -> {});
        } catch (AeronException | IllegalStateException | IllegalArgumentException e) {
            return false; // its file is incomplete
        }
    }
}

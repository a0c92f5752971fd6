package org.shmrt.doctor;

import static org.shmrt.doctor.FindingKind.FILE_SYSTEM_FULL;
import static org.shmrt.doctor.FindingKind.SHM_MISSING;
import static org.shmrt.doctor.FindingKind.SHM_SIZE;
import static org.shmrt.doctor.FindingKind.STREAM_DIRECTORY;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.shmrt.doctor.Machine.Space;
import org.shmrt.text.FileNames;
import org.shmrt.text.ShellWord;

/** Where shared objects are: shared memory, and the directory of streams. */
final class StorageChecks {
    private static final String SHARED_MEMORY = "/dev/shm";
    private static final Set<String> MEMORY_FILE_SYSTEMS = Set.of("tmpfs", "ramfs", "hugetlbfs");

    /** What container runtimes give by default. */
    private static final long SMALL_BYTES = 64L << 20;

    private static final double NEARLY_FULL = 0.9;
    private static final long FULL_BYTES = 1 << 20;

    private StorageChecks() {}

    static void run(Machine machine, Findings findings) {
        sharedMemory(machine, findings);
        streamDirectory(machine, findings);
    }

    private static void sharedMemory(Machine machine, Findings findings) {
        Path directory = machine.files().resolve(SHARED_MEMORY);
        if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
            findings.add(
                    SHM_MISSING,
                    Severity.ERROR,
                    SHARED_MEMORY,
                    Files.isDirectory(directory)
                            ? "this user may not write in /dev/shm"
                            : "there is no directory /dev/shm",
                    SHARED_MEMORY,
                    "semaphores of DAO streams, arrays and blocks cannot be created",
                    Files.isDirectory(directory)
                            ? "chmod 1777 /dev/shm"
                            : "mkdir -p /dev/shm; mount -t tmpfs -o mode=1777 tmpfs /dev/shm");
            return;
        }
        findings.ok(SHM_MISSING, SHARED_MEMORY, "it is a directory in which this user may write");
        Optional<Space> space = machine.space().apply(SHARED_MEMORY);
        if (space.isEmpty()) {
            findings.unknown(SHM_SIZE, SHARED_MEMORY, "its size is not known");
            return;
        }
        long total = space.get().totalBytes();
        String evidence = "df " + SHARED_MEMORY + ": " + ContainerChecks.mega(total);
        if (total > SMALL_BYTES || total == 0) {
            findings.ok(SHM_SIZE, SHARED_MEMORY, evidence);
        } else {
            findings.add(
                    SHM_SIZE,
                    Severity.WARNING,
                    SHARED_MEMORY,
                    "shared memory has only " + ContainerChecks.mega(total),
                    evidence,
                    "a few large streams fill it; this is the default of containers",
                    "docker run --shm-size=2g ...    # or --ipc=host to share the host's",
                    "mount -o remount,size=2g /dev/shm");
        }
        full(SHARED_MEMORY, space.get(), "tmpfs", findings);
    }

    private static void full(String directory, Space space, String type, Findings findings) {
        long used = space.totalBytes() - space.freeBytes();
        String evidence = "df " + directory + ": " + ContainerChecks.mega(space.freeBytes()) + " free of "
                + ContainerChecks.mega(space.totalBytes());
        if (space.totalBytes() == 0 || used < NEARLY_FULL * space.totalBytes()) {
            findings.ok(FILE_SYSTEM_FULL, directory, evidence);
            return;
        }
        findings.add(
                FILE_SYSTEM_FULL,
                space.freeBytes() < FULL_BYTES ? Severity.ERROR : Severity.WARNING,
                directory,
                String.format(
                        Locale.ROOT, "the file system is %d %% full", Math.round(100.0 * used / space.totalBytes())),
                evidence,
                "streams, arrays and semaphores cannot be created; a program that writes into a file without reserved "
                        + "space is killed by SIGBUS",
                "du -h " + ShellWord.of(directory)
                        + " | sort -h | tail    # and remove what is not needed (shm list, shm rm)",
                (type.equals("tmpfs") ? "mount -o remount,size=SIZE " : "df -h ") + ShellWord.of(directory));
    }

    private static void streamDirectory(Machine machine, Findings findings) {
        String directory = FileNames.text(machine.streamDirectory());
        String type = fileSystemType(machine.files(), machine.streamDirectory());
        if (!directory.equals(SHARED_MEMORY)) {
            machine.space().apply(directory).ifPresent(space -> full(directory, space, type, findings));
        }
        if (type.isEmpty()) {
            findings.unknown(STREAM_DIRECTORY, directory, "/proc/self/mounts does not show its file system");
        } else if (MEMORY_FILE_SYSTEMS.contains(type)) {
            findings.ok(STREAM_DIRECTORY, directory, "/proc/self/mounts: " + type);
        } else {
            findings.add(
                    STREAM_DIRECTORY,
                    Severity.WARNING,
                    directory,
                    "the directory of streams is on a disk (" + type + ")",
                    "/proc/self/mounts: " + type + "; $MILK_SHM_DIR: "
                            + machine.environment().getOrDefault("MILK_SHM_DIR", "not set"),
                    "the kernel writes every changed frame to the disk; a writer then waits for the disk, 131 ms at "
                            + "worst where we measured (41 ms on tmpfs), and has more page faults",
                    "export MILK_SHM_DIR=/dev/shm    # for all programs; or:",
                    directory.equals("/tmp")
                            ? "mkdir -p /milk/shm; mount -t tmpfs -o size=2g,mode=1777 tmpfs /milk/shm"
                            : "mount -t tmpfs -o size=2g,mode=1777 tmpfs " + ShellWord.of(directory));
        }
    }

    /** The type of the file system of a directory: that of the longest mount point that contains it, the last one. */
    private static String fileSystemType(SystemFiles files, Path directory) {
        String type = "";
        int longest = -1;
        for (String line : files.lines("/proc/self/mounts")) {
            // "device mountpoint type options 0 0"; blanks are written as \040
            String[] words = line.split(" ");
            if (words.length > 2) {
                Path point = Path.of(words[1].replace("\\040", " "));
                if (directory.toAbsolutePath().startsWith(point) && point.getNameCount() >= longest) {
                    longest = point.getNameCount();
                    type = words[2];
                }
            }
        }
        return type;
    }
}

package org.shmrt.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Files and processes that a run of the demo has left behind; file names contain the process id of its parent. */
final class Leftovers {
    private Leftovers() {}

    /** Fails if a directory, stream or semaphore of a run still exists after {@code withinMs}. */
    static void assertNone(long parentPid, long withinMs) throws Exception {
        awaitEmpty(() -> files(parentPid), withinMs);
    }

    /** Directories, streams and semaphores of a run. */
    static List<String> files(long parentPid) throws IOException {
        List<String> found = new ArrayList<>();
        for (String directory : List.of("/dev/shm", System.getProperty("java.io.tmpdir"))) {
            try (Stream<Path> entries = Files.list(Path.of(directory))) {
                entries.map(Path::toString)
                        .filter(name -> name.contains("shmdemo-" + parentPid + "-"))
                        .forEach(found::add);
            }
        }
        return found;
    }

    /** Removes what a run has left whose processes have all ended. */
    static void remove(long parentPid) throws IOException {
        for (String file : files(parentPid)) {
            try (Stream<Path> tree = Files.walk(Path.of(file))) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    /** Whether the loop of a run has its scratch streams now, which are in the directory of the run's streams. */
    static boolean isWarmingUp(long parentPid) throws IOException {
        for (String directory : files(parentPid)) {
            try (Stream<Path> entries = Files.list(Path.of(directory))) {
                if (entries.anyMatch(file -> file.getFileName().toString().contains("-warmup"))) {
                    return true;
                }
            } catch (NotDirectoryException | NoSuchFileException e) {
                // a semaphore or a page, or removed in the meantime
            }
        }
        return false;
    }

    /** Fails if one of the processes is still alive after {@code withinMs}. */
    static void assertEnded(List<ProcessHandle> processes, long withinMs) throws Exception {
        awaitEmpty(
                () -> processes.stream()
                        .filter(Leftovers::lives)
                        .map(ProcessHandle::pid)
                        .toList(),
                withinMs);
    }

    /**
     * The words of a process's command line; none if it has ended. ProcessHandle has none of a command line that is longer
     * than a page, as one with a long class path is.
     */
    static List<String> words(ProcessHandle process) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
            return List.of(new String(bytes, StandardCharsets.ISO_8859_1).split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * A zombie has ended, even if no process has collected its status yet, unless it has other threads: those of a killed
     * process end one after the other, and its files remain open until the last one has ended.
     */
    private static boolean lives(ProcessHandle process) {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        try (Stream<Path> threads = Files.list(proc.resolve("task"))) {
            String stat = Files.readString(proc.resolve("stat"));
            boolean isZombie = stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
            return process.isAlive() && (!isZombie || threads.count() > 1);
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private interface Look<T> {
        List<T> look() throws IOException;
    }

    private static <T> void awaitEmpty(Look<T> look, long withinMs) throws Exception {
        long startNs = System.nanoTime();
        while (!look.look().isEmpty() && System.nanoTime() - startNs < withinMs * 1_000_000) {
            Thread.sleep(20);
        }
        assertEquals(List.of(), look.look());
    }
}

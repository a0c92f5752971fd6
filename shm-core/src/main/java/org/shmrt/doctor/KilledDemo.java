package org.shmrt.doctor;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.error.NotFoundException;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.SharedObject;

/**
 * What a run of {@code shm demo} has left: streams in a directory of their own, their semaphores, and the page of its loop.
 * Each process of a run removes all of it at its end, so something is left only if all were killed at once.
 */
public final class KilledDemo {
    /** In the names of everything that a run creates. */
    private static final Pattern TAG = Pattern.compile("shmdemo-[0-9]+-[0-9a-f]{8}");

    private static final String PAGE = "shmrt-loop.";

    private final String tag;
    private final List<Path> files = new ArrayList<>();
    private Optional<Path> directory = Optional.empty();
    private Optional<Path> page = Optional.empty();

    private KilledDemo(String tag) {
        this.tag = tag;
    }

    /** The runs that have left something, and those that are still running; changes nothing. */
    public static List<KilledDemo> candidates() {
        Map<String, KilledDemo> found = new TreeMap<>();
        Set<Path> places = new LinkedHashSet<>();
        places.add(SharedObject.directory());
        places.add(Path.of(System.getProperty("java.io.tmpdir")));
        places.add(SharedObject.pageDirectory());
        for (Path place : places) {
            for (Path entry : Leftovers.entries(place)) {
                Matcher name = TAG.matcher(entry.getFileName().toString());
                if (name.find()) {
                    found.computeIfAbsent(name.group(), KilledDemo::new).add(entry);
                }
            }
        }
        return found.values().stream().filter(KilledDemo::isSettled).toList();
    }

    private void add(Path entry) {
        String name = entry.getFileName().toString();
        if (name.equals(tag) && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            directory = Optional.of(entry);
            files.addAll(Leftovers.entries(entry));
        } else if (name.equals(PAGE + tag)) {
            page = Optional.of(entry);
        } else if (name.startsWith("sem.")) {
            files.add(entry);
        }
    }

    private boolean isSettled() {
        return all().stream().allMatch(Leftovers::isSettled) && !all().isEmpty();
    }

    /** The name of the run, which is also that of its loop. */
    public String tag() {
        return tag;
    }

    /** Its streams, semaphores and page, and last its directory. */
    public List<Path> all() {
        List<Path> all = new ArrayList<>(files);
        page.ifPresent(all::add);
        directory.ifPresent(all::add);
        return all;
    }

    /** The files that its processes have mapped while they live. */
    public List<Path> mapped() {
        return List.copyOf(files);
    }

    /** Whether a loop that is alive has the page. */
    public boolean isLoopAlive() {
        FileId id = page.map(FileId::ofOrNull).orElse(null);
        return id != null && FileLock.isHeld(page.get(), id);
    }

    /**
     * Removes everything, if the kernel confirms that no process has a stream or a semaphore of the run open, and that
     * the loop is not alive. A viewer may have the page open.
     *
     * @return false if the run is in use, and all was kept
     * @throws org.shmrt.error.ShmException if this user may not remove it
     */
    public boolean removeIfUnused() {
        try (FileLock lock = page.isPresent() ? FileLock.tryExclusive(page.get()) : null) {
            if ((page.isPresent() && lock == null) || !FileId.deleteIfUnused(files)) {
                return false;
            }
            page.ifPresent(KilledDemo::delete);
        } catch (NotFoundException e) {
            return false; // the run itself, or another program, is removing it
        }
        directory.ifPresent(KilledDemo::delete);
        return true;
    }

    private static void delete(Path path) {
        try {
            FileId.delete(path);
        } catch (NotFoundException e) {
            // removed by another program at the same time
        }
    }
}

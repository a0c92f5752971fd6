package org.shmrt.doctor.object;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.shmrt.doctor.Finding;
import org.shmrt.doctor.FindingKind;
import org.shmrt.doctor.Findings;
import org.shmrt.doctor.KilledDemo;
import org.shmrt.doctor.Leftovers;
import org.shmrt.doctor.Severity;
import org.shmrt.doctor.SystemFiles;
import org.shmrt.posix.FileId;
import org.shmrt.posix.SharedObject;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.text.FileNames;

/** All checks of objects. They change nothing. */
public final class ObjectChecks {
    private final SystemFiles files;
    private final OpenFiles open;
    private final List<Path> directories;

    /**
     * Prepares the checks.
     *
     * @param files where the kernel shows which processes have which files open
     * @param directories where streams are, besides {@code /dev/shm}
     */
    public ObjectChecks(SystemFiles files, List<Path> directories) {
        this.files = files;
        this.open = OpenFiles.read(files);
        this.directories = List.copyOf(directories);
    }

    /** The directories where programs keep streams on this machine: each once, even if links lead to it. */
    public static List<Path> directories() {
        Set<Path> found = new LinkedHashSet<>();
        for (Path directory :
                List.of(StreamDirectory.get(), Path.of("/milk/shm"), Path.of("/tmp"), SharedObject.directory())) {
            if (Files.isDirectory(directory)) {
                found.add(real(directory));
            }
        }
        return List.copyOf(found);
    }

    private static Path real(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            return directory;
        }
    }

    /** Checks all objects. */
    public void all(Findings findings) {
        all(local -> true, findings);
    }

    /** Checks all objects, but only the semaphores of wanted names. */
    void all(Predicate<String> wanted, Findings findings) {
        StreamChecks streams = new StreamChecks(open);
        for (Path directory : directories) {
            for (Path file : Leftovers.entries(directory)) {
                if (file.toString().endsWith(StreamDirectory.SUFFIX)) {
                    streams.run(file, StreamChecks.Detail.FOUND, findings);
                }
            }
        }
        new SemaphoreChecks(open, directories).run(wanted, findings);
        new SharedMemoryChecks(open).run(directories, findings);
        killedDemos(findings);
        JavaChecks.run(files, open, findings);
    }

    private void killedDemos(Findings findings) {
        for (KilledDemo demo : KilledDemo.candidates()) {
            if (demo.isLoopAlive() || demo.mapped().stream().anyMatch(this::isOpen)) {
                continue;
            }
            findings.add(new Finding(
                            FindingKind.KILLED_DEMO,
                            Severity.INFO,
                            demo.tag(),
                            "shm demo and all its processes were killed, and their files remain",
                            demo.all().size() + " files, such as "
                                    + FileNames.text(demo.all().getLast()) + "; not open in " + open.scope(),
                            "they take memory, and shm top and shm view show its loop as dead; the next shm demo of"
                                    + " this user removes them",
                            "shm doctor --fix " + FindingKind.KILLED_DEMO.id())
                    .on(demo.all()));
        }
    }

    private boolean isOpen(Path file) {
        FileId id = FileId.ofOrNull(file);
        return id != null && !open.users(id).isEmpty();
    }

    /** Checks single streams, and semaphores that remain of them. */
    public void streams(List<Path> paths, Findings findings) {
        StreamChecks streams = new StreamChecks(open);
        Set<String> locals = new TreeSet<>();
        for (Path path : paths) {
            streams.run(path, StreamChecks.Detail.NAMED, findings);
            if (path.getFileName() != null) { // not the root directory
                locals.add(SemaphoreChecks.local(path.getFileName().toString()));
            }
        }
        new SemaphoreChecks(open, directories).run(locals::contains, findings);
    }
}

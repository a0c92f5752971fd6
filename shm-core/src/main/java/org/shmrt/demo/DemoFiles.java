package org.shmrt.demo;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.camera.sim.LensletGrid;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;

/**
 * The streams of one run and their private directory: creates, opens and removes them. Every process of the run can
 * clean up at any time, because all names are fixed before anything is created. Safe for any thread.
 */
final class DemoFiles {
    /** A memory file system: the write-back of a disk would stop the writers occasionally. */
    private static final Path MEMORY_DIRECTORY = Path.of("/dev/shm");

    private final RunPlan plan;

    DemoFiles(RunPlan plan) {
        this.plan = plan;
    }

    /** The directory for the directories of runs: in memory if possible. */
    static Path parentDirectory() {
        return Files.isDirectory(MEMORY_DIRECTORY) && Files.isWritable(MEMORY_DIRECTORY)
                ? MEMORY_DIRECTORY
                : Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** Creates the directory, which only this user can enter. */
    void createDirectory() {
        try {
            // fails if the name exists, so that no other user can have prepared it
            Files.createDirectory(
                    plan.directory(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new ShmException(
                    "cannot create the directory " + plan.directory() + " for the demo's streams: " + e, e);
        }
    }

    ImageStream createCamera() {
        return ImageStream.create(
                plan.cameraPath(),
                StreamSpec.of(
                        plan.format(), DataType.UINT16, Shape.of(LensletGrid.SIDE_PIXELS, LensletGrid.SIDE_PIXELS)));
    }

    ImageStream createCommands() {
        return ImageStream.create(
                plan.commandPath(), StreamSpec.of(plan.format(), DataType.FLOAT32, Shape.of(LensletGrid.ACTUATORS)));
    }

    ImageStream openCamera() {
        return ImageStream.open(plan.cameraPath());
    }

    ImageStream openCommands() {
        return ImageStream.open(plan.commandPath());
    }

    /**
     * Removes everything that exists. Several processes can do so at the same time. Failures are ignored, because no
     * process is left to report them to.
     */
    void removeAll() {
        ignoreFailure(() -> ImageStream.remove(plan.cameraPath()));
        ignoreFailure(() -> ImageStream.remove(plan.commandPath()));
        // Semaphores exist before the file of their stream has its name, and opening a stream creates missing ones.
        String prefix = Semaphore.file(plan.tag()).getFileName().toString();
        for (Path file : entries(Semaphore.file(plan.tag()).getParent())) {
            String name = file.getFileName().toString();
            if (name.startsWith(prefix)) {
                ignoreFailure(() -> Semaphore.unlink(plan.tag() + name.substring(prefix.length())));
            }
        }
        entries(plan.directory()).forEach(DemoFiles::delete);
        delete(plan.directory());
    }

    private static List<Path> entries(Path directory) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(found::add);
        } catch (IOException e) {
            // it does not exist, or no longer exists
        }
        return found;
    }

    private static void ignoreFailure(Runnable step) {
        try {
            step.run();
        } catch (ShmException e) {
            // already removed, or not ours to remove
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // another process is removing it
        }
    }
}

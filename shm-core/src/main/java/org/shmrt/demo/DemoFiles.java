package org.shmrt.demo;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;

/**
 * The streams of one run and their private directory: made, opened, and taken away. Every process of the run can
 * clean up, whatever exists by then, because all names are fixed before anything is made. Safe for any thread.
 */
final class DemoFiles {
    /** Shared memory belongs in memory: a disk's write-back would stop the writers now and then. */
    private static final Path IN_MEMORY = Path.of("/dev/shm");

    private final RunPlan plan;

    DemoFiles(RunPlan plan) {
        this.plan = plan;
    }

    /** Where a run's directory belongs: in memory where that can be. */
    static Path place() {
        return Files.isDirectory(IN_MEMORY) && Files.isWritable(IN_MEMORY)
                ? IN_MEMORY
                : Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** Makes the directory, which only this user may enter. */
    void createDirectory() {
        try {
            // fails if anything has that name, so nobody can have prepared it
            Files.createDirectory(
                    plan.directory(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new ShmException("cannot make a private directory for the demo's streams: " + e, e);
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
     * Takes everything away, as far as it is there. Several processes may do so at once, and what cannot be removed
     * is left: there is nobody to tell.
     */
    void clean() {
        quietly(() -> ImageStream.remove(plan.cameraPath()));
        quietly(() -> ImageStream.remove(plan.commandPath()));
        // Semaphores are made before the file they belong to gets its name, and again by who opens a stream without.
        String prefix = Semaphore.file(plan.tag()).getFileName().toString();
        for (Path file : entries(Semaphore.file(plan.tag()).getParent())) {
            String name = file.getFileName().toString();
            if (name.startsWith(prefix)) {
                quietly(() -> Semaphore.unlink(plan.tag() + name.substring(prefix.length())));
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
            // it does not exist, or not any more
        }
        return found;
    }

    private static void quietly(Runnable step) {
        try {
            step.run();
        } catch (ShmException e) {
            // gone already, or not ours to remove
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // another process is at it
        }
    }
}

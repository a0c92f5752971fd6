package org.shmrt.demo;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.camera.sim.LensletGrid;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Semaphore;
import org.shmrt.runtime.ControlLoop;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.telemetry.LoopTelemetry;
import org.shmrt.text.FileNames;

/**
 * The streams of one run, their private directory, and the page of the loop: creates, opens and removes them. Every
 * process of the run can clean up at any time, because all names are fixed before anything is created. Safe for any
 * thread.
 */
final class DemoFiles {
    /** A memory file system: the write-back of a disk would stop the writers occasionally. */
    private static final Path MEMORY_DIRECTORY = Path.of("/dev/shm");

    private final RunPlan plan;
    private volatile Optional<ControlLoop> loop = Optional.empty();

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
                    "cannot create the directory " + FileNames.text(plan.directory()) + " for the demo's streams: " + e,
                    e);
        }
    }

    ImageStream createCamera() {
        return createCamera(plan.cameraPath());
    }

    /** Creates a stream like that of the camera. */
    ImageStream createCamera(Path path) {
        return ImageStream.create(
                path,
                StreamSpec.of(
                        plan.format(), DataType.UINT16, Shape.of(LensletGrid.SIDE_PIXELS, LensletGrid.SIDE_PIXELS)));
    }

    ImageStream createCommands() {
        return createCommands(plan.commandPath());
    }

    /** Creates a stream like that of the commands. */
    ImageStream createCommands(Path path) {
        return ImageStream.create(
                path, StreamSpec.of(plan.format(), DataType.FLOAT32, Shape.of(LensletGrid.ACTUATORS)));
    }

    ImageStream openCamera() {
        return ImageStream.open(plan.cameraPath());
    }

    ImageStream openCommands() {
        return ImageStream.open(plan.commandPath());
    }

    /** The loop of this process. Its page is locked while it exists, and no other process can remove it. */
    void loop(ControlLoop own) {
        loop = Optional.of(own);
    }

    /**
     * Removes everything that exists, including the page of this process's loop, even while the loop is using it. Several
     * processes can call this at the same time. Failures are ignored, because no process is left to report them to.
     */
    void removeAll() {
        // Besides the two streams there may be those of a warm-up that was interrupted.
        for (Path file : entries(plan.directory())) {
            ignoreFailure(() -> ImageStream.remove(file));
        }
        loop.ifPresent(own -> ignoreFailure(own::close));
        ignoreFailure(() -> LoopTelemetry.remove(plan.tag()));
        // Semaphores exist before the file of their stream has its name, and opening a stream creates missing ones.
        // Their names begin with that of the stream (DAO) or with that of its directory (milk).
        Path anySemaphore = Semaphore.file(plan.tag());
        int prefix = anySemaphore.getFileName().toString().length() - plan.tag().length();
        for (Path file : entries(anySemaphore.getParent())) {
            String name = file.getFileName().toString();
            if (name.startsWith(anySemaphore.getFileName().toString().substring(0, prefix))
                    && name.contains(plan.tag())) {
                ignoreFailure(() -> Semaphore.unlink(name.substring(prefix)));
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
        } catch (IllegalStateException e) {
            // another thread is still using the page, but its name has been removed
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

package org.shmrt.bench.rig.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.shmrt.bench.rig.loop.Loops;
import org.shmrt.bench.rig.scenario.Layout;
import org.shmrt.bench.rig.scenario.Scenario;
import org.shmrt.bench.rig.scenario.ScenarioPaths;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;

/**
 * The shared files of a group of scenarios: for each scenario two streams, rings or queues, or one plain file. Closing
 * removes all files and their semaphores.
 */
public final class RigFiles implements AutoCloseable {
    private final ScenarioPaths paths;
    private final List<Path> streams = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();

    /** Creates the files. */
    public RigFiles(Path directory, Layout layout, List<Scenario> scenarios) {
        paths = new ScenarioPaths(
                directory, "shmrt_rig_" + ProcessHandle.current().pid() + "_");
        try {
            for (Scenario scenario : scenarios) {
                create(scenario, layout);
            }
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void create(Scenario scenario, Layout layout) throws IOException {
        switch (scenario.transport()) {
            case VARHANDLE, C_COUNTER, MEMCPY, C_MEMCPY -> file(paths.single(scenario), Loops.fileBytes(scenario));
            case AGRONA, MAPPED_BUFFER -> {
                file(paths.ping(scenario), Loops.fileBytes(scenario));
                file(paths.pong(scenario), Loops.fileBytes(scenario));
            }
            case CHRONICLE -> files.addAll(List.of(paths.ping(scenario), paths.pong(scenario)));
            case C_ICEORYX -> {} // RouDi has its memory
            case AERON -> files.add(paths.driverDirectory(scenario));
            case SOCKET -> files.add(paths.single(scenario));
            case PUBLISH, C_PUBLISH, CYCLE -> stream(paths.ping(scenario), scenario, scenario.layout(layout));
            default -> {
                stream(paths.ping(scenario), scenario, scenario.layout(layout));
                stream(paths.pong(scenario), scenario, scenario.layout(layout));
            }
        }
    }

    private void file(Path path, int bytes) throws IOException {
        // In two steps: a file that exists already is not ours to remove, and one that is not written completely is.
        Files.createFile(path);
        files.add(path);
        Files.write(path, new byte[bytes]);
    }

    private void stream(Path path, Scenario scenario, Layout layout) {
        // Two axes, because DAO's own library terminates a process that opens a vector.
        StreamSpec spec = layout.spec(DataType.UINT8, Shape.of(scenario.frameBytes(), 1));
        ImageStream.create(path, scenario.depth() == 1 ? spec : spec.withDepth(scenario.depth()))
                .close();
        streams.add(path);
    }

    public ScenarioPaths paths() {
        return paths;
    }

    /** Removes all files, also for a thread that was interrupted. Can be called more than once. */
    @Override
    public synchronized void close() {
        boolean interrupted = Thread.interrupted(); // java.nio opens no file otherwise
        removeAll();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void removeAll() {
        for (Path stream : streams) {
            try {
                ImageStream.remove(stream);
            } catch (ShmException e) {
                System.err.println("cannot remove " + stream + ": " + e.getMessage());
            }
        }
        streams.clear();
        for (Path file : files) {
            try {
                removeAll(file);
            } catch (IOException | UncheckedIOException e) {
                System.err.println("cannot remove " + file + ": " + e.getMessage());
            }
        }
        files.clear();
    }

    private static void removeAll(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}

package org.shmrt.bench.rig.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.shmrt.bench.rig.loop.AgronaLoop;
import org.shmrt.bench.rig.loop.MappedBufferLoop;
import org.shmrt.bench.rig.loop.VarHandleLoop;
import org.shmrt.bench.rig.scenario.Layout;
import org.shmrt.bench.rig.scenario.Scenario;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;

/**
 * The shared files of a group of exchanges: for each a ping and a pong stream, ring or queue, or one plain file.
 * All are gone, with their semaphores, once this is closed.
 */
public final class RigFiles implements AutoCloseable {
    private final Paths paths;
    private final List<Path> streams = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();

    /**
     * How the files are called.
     *
     * @param directory where they are
     * @param prefix what their names begin with
     */
    public record Paths(Path directory, String prefix) {
        Path ping(Scenario exchange) {
            return directory.resolve(prefix + exchange.word() + "_ping.im.shm");
        }

        Path pong(Scenario exchange) {
            return directory.resolve(prefix + exchange.word() + "_pong.im.shm");
        }

        /** A plain file, or a socket. */
        Path plain(Scenario exchange) {
            return directory.resolve(prefix + exchange.word());
        }

        /** The directory of Aeron's driver. */
        Path directory(Scenario exchange) {
            return directory.resolve(prefix + exchange.word() + "_driver");
        }
    }

    public RigFiles(Path directory, Layout layout, List<Scenario> exchanges) {
        paths = new Paths(directory, "shmrt_rig_" + ProcessHandle.current().pid() + "_");
        try {
            for (Scenario exchange : exchanges) {
                create(exchange, layout);
            }
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void create(Scenario exchange, Layout layout) throws IOException {
        switch (exchange.kind()) {
            case VARHANDLE, C_COUNTER -> file(paths.plain(exchange), (int) VarHandleLoop.FILE_BYTES);
            case AGRONA -> {
                file(paths.ping(exchange), AgronaLoop.FILE_BYTES);
                file(paths.pong(exchange), AgronaLoop.FILE_BYTES);
            }
            case MAPPED_BUFFER -> {
                file(paths.ping(exchange), MappedBufferLoop.DATA_OFFSET + exchange.frameBytes());
                file(paths.pong(exchange), MappedBufferLoop.DATA_OFFSET + exchange.frameBytes());
            }
            case MEMCPY, C_MEMCPY -> file(paths.plain(exchange), exchange.frameBytes());
            case CHRONICLE -> files.addAll(List.of(paths.ping(exchange), paths.pong(exchange)));
            case AERON -> files.add(paths.directory(exchange));
            case SOCKET -> files.add(paths.plain(exchange));
            case PUBLISH, C_PUBLISH, CYCLE -> stream(paths.ping(exchange), exchange, exchange.layout(layout));
            default -> {
                stream(paths.ping(exchange), exchange, exchange.layout(layout));
                stream(paths.pong(exchange), exchange, exchange.layout(layout));
            }
        }
    }

    private void file(Path path, int bytes) throws IOException {
        Files.write(path, new byte[bytes], StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        files.add(path);
    }

    private void stream(Path path, Scenario exchange, Layout layout) {
        // Two axes: DAO's own library ends a process that opens a vector.
        StreamSpec spec = layout.spec(DataType.UINT8, Shape.of(exchange.frameBytes(), 1));
        ImageStream.create(path, exchange.depth() == 1 ? spec : spec.withDepth(exchange.depth()))
                .close();
        streams.add(path);
    }

    public Paths paths() {
        return paths;
    }

    /** Removes all files. Removing twice is harmless. */
    @Override
    public synchronized void close() {
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

package org.shmrt.bench.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.StreamSpec;

/**
 * The shared files of a group of exchanges: for each a ping and a pong stream, ring or queue, or one plain file.
 * All are gone, with their semaphores, once this is closed.
 */
final class RigFiles implements AutoCloseable {
    private final Paths paths;
    private final List<Path> streams = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();

    /**
     * How the files are called.
     *
     * @param directory where they are
     * @param prefix what their names begin with
     */
    record Paths(Path directory, String prefix) {
        Path ping(Exchange exchange) {
            return directory.resolve(prefix + exchange.word() + "_ping.im.shm");
        }

        Path pong(Exchange exchange) {
            return directory.resolve(prefix + exchange.word() + "_pong.im.shm");
        }

        /** A plain file, or a socket. */
        Path plain(Exchange exchange) {
            return directory.resolve(prefix + exchange.word());
        }

        /** The directory of Aeron's driver. */
        Path directory(Exchange exchange) {
            return directory.resolve(prefix + exchange.word() + "_driver");
        }
    }

    RigFiles(Path directory, Layout layout, List<Exchange> exchanges) {
        paths = new Paths(directory, "shmrt_rig_" + ProcessHandle.current().pid() + "_");
        try {
            for (Exchange exchange : exchanges) {
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

    private void create(Exchange exchange, Layout layout) throws IOException {
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

    private void stream(Path path, Exchange exchange, Layout layout) {
        // Two axes: DAO's own library ends a process that opens a vector.
        StreamSpec spec = layout.spec(DataType.UINT8, Shape.of(exchange.frameBytes(), 1));
        ImageStream.create(path, exchange.depth() == 1 ? spec : spec.withDepth(exchange.depth()))
                .close();
        streams.add(path);
    }

    Paths paths() {
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

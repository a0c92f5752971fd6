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

/**
 * The shared files of a group of exchanges: for each a ping and a pong stream or ring, or a file of bare counters.
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

        Path counters(Exchange exchange) {
            return directory.resolve(prefix + exchange.word());
        }

        /** The directory of Aeron's driver. */
        Path aeron(Exchange exchange) {
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
            case VARHANDLE, C_COUNTER -> file(paths.counters(exchange), (int) VarHandleLoop.FILE_BYTES);
            case AGRONA -> {
                file(paths.ping(exchange), AgronaLoop.FILE_BYTES);
                file(paths.pong(exchange), AgronaLoop.FILE_BYTES);
            }
            case AERON -> files.add(paths.aeron(exchange));
            default -> {
                // The C program for semaphores opens them by name, as only DAO streams have it.
                Layout its = exchange.kind() == Exchange.Kind.C_SEMAPHORE ? Layout.DAO : layout;
                stream(paths.ping(exchange), exchange, its);
                stream(paths.pong(exchange), exchange, its);
            }
        }
    }

    private void file(Path path, int bytes) throws IOException {
        Files.write(path, new byte[bytes], StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        files.add(path);
    }

    private void stream(Path path, Exchange exchange, Layout layout) {
        ImageStream.create(path, layout.spec(DataType.UINT8, Shape.of(exchange.frameBytes()))).close();
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

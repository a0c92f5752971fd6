package org.shmrt.bench.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.StreamSpec;

/**
 * The shared files of a measurement: for each exchange a ping and a pong stream, which Java and C use by turns,
 * and a file of bare counters. All are gone, with their semaphores, once this is closed.
 */
final class RigFiles implements AutoCloseable {
    private final Paths paths;
    private final List<Path> streams = new ArrayList<>();

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

        Path counters() {
            return directory.resolve(prefix + "counters");
        }
    }

    RigFiles(Path directory) {
        paths = new Paths(directory, "shmrt_rig_" + ProcessHandle.current().pid() + "_");
        try {
            Files.write(paths.counters(), new byte[(int) VarHandleLoop.FILE_BYTES]);
            for (Exchange exchange : Exchange.values()) {
                create(paths.ping(exchange), exchange);
                create(paths.pong(exchange), exchange);
            }
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void create(Path path, Exchange exchange) {
        StreamSpec spec = StreamSpec.dao(DataType.UINT8, Shape.of(Math.max(exchange.frameBytes(), 8)));
        ImageStream.create(path, spec).close();
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
        try {
            Files.deleteIfExists(paths.counters());
        } catch (IOException e) {
            System.err.println("cannot remove " + paths.counters() + ": " + e.getMessage());
        }
    }
}

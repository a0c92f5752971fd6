package org.shmrt.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.shmrt.error.ShmException;
import org.shmrt.posix.thread.Scheduling;
import org.shmrt.record.chunk.ChunkFile;
import org.shmrt.record.chunk.ChunkName;
import org.shmrt.record.chunk.ChunkSpec;
import org.shmrt.record.chunk.CubeCopy;
import org.shmrt.text.FileNames;

/**
 * Compresses complete chunks in a thread of its own, and replaces them when the compressed file is complete. If it cannot
 * keep pace, chunks remain plain for longer; recording does not wait.
 */
final class ChunkCompressor implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("record-compress").daemon().factory());
    private final Consumer<String> findings;

    ChunkCompressor(Consumer<String> findings) {
        this.findings = findings;
        thread.execute(ChunkCompressor::lowerPriority);
    }

    private static void lowerPriority() {
        try {
            Scheduling.setPriority(Scheduling.CALLER, new Scheduling.Priority(Scheduling.Policy.IDLE, 0));
        } catch (ShmException e) {
            // a sandbox may forbid it: then it has the priority of the other threads
        }
    }

    void add(Path chunk) {
        thread.execute(() -> {
            try {
                compress(chunk);
            } catch (ShmException e) {
                findings.accept(FileNames.text(chunk) + " remains without compression: " + e.getMessage());
            } catch (IOException e) {
                findings.accept(FileNames.text(chunk) + " was compressed, but cannot be removed: " + e.getMessage());
            }
        });
    }

    static void compress(Path plain) throws IOException {
        ChunkName name = ChunkName.parse(plain).orElseThrow();
        Path target = plain.resolveSibling(name.compressed().toString());
        try (ChunkFile chunk = ChunkFile.open(plain)) {
            ChunkSpec spec = new ChunkSpec(chunk.type(), chunk.frameShape(), chunk.cards());
            if (!CubeCopy.isCompressible(spec)) {
                return;
            }
            Optional<String> ignored = new CubeCopy(
                            spec, List.of(new CubeCopy.Part(chunk, 0, chunk.frames())), chunk.frames())
                    .writeCompressed(target);
        }
        Files.deleteIfExists(plain);
    }

    /** Waits until all chunks are compressed. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            boolean ignored = thread.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the rest remains plain
        }
    }
}

package org.shmrt.bench.rig.loop;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.shmrt.posix.MappedFile;

/** Two copies, into a mapped file and out of it: the lower bound of {@link CycleLoop}. The same as memory_copy.c. */
final class MemcpyLoop extends SoloLoop {
    private final MemorySegment shared;

    MemcpyLoop(Path path, long bytes) {
        super(bytes);
        shared = MappedFile.readWrite(path, arena()).segment();
    }

    @Override
    void pass(MemorySegment from, MemorySegment to) {
        long bytes = from.byteSize();
        MemorySegment.copy(from, 0, shared, 0, bytes);
        MemorySegment.copy(shared, 0, to, 0, bytes);
    }
}

package org.shmrt.bench.rig.loop;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;

/** A frame written to a stream and read back with verification. */
final class CycleLoop extends SoloLoop {
    private final ImageStream stream;
    private final FrameWriter writer;
    private final FrameReader reader;

    CycleLoop(Path path, long bytes) {
        super(bytes);
        stream = ImageStream.open(path);
        writer = stream.writer();
        reader = stream.reader(WaitStrategy.spin());
    }

    @Override
    void pass(MemorySegment from, MemorySegment to) {
        writer.write(from);
        Verdict verdict = reader.read(to, TIMEOUT_NS);
        if (verdict != Verdict.FRESH) {
            throw new IllegalStateException("the frame just written cannot be read: " + verdict);
        }
    }

    @Override
    public void close() {
        stream.close();
        super.close();
    }
}

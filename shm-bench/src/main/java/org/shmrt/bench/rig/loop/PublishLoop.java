package org.shmrt.bench.rig.loop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;

/** The writer alone: what it costs to publish, at a fixed rate, whoever reads. What publish.c does. */
public final class PublishLoop implements Loop {
    private final Arena arena = Arena.ofShared();
    private final ImageStream stream;
    private final FrameWriter writer;
    private final MemorySegment frame;
    private long firstSent;
    private long lastSent;
    private long intendedNs;
    private boolean begun;

    public PublishLoop(Path path) {
        stream = ImageStream.open(path);
        writer = stream.writer();
        frame = Payload.create(arena, stream.layout().frameBytes());
    }

    @Override
    public void begin() {
        firstSent = lastSent = stream.status().cnt0();
        begun = false;
    }

    @Override
    public void initiate(long first, int count, long periodNs, Histogram times) {
        if (!begun) {
            intendedNs = System.nanoTime();
            begun = true;
        }
        for (int i = 0; i < count; i++) {
            intendedNs += periodNs;
            while (System.nanoTime() - intendedNs < 0) {
                Thread.onSpinWait();
            }
            Payload.stamp(frame, first + i);
            long startNs = System.nanoTime();
            lastSent = writer.write(frame);
            times.recordValue(System.nanoTime() - startNs);
        }
    }

    @Override
    public void echo(long first, int count) {
        throw new UnsupportedOperationException("a writer answers nobody");
    }

    @Override
    public void finish(long last) {
        // nothing comes in
    }

    @Override
    public long sent() {
        return lastSent - firstSent;
    }

    @Override
    public long received() {
        return sent();
    }

    @Override
    public long bad() {
        return 0;
    }

    @Override
    public void close() {
        stream.close();
        arena.close();
    }
}

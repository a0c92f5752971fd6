package org.shmrt.bench.rig.loop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;

/** A writer: the time of publishing, at a fixed rate, independent of readers. The same as publish.c. */
final class PublishLoop implements Loop {
    private final Arena arena = Arena.ofShared();
    private final ImageStream stream;
    private final FrameWriter writer;
    private final MemorySegment frame;
    private long firstSent;
    private long lastSent;
    private long intendedNs;
    private boolean started;

    PublishLoop(Path path) {
        stream = ImageStream.open(path);
        writer = stream.writer();
        frame = Payload.create(arena, stream.layout().frameBytes());
    }

    @Override
    public void begin() {
        firstSent = lastSent = stream.status().cnt0();
        started = false;
    }

    @Override
    public void initiate(long first, int count, long periodNs, Histogram times) {
        if (!started) {
            intendedNs = System.nanoTime();
            started = true;
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
        throw new UnsupportedOperationException("a writer does not reply");
    }

    @Override
    public void finish(long last) {
        // a writer receives nothing
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

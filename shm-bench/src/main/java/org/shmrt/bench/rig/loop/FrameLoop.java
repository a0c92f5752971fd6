package org.shmrt.bench.rig.loop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.shmrt.bench.rig.scenario.Transport;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;

/**
 * Frames through two streams: copied in and out; copied in and read where they lie, what frame_pingpong.c does; or made
 * where they lie as well.
 */
public final class FrameLoop extends MessageLoop {
    private final Arena arena = Arena.ofShared();
    private final ImageStream out;
    private final ImageStream in;
    private final FrameWriter writer;
    private final FrameReader reader;
    private final boolean copiesIn;
    private final boolean copiesOut;
    private final MemorySegment mine;
    private final MemorySegment theirs;
    private long firstReceived;
    private long firstSent;
    private long lastSent;

    public FrameLoop(Path outPath, Path inPath, WaitStrategy wait, Transport kind) {
        copiesIn = kind != Transport.NO_COPY;
        copiesOut = kind == Transport.COPY;
        out = ImageStream.open(outPath);
        in = ImageStream.open(inPath);
        writer = out.writer();
        reader = in.reader(wait);
        mine = Payload.create(arena, out.layout().frameBytes());
        theirs = Payload.create(arena, out.layout().frameBytes());
    }

    @Override
    void forget() {
        reader.newest();
        firstReceived = reader.count();
        firstSent = lastSent = out.status().cnt0();
    }

    @Override
    void send(long number) {
        if (copiesIn) {
            Payload.stamp(mine, number);
            lastSent = writer.write(mine);
            return;
        }
        Payload.write(writer.claim(), number);
        // Who makes frames where they lie has a time of its own for them: a camera's, or that of the frame before.
        lastSent = writer.publish(number);
    }

    @Override
    boolean receive(long number) {
        if (copiesOut) {
            Verdict verdict = reader.read(theirs, TIMEOUT_NS);
            return isFresh(verdict) && Payload.isStamped(theirs, number);
        }
        Verdict verdict = reader.awaitNext(TIMEOUT_NS);
        return isFresh(verdict) && Payload.isStamped(reader.frame(), number) && reader.validate();
    }

    private static boolean isFresh(Verdict verdict) {
        if (!verdict.hasFrame()) {
            throw new IllegalStateException("no message came: " + verdict);
        }
        return verdict == Verdict.FRESH;
    }

    @Override
    boolean isWhole(long last) {
        return Payload.isWhole(copiesOut ? theirs : reader.frame(), last);
    }

    /** What the stream's own counter says. */
    @Override
    public long sent() {
        return lastSent - firstSent;
    }

    @Override
    public long received() {
        return reader.count() - firstReceived;
    }

    @Override
    public void close() {
        in.close();
        out.close();
        arena.close();
    }
}

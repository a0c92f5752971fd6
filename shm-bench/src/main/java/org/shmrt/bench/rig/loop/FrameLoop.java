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
 * Frames through two streams: copied in and out; copied in and read in place, as frame_pingpong.c does; or created and
 * read in place.
 */
final class FrameLoop extends MessageLoop {
    private final Arena arena = Arena.ofShared();
    private final ImageStream out;
    private final ImageStream in;
    private final FrameWriter writer;
    private final FrameReader reader;
    private final boolean copiesIn;
    private final boolean copiesOut;
    private final MemorySegment outgoing;
    private final MemorySegment incoming;
    private long firstReceived;
    private long firstSent;
    private long lastSent;

    FrameLoop(Path outPath, Path inPath, WaitStrategy wait, Transport transport) {
        copiesIn = transport != Transport.NO_COPY;
        copiesOut = transport == Transport.COPY;
        out = ImageStream.open(outPath);
        in = ImageStream.open(inPath);
        writer = out.writer();
        reader = in.reader(wait);
        outgoing = Payload.create(arena, out.layout().frameBytes());
        incoming = Payload.create(arena, out.layout().frameBytes());
    }

    @Override
    void discardPending() {
        reader.newest();
        firstReceived = reader.count();
        firstSent = lastSent = out.status().cnt0();
    }

    @Override
    void send(long number) {
        if (copiesIn) {
            Payload.stamp(outgoing, number);
            lastSent = writer.write(outgoing);
            return;
        }
        Payload.write(writer.claim(), number);
        // A program that creates frames in place has a time for them: from the camera, or from the previous step.
        lastSent = writer.publish(number);
    }

    @Override
    boolean receive(long number) {
        if (copiesOut) {
            Verdict verdict = reader.read(incoming, TIMEOUT_NS);
            return FrameCheck.isNext(verdict) && Payload.isStamped(incoming, number);
        }
        Verdict verdict = reader.awaitNext(TIMEOUT_NS);
        return FrameCheck.isNext(verdict) && Payload.isStamped(reader.frame(), number) && reader.validate();
    }

    @Override
    boolean isIntact(long last) {
        return Payload.isIntact(copiesOut ? incoming : reader.frame(), last);
    }

    /** As counted by the stream. */
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

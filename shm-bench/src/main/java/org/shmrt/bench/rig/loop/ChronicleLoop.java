package org.shmrt.bench.rig.loop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;

/**
 * Messages through two Chronicle queues in memory, copied in and out. Chronicle keeps every message, so each is written
 * to memory that was never used before.
 */
final class ChronicleLoop extends MessageLoop {
    private final ChronicleQueue out;
    private final ChronicleQueue in;
    private final ExcerptAppender appender;
    private final ExcerptTailer tailer;
    private final Arena arena = Arena.ofShared();
    private final Bytes<?> outgoingBytes;
    private final Bytes<?> incomingBytes;
    private final MemorySegment outgoing;
    private final MemorySegment incoming;

    ChronicleLoop(Path outPath, Path inPath, int bytes) {
        out = ChronicleQueue.single(outPath.toString());
        in = ChronicleQueue.single(inPath.toString());
        appender = out.createAppender();
        tailer = in.createTailer();
        outgoingBytes = Bytes.allocateDirect(bytes);
        incomingBytes = Bytes.allocateDirect(bytes);
        outgoing = memory(outgoingBytes, bytes);
        incoming = memory(incomingBytes, bytes);
        outgoing.copyFrom(Payload.create(arena, bytes));
        outgoingBytes.writePosition(bytes);
    }

    @SuppressWarnings("restricted")
    private static MemorySegment memory(Bytes<?> bytes, int length) {
        return MemorySegment.ofAddress(bytes.addressForWrite(0)).reinterpret(length);
    }

    @Override
    void discardPending() {
        tailer.toEnd();
    }

    @Override
    void send(long number) {
        Payload.stamp(outgoing, number);
        appender.writeBytes(outgoingBytes);
    }

    @Override
    boolean receive(long number) {
        long spins = 0;
        incomingBytes.clear();
        while (!tailer.readBytes(incomingBytes)) {
            spins = SpinTimeout.spin(spins);
        }
        return incomingBytes.readRemaining() == incoming.byteSize() && Payload.isStamped(incoming, number);
    }

    @Override
    boolean isIntact(long last) {
        return Payload.isIntact(incoming, last);
    }

    @Override
    public void close() {
        tailer.close();
        appender.close();
        in.close();
        out.close();
        arena.close();
    }
}

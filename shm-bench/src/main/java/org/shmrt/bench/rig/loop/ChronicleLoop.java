package org.shmrt.bench.rig.loop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;

/**
 * Messages through two queues of Chronicle's in memory, copied in and out. It keeps every message, so each goes to
 * memory that was never touched before.
 */
public final class ChronicleLoop extends MessageLoop {
    private final ChronicleQueue out;
    private final ChronicleQueue in;
    private final ExcerptAppender appender;
    private final ExcerptTailer tailer;
    private final Arena arena = Arena.ofShared();
    private final Bytes<?> mineBytes;
    private final Bytes<?> theirsBytes;
    private final MemorySegment mine;
    private final MemorySegment theirs;

    public ChronicleLoop(Path outPath, Path inPath, int bytes) {
        out = ChronicleQueue.single(outPath.toString());
        in = ChronicleQueue.single(inPath.toString());
        appender = out.createAppender();
        tailer = in.createTailer();
        mineBytes = Bytes.allocateDirect(bytes);
        theirsBytes = Bytes.allocateDirect(bytes);
        mine = memory(mineBytes, bytes);
        theirs = memory(theirsBytes, bytes);
        mine.copyFrom(Payload.create(arena, bytes));
        mineBytes.writePosition(bytes);
    }

    @SuppressWarnings("restricted")
    private static MemorySegment memory(Bytes<?> bytes, int length) {
        return MemorySegment.ofAddress(bytes.addressForWrite(0)).reinterpret(length);
    }

    @Override
    void forget() {
        tailer.toEnd();
    }

    @Override
    void send(long number) {
        Payload.stamp(mine, number);
        appender.writeBytes(mineBytes);
    }

    @Override
    boolean receive(long number) {
        long turns = 0;
        theirsBytes.clear();
        while (!tailer.readBytes(theirsBytes)) {
            turns = SpinTimeout.spin(turns);
        }
        return theirsBytes.readRemaining() == theirs.byteSize() && Payload.isStamped(theirs, number);
    }

    @Override
    boolean isWhole(long last) {
        return Payload.isWhole(theirs, last);
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

package org.shmrt.bench.rig.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.IoUtil;

/**
 * The obvious solution: two {@link MappedByteBuffer}s, each with a counter and one message, copied in and out. It does
 * not detect a message that is overwritten during the copy; only the replies keep the two processes in step.
 */
final class MappedBufferLoop extends MessageLoop {
    static final int DATA_OFFSET = 128;

    private static final VarHandle COUNTER =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final Arena arena = Arena.ofShared();
    private final MappedByteBuffer out;
    private final MappedByteBuffer in;
    private final MemorySegment outgoing;
    private final MemorySegment incoming;
    private final ByteBuffer outgoingBuffer;
    private final ByteBuffer incomingBuffer;
    private final int bytes;
    private long lastSent;
    private long lastReceived;

    MappedBufferLoop(Path outPath, Path inPath, int bytes) {
        this.bytes = bytes;
        out = map(outPath, bytes);
        in = map(inPath, bytes);
        outgoing = Payload.create(arena, bytes);
        incoming = Payload.create(arena, bytes);
        outgoingBuffer = outgoing.asByteBuffer();
        incomingBuffer = incoming.asByteBuffer();
    }

    private static MappedByteBuffer map(Path path, int bytes) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, DATA_OFFSET + bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void discardPending() {
        lastReceived = (long) COUNTER.getAcquire(in, 0);
        lastSent = (long) COUNTER.getAcquire(out, 0);
    }

    @Override
    void send(long number) {
        Payload.stamp(outgoing, number);
        out.put(DATA_OFFSET, outgoingBuffer, 0, bytes);
        COUNTER.setRelease(out, 0, ++lastSent);
    }

    @Override
    boolean receive(long number) {
        long spins = 0;
        long now;
        while ((now = (long) COUNTER.getAcquire(in, 0)) == lastReceived) {
            spins = SpinTimeout.spin(spins);
        }
        incomingBuffer.put(0, in, DATA_OFFSET, bytes);
        return now == ++lastReceived && Payload.isStamped(incoming, number);
    }

    @Override
    boolean isIntact(long last) {
        return Payload.isIntact(incoming, last);
    }

    @Override
    public void close() {
        IoUtil.unmap(out);
        IoUtil.unmap(in);
        arena.close();
    }
}

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
 * What one writes first: two {@link MappedByteBuffer}s, each a counter and one message, copied in and out. Nothing
 * tells a message that was overwritten while it was copied; only the answers keep the two ends in step.
 */
public final class MappedBufferLoop extends MessageLoop {
    public static final int DATA_OFFSET = 128;

    private static final VarHandle COUNTER =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final Arena arena = Arena.ofShared();
    private final MappedByteBuffer out;
    private final MappedByteBuffer in;
    private final MemorySegment mine;
    private final MemorySegment theirs;
    private final ByteBuffer mineBuffer;
    private final ByteBuffer theirsBuffer;
    private final int bytes;
    private long lastSent;
    private long lastReceived;

    public MappedBufferLoop(Path outPath, Path inPath, int bytes) {
        this.bytes = bytes;
        out = map(outPath, bytes);
        in = map(inPath, bytes);
        mine = Payload.create(arena, bytes);
        theirs = Payload.create(arena, bytes);
        mineBuffer = mine.asByteBuffer();
        theirsBuffer = theirs.asByteBuffer();
    }

    private static MappedByteBuffer map(Path path, int bytes) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, DATA_OFFSET + bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void forget() {
        lastReceived = (long) COUNTER.getAcquire(in, 0);
        lastSent = (long) COUNTER.getAcquire(out, 0);
    }

    @Override
    void send(long number) {
        Payload.stamp(mine, number);
        out.put(DATA_OFFSET, mineBuffer, 0, bytes);
        COUNTER.setRelease(out, 0, ++lastSent);
    }

    @Override
    boolean receive(long number) {
        long turns = 0;
        long now;
        while ((now = (long) COUNTER.getAcquire(in, 0)) == lastReceived) {
            turns = SpinTimeout.spin(turns);
        }
        theirsBuffer.put(0, in, DATA_OFFSET, bytes);
        return now == ++lastReceived && Payload.isStamped(theirs, number);
    }

    @Override
    boolean isWhole(long last) {
        return Payload.isWhole(theirs, last);
    }

    @Override
    public void close() {
        IoUtil.unmap(out);
        IoUtil.unmap(in);
        arena.close();
    }
}

package org.shmrt.bench.rig.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.IoUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Messages through two of Agrona's ring buffers in mapped files; the receiver reads them where they lie. */
public final class AgronaLoop extends MessageLoop implements MessageHandler {
    public static final int FILE_BYTES = 64 * 1024 + RingBufferDescriptor.TRAILER_LENGTH;

    private static final int TYPE = 1;

    private final Arena arena = Arena.ofShared();
    private final MappedByteBuffer outMemory;
    private final MappedByteBuffer inMemory;
    private final OneToOneRingBuffer out;
    private final OneToOneRingBuffer in;
    private final MemorySegment mine;
    private final UnsafeBuffer mineBuffer;
    private final MemorySegment expected;
    private long expectedNumber;
    private boolean isGood;

    public AgronaLoop(Path outPath, Path inPath, int bytes) {
        outMemory = map(outPath);
        inMemory = map(inPath);
        out = new OneToOneRingBuffer(new UnsafeBuffer(outMemory));
        in = new OneToOneRingBuffer(new UnsafeBuffer(inMemory));
        mine = Payload.create(arena, bytes);
        mineBuffer = new UnsafeBuffer(mine.asByteBuffer());
        expected = Payload.create(arena, bytes);
    }

    private static MappedByteBuffer map(Path path) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, FILE_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void forget() {
        in.read((type, buffer, index, length) -> {});
    }

    @Override
    void send(long number) {
        Payload.stamp(mine, number);
        long turns = 0;
        while (!out.write(TYPE, mineBuffer, 0, (int) mine.byteSize())) {
            turns = SpinTimeout.spin(turns);
        }
    }

    @Override
    boolean receive(long number) {
        expectedNumber = number;
        long turns = 0;
        while (in.read(this, 1) == 0) {
            turns = SpinTimeout.spin(turns);
        }
        return isGood;
    }

    @Override
    public void onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
        isGood = length == mine.byteSize()
                && BufferPayload.isStamped(buffer, index, length, expectedNumber)
                && (expectedNumber != 0 || BufferPayload.isWhole(buffer, index, expected));
    }

    @Override
    public void close() {
        IoUtil.unmap(outMemory);
        IoUtil.unmap(inMemory);
        arena.close();
    }
}

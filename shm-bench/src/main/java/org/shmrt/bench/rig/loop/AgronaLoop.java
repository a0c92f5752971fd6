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

/** Messages through two ring buffers of Agrona in mapped files; the receiver reads them in place. */
final class AgronaLoop extends MessageLoop implements MessageHandler {
    static final int FILE_BYTES = 64 * 1024 + RingBufferDescriptor.TRAILER_LENGTH;

    private static final int TYPE = 1;

    private final Arena arena = Arena.ofShared();
    private final MappedByteBuffer outMemory;
    private final MappedByteBuffer inMemory;
    private final OneToOneRingBuffer out;
    private final OneToOneRingBuffer in;
    private final MemorySegment outgoing;
    private final UnsafeBuffer outgoingBuffer;
    private final MemorySegment expected;
    private long expectedNumber;
    private boolean isGood;

    AgronaLoop(Path outPath, Path inPath, int bytes) {
        outMemory = map(outPath);
        inMemory = map(inPath);
        out = new OneToOneRingBuffer(new UnsafeBuffer(outMemory));
        in = new OneToOneRingBuffer(new UnsafeBuffer(inMemory));
        outgoing = Payload.create(arena, bytes);
        outgoingBuffer = new UnsafeBuffer(outgoing.asByteBuffer());
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
    void discardPending() {
        in.read((type, buffer, index, length) -> {});
    }

    @Override
    void send(long number) {
        Payload.stamp(outgoing, number);
        long spins = 0;
        while (!out.write(TYPE, outgoingBuffer, 0, (int) outgoing.byteSize())) {
            spins = SpinTimeout.spin(spins);
        }
    }

    @Override
    boolean receive(long number) {
        expectedNumber = number;
        long spins = 0;
        while (in.read(this, 1) == 0) {
            spins = SpinTimeout.spin(spins);
        }
        return isGood;
    }

    @Override
    public void onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
        isGood = length == outgoing.byteSize()
                && BufferPayload.isStamped(buffer, index, length, expectedNumber)
                && (expectedNumber != 0 || BufferPayload.isIntact(buffer, index, expected));
    }

    @Override
    public void close() {
        IoUtil.unmap(outMemory);
        IoUtil.unmap(inMemory);
        arena.close();
    }
}

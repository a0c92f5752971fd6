package org.shmrt.bench.rig.loop;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.Header;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Messages through Aeron IPC. A message longer than Aeron's largest fragment goes in two, which its assembler
 * copies together; a short one is read where it lies. The media driver is a process of its own.
 */
public final class AeronLoop extends MessageLoop {
    /** The largest fragment Aeron allows, and terms small enough for the cache of a large machine. */
    private static final String CHANNEL = "aeron:ipc?mtu=65504|term-length=16m";

    private static final int PING = 1001;
    private static final int PONG = 1002;

    private final Arena arena = Arena.ofShared();
    private final Aeron aeron;
    private final Publication publication;
    private final Subscription subscription;
    private final FragmentAssembler handler = new FragmentAssembler(this::onMessage);
    private final MemorySegment mine;
    private final UnsafeBuffer mineBuffer;
    private final MemorySegment expected;
    private long expectedNumber;
    private boolean hasCome;
    private boolean isGood;

    public AeronLoop(Path directory, boolean initiator, int bytes) {
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(directory.toString()));
        publication = aeron.addExclusivePublication(CHANNEL, initiator ? PING : PONG);
        subscription = aeron.addSubscription(CHANNEL, initiator ? PONG : PING);
        mine = Payload.create(arena, bytes);
        mineBuffer = new UnsafeBuffer(mine.asByteBuffer());
        expected = Payload.create(arena, bytes);
    }

    @Override
    void forget() {
        while (subscription.poll(handler, Integer.MAX_VALUE) > 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    void send(long number) {
        Payload.stamp(mine, number);
        long turns = 0;
        while (publication.offer(mineBuffer, 0, (int) mine.byteSize()) < 0) {
            turns = SpinTimeout.spin(turns);
        }
    }

    @Override
    boolean receive(long number) {
        expectedNumber = number;
        hasCome = false;
        long turns = 0;
        while (!hasCome) {
            if (subscription.poll(handler, 1) == 0) {
                turns = SpinTimeout.spin(turns);
            }
        }
        return isGood;
    }

    private void onMessage(DirectBuffer buffer, int offset, int length, Header header) {
        hasCome = true;
        isGood = length == mine.byteSize()
                && BufferPayload.isStamped(buffer, offset, length, expectedNumber)
                && (expectedNumber != 0 || BufferPayload.isWhole(buffer, offset, expected));
    }

    @Override
    public void close() {
        aeron.close();
        arena.close();
    }
}

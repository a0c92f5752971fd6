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
import org.shmrt.bench.rig.scenario.Role;

/**
 * Messages through Aeron IPC. A message longer than Aeron's largest fragment is sent in two, which its assembler copies
 * into one buffer; a short one is read in place. The media driver is a separate process.
 */
final class AeronLoop extends MessageLoop {
    /** The largest fragment that Aeron allows, and terms that fit into the cache of a large machine. */
    private static final String CHANNEL = "aeron:ipc?mtu=65504|term-length=16m";

    private static final int PING = 1001;
    private static final int PONG = 1002;

    private final Arena arena = Arena.ofShared();
    private final Aeron aeron;
    private final Publication publication;
    private final Subscription subscription;
    private final FragmentAssembler handler = new FragmentAssembler(this::onMessage);
    private final MemorySegment outgoing;
    private final UnsafeBuffer outgoingBuffer;
    private final MemorySegment expected;
    private long expectedNumber;
    private boolean hasArrived;
    private boolean isGood;

    AeronLoop(Path directory, Role role, int bytes) {
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(directory.toString()));
        publication = aeron.addExclusivePublication(CHANNEL, role == Role.INITIATOR ? PING : PONG);
        subscription = aeron.addSubscription(CHANNEL, role == Role.INITIATOR ? PONG : PING);
        outgoing = Payload.create(arena, bytes);
        outgoingBuffer = new UnsafeBuffer(outgoing.asByteBuffer());
        expected = Payload.create(arena, bytes);
    }

    @Override
    void discardPending() {
        while (subscription.poll(handler, Integer.MAX_VALUE) > 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    void send(long number) {
        Payload.stamp(outgoing, number);
        long spins = 0;
        while (publication.offer(outgoingBuffer, 0, (int) outgoing.byteSize()) < 0) {
            spins = SpinTimeout.spin(spins);
        }
    }

    @Override
    boolean receive(long number) {
        expectedNumber = number;
        hasArrived = false;
        long spins = 0;
        while (!hasArrived) {
            if (subscription.poll(handler, 1) == 0) {
                spins = SpinTimeout.spin(spins);
            }
        }
        return isGood;
    }

    private void onMessage(DirectBuffer buffer, int offset, int length, Header header) {
        hasArrived = true;
        isGood = length == outgoing.byteSize()
                && BufferPayload.isStamped(buffer, offset, length, expectedNumber)
                && (expectedNumber != 0 || BufferPayload.isIntact(buffer, offset, expected));
    }

    @Override
    public void close() {
        aeron.close();
        arena.close();
    }
}

package org.shmrt.camera.packet;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.shmrt.camera.FrameFormat;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.FrameTarget;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.IoErrors;
import org.shmrt.stream.format.StreamClock;

/**
 * Frames from the packets of a UDP socket. A frame is given up when {@value #MAX_HELD} packets of later frames have
 * arrived, or when nothing arrives for {@value #SILENCE_MS} ms.
 */
final class UdpSource implements FrameSource {
    private static final long SILENCE_MS = 100;
    private static final long SILENCE_NS = SILENCE_MS * 1_000_000;
    /** Packets of later frames that are kept, so that packets may overtake each other by this many. */
    private static final int MAX_HELD = 32;
    /** How many packets are received before the clock is read. */
    private static final int CLOCK_INTERVAL = 64;

    private final DatagramChannel channel;
    private final Selector selector;
    private final FrameFormat frames;
    private final Assembler assembler;
    private final Assembler.Incomplete incomplete;
    private final SocketBuffer socket;
    private final PacketBuffer[] held = new PacketBuffer[MAX_HELD + 1];
    private int heldCount;
    private boolean silent;
    private long silentSinceNs;
    private volatile boolean closed;

    UdpSource(
            DatagramChannel channel,
            FrameFormat frames,
            PacketFormat packets,
            Assembler.Incomplete incomplete,
            SocketBuffer socket)
            throws IOException {
        this.channel = channel;
        this.frames = frames;
        this.incomplete = incomplete;
        this.socket = socket;
        this.assembler =
                new Assembler(packets, frames.frameBytes(), frames.type().itemBytes(), incomplete);
        for (int i = 0; i < held.length; i++) {
            held[i] = new PacketBuffer();
        }
        channel.configureBlocking(false);
        this.selector = Selector.open();
        try {
            channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException | RuntimeException | Error e) {
            selector.close();
            throw e;
        }
    }

    @Override
    public FrameFormat format() {
        return frames;
    }

    @Override
    public Arrival read(FrameTarget target, long timeoutNs) {
        if (incomplete == Assembler.Incomplete.PUBLISH && !target.hasPackets()) {
            throw new IncompatibleException("incomplete=publish needs a stream that records packets: a dao stream with"
                    + " a depth of 2 or more");
        }
        try {
            return takeHeld(target) ? Arrival.FRAME : receive(target, System.nanoTime() + timeoutNs);
        } catch (ClosedChannelException | ClosedSelectorException e) {
            return Arrival.ENDED;
        } catch (IOException e) {
            if (closed) {
                return Arrival.ENDED;
            }
            throw IoErrors.reading("the packets of " + socket.name(), e);
        }
    }

    private Arrival receive(FrameTarget target, long limitNs) throws IOException {
        for (int count = 1; !closed; count++) {
            PacketBuffer packet = held[heldCount];
            packet.view.clear();
            if (channel.receive(packet.view) == null) {
                long nowNs = System.nanoTime();
                silentSinceNs = silent ? silentSinceNs : nowNs;
                silent = true;
                if (assembler.inFrame() && nowNs - silentSinceNs > SILENCE_NS) {
                    return giveUp();
                }
                if (nowNs - limitNs >= 0) {
                    return Arrival.TIMED_OUT;
                }
                await(nowNs, limitNs);
                continue;
            }
            if (silent) {
                silent = false;
                if (System.nanoTime() - silentSinceNs > SILENCE_NS) {
                    assembler.afterSilence();
                }
            }
            packet.length = packet.view.position();
            // the time is only needed where a frame begins
            packet.arrivalNs = assembler.inFrame() ? packet.arrivalNs : StreamClock.REALTIME.nowNs();
            switch (assembler.offer(packet, target)) {
                case COMPLETE -> {
                    return Arrival.FRAME;
                }
                case EARLY -> {
                    packet.arrivalNs = StreamClock.REALTIME.nowNs();
                    heldCount++;
                    if (heldCount == MAX_HELD) {
                        return giveUp();
                    }
                }
                case TAKEN -> {
                    if (count % CLOCK_INTERVAL == 0 && System.nanoTime() - limitNs >= 0) {
                        return Arrival.TIMED_OUT;
                    }
                }
            }
        }
        return Arrival.ENDED;
    }

    private Arrival giveUp() {
        return assembler.giveUp() ? Arrival.FRAME : Arrival.DAMAGED;
    }

    /** Nothing to do: there is only one channel. */
    private static void ignore(SelectionKey key) {}

    private void await(long nowNs, long limitNs) throws IOException {
        long waitMs = Math.clamp((limitNs - nowNs + 999_999) / 1_000_000, 1, SILENCE_MS);
        selector.select(UdpSource::ignore, waitMs);
    }

    /** Takes packets that arrived too early for the frame before; true if they complete a frame. */
    private boolean takeHeld(FrameTarget target) {
        if (heldCount == 0) {
            return false;
        }
        if (!assembler.inFrame()) {
            // the oldest frame first, whatever order its packets came in
            int oldest = 0;
            long oldestFrame = assembler.frameOf(held[0]);
            for (int i = 1; i < heldCount; i++) {
                long frame = assembler.frameOf(held[i]);
                if (frame < oldestFrame) {
                    oldest = i;
                    oldestFrame = frame;
                }
            }
            swap(0, oldest);
        }
        int kept = 0;
        boolean complete = false;
        for (int i = 0; i < heldCount; i++) {
            Assembler.Outcome outcome = complete ? Assembler.Outcome.EARLY : assembler.offer(held[i], target);
            if (outcome == Assembler.Outcome.EARLY) {
                swap(kept, i);
                kept++;
            }
            complete |= outcome == Assembler.Outcome.COMPLETE;
        }
        heldCount = kept;
        return complete;
    }

    private void swap(int a, int b) {
        PacketBuffer other = held[a];
        held[a] = held[b];
        held[b] = other;
    }

    @Override
    public long lost() {
        return assembler.lost();
    }

    @Override
    public long damaged() {
        return assembler.damaged();
    }

    @Override
    public String remark() {
        String packets = assembler.remark();
        String buffer = socket.remark();
        return packets + (packets.isEmpty() || buffer.isEmpty() ? "" : "; ") + buffer;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        socket.close();
        closed = true;
        try {
            channel.close();
            selector.close();
        } catch (IOException e) {
            throw IoErrors.reading("the packets of " + socket.name(), e);
        }
    }
}

package org.shmrt.camera.packet;

import java.util.BitSet;
import org.shmrt.camera.FrameTarget;
import org.shmrt.stream.PacketWriter;

/**
 * Assembles one frame after the other from packets, and counts frames and packets. Packets of a frame may come in any
 * order and more than once. For one thread; the counters are for any thread.
 */
final class Assembler {
    /** What becomes of a packet. */
    enum Outcome {
        /** It is in the frame, or nobody needs it. */
        TAKEN,
        /** It was the last one that was missing. */
        COMPLETE,
        /** It belongs to a later frame: the caller keeps it. */
        EARLY
    }

    /** What becomes of incomplete frames. */
    enum Incomplete {
        WITHHOLD,
        PUBLISH
    }

    private final PacketFormat format;
    private final FrameNumbers numbers;
    private final long frameBytes;
    private final int itemBytes;
    private final Incomplete incomplete;
    private final BitSet arrived = new BitSet(PacketFormat.MAX_PACKETS);

    private boolean inFrame;
    private long current;
    private boolean hasDone;
    /** The frame that was given up or completed last; packets of it and of older ones are too late. */
    private long done;

    private long missingBytes;
    private int total;
    private long packetsOfFrame;

    private volatile long lost;
    private volatile long damaged;
    private volatile long publishedIncomplete;
    private volatile long missingPackets;
    private volatile long repeatedPackets;
    private volatile long latePackets;
    private volatile long foreignPackets;

    Assembler(PacketFormat format, long frameBytes, int itemBytes, Incomplete incomplete) {
        this.format = format;
        this.numbers = new FrameNumbers(format.frameBits(), format.frameStep());
        this.frameBytes = frameBytes;
        this.itemBytes = itemBytes;
        this.incomplete = incomplete;
    }

    boolean inFrame() {
        return inFrame;
    }

    /** The next packet comes after a silence. */
    void afterSilence() {
        numbers.allowRestart();
    }

    /** Whether a packet is not one of these frames, by its length or the numbers in its header; counts it. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private boolean isForeign(PacketBuffer packet) {
        if (format.parse(packet.memory, packet.length)) {
            return false;
        }
        foreignPackets++;
        return true;
    }

    /** The frame of a packet; call it for packets that were kept. */
    long frameOf(PacketBuffer packet) {
        format.parse(packet.memory, packet.length);
        return numbers.of(format.frame());
    }

    /** Puts a packet where it belongs. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    Outcome offer(PacketBuffer packet, FrameTarget target) {
        if (isForeign(packet)) {
            return Outcome.TAKEN;
        }
        long frame = numbers.of(format.frame());
        if (hasDone && frame <= done) {
            latePackets++;
            return Outcome.TAKEN;
        }
        if (!inFrame) {
            begin(frame, packet, target);
        } else if (frame > current) {
            return Outcome.EARLY;
        } else if (frame < current) {
            latePackets++;
            return Outcome.TAKEN;
        }
        int index = format.index();
        if (arrived.get(index)) {
            repeatedPackets++;
            return Outcome.TAKEN;
        }
        arrived.set(index);
        packetsOfFrame++;
        missingBytes -= format.payloadBytes();
        if (incomplete == Incomplete.PUBLISH) {
            int start = format.payloadStart(packet.memory);
            target.packets().write(index, format.position() / itemBytes, packet.payload(start, format.payloadBytes()));
        } else {
            format.store(packet.memory, target.pixels());
        }
        if (missingBytes > 0) {
            return Outcome.TAKEN;
        }
        end();
        return Outcome.COMPLETE;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void begin(long frame, PacketBuffer packet, FrameTarget target) {
        if (hasDone) {
            lost += frame - done - 1;
        }
        inFrame = true;
        current = frame;
        missingBytes = frameBytes;
        total = format.total();
        packetsOfFrame = 0;
        arrived.clear();
        target.frameId(frame);
        target.acquiredNs(packet.arrivalNs);
        if (incomplete == Incomplete.PUBLISH) {
            PacketWriter writer = target.packets();
            writer.begin(frame, total);
        }
    }

    private void end() {
        inFrame = false;
        hasDone = true;
        done = current;
    }

    /** Gives up the frame; true if it is to be published nevertheless. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    boolean giveUp() {
        end();
        if (total > 0) {
            missingPackets += total - packetsOfFrame;
        }
        if (incomplete == Incomplete.PUBLISH) {
            publishedIncomplete++;
            return true;
        }
        damaged++;
        lost++;
        return false;
    }

    long lost() {
        return lost;
    }

    long damaged() {
        return damaged;
    }

    /** The packet counters as a sentence; empty if all are 0. */
    String remark() {
        StringBuilder text = new StringBuilder();
        append(text, missingPackets, "missing in incomplete frames");
        append(text, repeatedPackets, "repeated");
        append(text, latePackets, "too late");
        append(text, foreignPackets, "not of these frames");
        if (publishedIncomplete > 0) {
            text.append(text.isEmpty() ? "" : "; ").append(publishedIncomplete).append(" frames published incomplete");
        }
        if (numbers.restarts() > 0) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append("the sender has started its frame numbers again ")
                    .append(numbers.restarts())
                    .append(" times");
        }
        return text.toString();
    }

    private static void append(StringBuilder text, long packets, String what) {
        if (packets > 0) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(packets)
                    .append(" packets ")
                    .append(what);
        }
    }
}

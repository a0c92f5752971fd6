package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.stream.engine.HeaderWords;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.format.PacketLayout;
import org.shmrt.stream.inspect.PacketStatus;

/**
 * Writes frames that arrive in packets, in any order, and notes in the stream's header which have come. For one thread
 * at a time, the one that uses its {@link FrameWriter}. Nothing blocks.
 *
 * <pre>{@code
 * PacketWriter packets = writer.packets();
 * packets.begin(frameNumber, 4);
 * packets.write(id, firstElement, elements);   // for each packet
 * long count = packets.finish();               // whatever has come
 * }</pre>
 *
 * <p>What the header tells afterwards is what DAO's {@code daoShmImagePart2Shm} and
 * {@code daoShmImagePart2ShmFinalize} leave. Two things differ on the way: the write flag stays up from
 * {@link #begin} to {@link #finish()}, so that no checked reader takes a half-arrived frame for a whole one, and ids
 * that the table has no room for are refused, where DAO writes over its own header. Programs that follow the packets as
 * they arrive see each one's note after its elements.
 */
public final class PacketWriter {
    private final FrameWriter writer;
    private final MappedStream stream;
    private final MemorySegment file;
    private final PacketLayout layout;
    private final int itemBytes;
    private final long elements;
    private final BitSet arrived = new BitSet();

    private MemorySegment frame;
    private long frameNumber;
    private int total;
    private int lastPacket;
    private int duplicates;
    private int outOfOrder;

    PacketWriter(FrameWriter writer, MappedStream stream) {
        this.writer = writer;
        this.stream = stream;
        this.file = stream.segment();
        this.layout = stream.layout().packets();
        this.itemBytes = stream.layout().type().itemBytes();
        this.elements = stream.layout().shape().elementCount();
    }

    /**
     * The most packets a frame can have.
     *
     * @return ids possible, from 0
     */
    public int maxPackets() {
        return layout.tableLength();
    }

    /**
     * Begins a frame. What no packet of it will cover keeps its content, that of an older frame.
     *
     * @param newFrameNumber the sender's number of the frame, which tells its packets from those of other frames
     * @param newTotal packets expected, 1 to {@link #maxPackets()}
     * @throws IllegalArgumentException if the table has no room for so many
     * @throws IllegalStateException if a frame is begun or claimed already
     * @throws IncompatibleException if another process cut the stream's file off
     */
    public void begin(long newFrameNumber, int newTotal) {
        if (newTotal < 1 || newTotal > layout.tableLength()) {
            throw new IllegalArgumentException(
                    newTotal + " packets a frame: " + stream.path() + " has room for 1 to " + layout.tableLength());
        }
        frame = writer.claim();
        frameNumber = newFrameNumber;
        total = newTotal;
        lastPacket = -1;
        duplicates = 0;
        outOfOrder = 0;
        arrived.clear();
    }

    /**
     * Writes a packet of the frame begun.
     *
     * @param packet its id, 0 to the number expected less 1; one that came already is written again
     * @param position the element of the frame it begins at
     * @param packetElements its elements' bytes, in memory order
     * @throws IllegalArgumentException if the id is none of the frame, or the elements are not all inside the frame
     * @throws IllegalStateException if no frame is begun
     * @throws IncompatibleException if another process cut the stream's file off
     */
    public void write(int packet, long position, MemorySegment packetElements) {
        write(packet, position, packetElements, frameNumber);
    }

    /**
     * Writes a packet that bears a frame number of its own, for example one that came too late for its frame. In
     * {@link PacketStatus} it then counts as missing.
     *
     * @param packet its id, 0 to the number expected less 1
     * @param position the element of the frame it begins at
     * @param packetElements its elements' bytes, in memory order
     * @param packetFrameNumber the frame number to note for it
     * @throws IllegalArgumentException if the id is none of the frame, or the elements are not all inside the frame
     * @throws IllegalStateException if no frame is begun
     * @throws IncompatibleException if another process cut the stream's file off
     */
    public void write(int packet, long position, MemorySegment packetElements, long packetFrameNumber) {
        long header = writer.claimedHeader();
        if (packet < 0 || packet >= total) {
            throw new IllegalArgumentException(
                    "packet " + packet + " of a frame of " + total + " packets: ids are 0 to " + (total - 1));
        }
        long count = packetElements.byteSize() / itemBytes;
        if (count == 0 || packetElements.byteSize() % itemBytes != 0) {
            throw new IllegalArgumentException("a packet of " + packetElements.byteSize() + " bytes holds no whole "
                    + "number of " + stream.layout().type() + " elements of " + stream.path());
        }
        if (position < 0 || position > elements - count) {
            throw new IllegalArgumentException("a packet of " + count + " elements at " + position
                    + " does not fit in a frame of " + stream.path() + ", which has " + elements);
        }
        try {
            MemorySegment.copy(packetElements, 0, frame, position * itemBytes, packetElements.byteSize());
            file.set(ValueLayout.JAVA_INT, header + layout.positionOffset(), (int) position);
            file.set(ValueLayout.JAVA_INT, header + layout.countOffset(), (int) count);
            file.set(ValueLayout.JAVA_INT, header + layout.packetOffset(), packet);
            file.set(ValueLayout.JAVA_INT, header + layout.totalOffset(), total);
            HeaderWords.longRelease(file, header + layout.tableOffset() + 8L * packet, packetFrameNumber);
            Faults.poll();
        } catch (InternalError | IllegalStateException e) {
            throw writer.translate(e);
        }
        duplicates += arrived.get(packet) ? 1 : 0;
        outOfOrder += packet < lastPacket ? 1 : 0;
        arrived.set(packet);
        lastPacket = packet;
    }

    /**
     * Publishes the frame, whether or not all packets have come.
     *
     * @return the frame's count, 1 for the first
     * @throws IllegalStateException if no frame is begun
     * @throws IncompatibleException if another process cut the stream's file off
     */
    public long finish() {
        writer.claimedHeader();
        return writer.publish();
    }

    /**
     * Publishes the frame.
     *
     * @param acquiredNs when it was acquired, as {@link FrameWriter#publish(long)} takes it
     * @return the frame's count, 1 for the first
     * @throws IllegalStateException if no frame is begun
     * @throws IncompatibleException if another process cut the stream's file off
     */
    public long finish(long acquiredNs) {
        writer.claimedHeader();
        return writer.publish(acquiredNs);
    }

    /** Gives the frame up, as {@link FrameWriter#abort()} does; the packets written stay noted. */
    public void abort() {
        writer.abort();
    }

    /**
     * Whether every packet of the frame begun last has come.
     *
     * @return true once none is missing
     */
    public boolean isComplete() {
        return arrived.cardinality() == total;
    }

    /**
     * Packets of the frame begun last that came a second time.
     *
     * @return their number
     */
    public int duplicates() {
        return duplicates;
    }

    /**
     * Packets of the frame begun last whose id is lower than that of the packet before.
     *
     * @return their number
     */
    public int outOfOrder() {
        return outOfOrder;
    }
}

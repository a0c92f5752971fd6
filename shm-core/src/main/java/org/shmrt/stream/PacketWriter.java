package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.stream.engine.HeaderWords;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.format.PacketLayout;
import org.shmrt.stream.inspect.PacketStatus;
import org.shmrt.text.FileNames;

/**
 * Writes frames that arrive in packets, in any order, and records in the stream's header which packets have arrived.
 * For one thread at a time, the one that uses its {@link FrameWriter}. No call blocks.
 *
 * <pre>{@code
 * PacketWriter packets = writer.packets();
 * packets.begin(frameNumber, 4);
 * packets.write(id, firstElement, elements);   // for each packet
 * long count = packets.finish();               // complete or not
 * }</pre>
 *
 * <p>The header afterwards is as DAO's {@code daoShmImagePart2Shm} and {@code daoShmImagePart2ShmFinalize} leave it.
 * Two things differ: the write flag is set from {@link #begin} to {@link #finish()}, so that no checked reader accepts
 * an incomplete frame, and ids beyond the packet table are rejected, where DAO overwrites its own header. A program
 * that follows the packets as they arrive sees the record of a packet after its elements.
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
     * The maximum number of packets of a frame.
     *
     * @return the number of ids, which start at 0
     */
    public int maxPackets() {
        return layout.tableLength();
    }

    /**
     * Begins a frame. Elements that no packet covers keep the values of an older frame.
     *
     * @param newFrameNumber the sender's number of the frame, which distinguishes its packets from those of other
     *     frames
     * @param newTotal number of packets expected, 1 to {@link #maxPackets()}
     * @throws IllegalArgumentException if {@code newTotal} is out of range
     * @throws IllegalStateException if a frame is already begun or claimed
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public void begin(long newFrameNumber, int newTotal) {
        if (newTotal < 1 || newTotal > layout.tableLength()) {
            throw new IllegalArgumentException("a frame of " + newTotal + " packets: " + FileNames.text(stream.path())
                    + " has room for 1 to " + layout.tableLength() + " in each frame");
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
     * Writes a packet of the frame that was begun last.
     *
     * @param packet its id, 0 to the number of expected packets - 1; a packet that has already arrived is written again
     * @param position index of its first element in the frame
     * @param packetElements the bytes of its elements, in memory order
     * @throws IllegalArgumentException if the id is out of range, or the elements are not all inside the frame
     * @throws IllegalStateException if no frame is begun
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public void write(int packet, long position, MemorySegment packetElements) {
        write(packet, position, packetElements, frameNumber);
    }

    /**
     * Writes a packet that has its own frame number, for example one that arrived too late for its frame. In
     * {@link PacketStatus} it counts as missing if the number is not that of the frame.
     *
     * @param packet its id, 0 to the number of expected packets - 1
     * @param position index of its first element in the frame
     * @param packetElements the bytes of its elements, in memory order
     * @param packetFrameNumber the frame number to record for it
     * @throws IllegalArgumentException if the id is out of range, or the elements are not all inside the frame
     * @throws IllegalStateException if no frame is begun
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public void write(int packet, long position, MemorySegment packetElements, long packetFrameNumber) {
        long header = writer.claimedHeader();
        if (packet < 0 || packet >= total) {
            throw new IllegalArgumentException(
                    "packet " + packet + " of a frame of " + total + " packets: ids are 0 to " + (total - 1));
        }
        long count = packetElements.byteSize() / itemBytes;
        if (count == 0 || packetElements.byteSize() % itemBytes != 0) {
            throw new IllegalArgumentException(
                    "a packet of " + packetElements.byteSize() + " bytes does not consist of " + "complete "
                            + stream.layout().type() + " elements of " + FileNames.text(stream.path()));
        }
        if (position < 0 || position > elements - count) {
            throw new IllegalArgumentException("a packet of " + count + " elements at " + position
                    + " does not fit in a frame of " + FileNames.text(stream.path()) + ", which has " + elements);
        }
        try {
            GuardedCopy.copy(packetElements, 0, frame, position * itemBytes, packetElements.byteSize());
            file.set(ValueLayout.JAVA_INT, header + layout.positionOffset(), (int) position);
            file.set(ValueLayout.JAVA_INT, header + layout.countOffset(), (int) count);
            file.set(ValueLayout.JAVA_INT, header + layout.packetOffset(), packet);
            file.set(ValueLayout.JAVA_INT, header + layout.totalOffset(), total);
            HeaderWords.longRelease(file, header + layout.tableOffset() + 8L * packet, packetFrameNumber);
            Faults.poll();
        } catch (InternalError | IllegalStateException e) {
            throw writer.translate(e, packetElements);
        }
        duplicates += arrived.get(packet) ? 1 : 0;
        outOfOrder += packet < lastPacket ? 1 : 0;
        arrived.set(packet);
        lastPacket = packet;
    }

    /**
     * Publishes the frame, complete or not.
     *
     * @return the frame's count, 1 for the first
     * @throws IllegalStateException if no frame is begun
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public long finish() {
        writer.claimedHeader();
        return writer.publish();
    }

    /**
     * Publishes the frame, complete or not, with its acquisition time.
     *
     * @param acquiredNs the time, as for {@link FrameWriter#publish(long)}
     * @return the frame's count, 1 for the first
     * @throws IllegalStateException if no frame is begun
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public long finish(long acquiredNs) {
        writer.claimedHeader();
        return writer.publish(acquiredNs);
    }

    /**
     * Releases the frame without publishing it, as {@link FrameWriter#abort()} does. The packets written remain
     * recorded in the header.
     */
    public void abort() {
        writer.abort();
    }

    /**
     * Whether all packets of the frame begun last have arrived.
     *
     * @return true if none is missing
     */
    public boolean isComplete() {
        return arrived.cardinality() == total;
    }

    /**
     * The number of packets of the frame begun last that arrived more than once.
     *
     * @return their number
     */
    public int duplicates() {
        return duplicates;
    }

    /**
     * The number of packets of the frame begun last whose id is lower than that of the previous packet.
     *
     * @return their number
     */
    public int outOfOrder() {
        return outOfOrder;
    }
}

package org.shmrt.web.frame;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * A whole, checked copy of a frame, or of one slice of it. Several viewers send it at the same time: each calls
 * {@link #retain} before and {@link #release} after. The pixels are usable between these calls only.
 */
public final class Frame {
    /** In place of the index of a slice: the whole frame. */
    public static final int WHOLE = -1;

    private final Source source;
    private final Stamp stamp;
    private final int slice;
    private final FramePool pool;
    private final FramePool.Block block;
    private final MemorySegment pixels;
    private int users = 1;

    /**
     * The stream of a frame.
     *
     * @param stream its name
     * @param generation identifies the file: another one after the stream was re-created
     * @param type type of the elements
     * @param shape shape of a whole frame
     */
    public record Source(String stream, String generation, DataType type, Shape shape) {
        /** The number of images in a frame: the product of all axes but the last two. */
        public long slices() {
            return rows() == 0 || columns() == 0 ? 1 : shape.elementCount() / (rows() * columns());
        }

        /** Shape of one slice: the last two axes. */
        public Shape sliceShape() {
            return shape.rank() <= 2 ? shape : Shape.of(rows(), columns());
        }

        /** The same stream with frames of one slice. */
        Source ofSlice() {
            return new Source(stream, generation, type, sliceShape());
        }

        private long rows() {
            return shape.rank() < 2 ? 1 : shape.length(shape.rank() - 2);
        }

        private long columns() {
            return shape.rank() < 1 ? 1 : shape.length(shape.rank() - 1);
        }

        long frameBytes() {
            return shape.byteSize(type);
        }

        long sliceBytes() {
            return sliceShape().byteSize(type);
        }

        long bytes(int slice) {
            return slice == WHOLE ? frameBytes() : sliceBytes();
        }
    }

    /**
     * When and as what a frame was written.
     *
     * @param count its counter
     * @param frameId its id
     * @param acquiredNs its time on the stream's clock, 0 if the writer stored none
     * @param readNs the time on the stream's clock when it was copied
     */
    public record Stamp(long count, long frameId, long acquiredNs, long readNs) {}

    Frame(Source source, Stamp stamp, int slice, FramePool pool, FramePool.Block block) {
        this.source = source;
        this.stamp = stamp;
        this.slice = slice;
        this.pool = pool;
        this.block = block;
        this.pixels = block.memory(source.bytes(slice)).asReadOnly();
    }

    public Source source() {
        return source;
    }

    public Stamp stamp() {
        return stamp;
    }

    /** Whether the pixels of that slice, or {@link #WHOLE}, are in this copy. */
    boolean contains(int wanted) {
        return slice == WHOLE || slice == wanted;
    }

    /** Shape of the pixels of a slice, or of {@link #WHOLE}. */
    public Shape shape(int wanted) {
        return wanted == WHOLE ? source.shape() : source.sliceShape();
    }

    /** The pixels of a slice, or of {@link #WHOLE}, as in the stream. */
    public MemorySegment pixels(int wanted) {
        return slice == wanted ? pixels : pixels.asSlice(wanted * source.sliceBytes(), source.sliceBytes());
    }

    /** The same for the network. */
    public ByteBuffer bytes(int wanted) {
        return pixels(wanted).asByteBuffer();
    }

    /** Keeps the memory until another {@link #release}. Only who may use the frame now may call it. */
    public synchronized void retain() {
        users++;
    }

    /** Gives the memory back after the last user. */
    public void release() {
        synchronized (this) {
            users--;
            if (users != 0) {
                return;
            }
        }
        pool.giveBack(block);
    }

    @Override
    public String toString() {
        return source.stream() + " " + Long.toUnsignedString(stamp.count()) + " "
                + Arrays.toString(source.shape().lengths());
    }
}

package org.shmrt.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;

/**
 * The parameters of a loop. They change between two steps, never within one: a step gets one complete set.
 *
 * @param <P> the type of a set, which the step must treat as constant
 */
public abstract sealed class Parameters<P> implements AutoCloseable {
    Parameters() {}

    /**
     * Parameters that a thread of this process changes.
     *
     * @param initial the first set
     * @param <P> the type of a set, best immutable
     * @return the parameters
     */
    public static <P> Settable<P> of(P initial) {
        return new Settable<>(Objects.requireNonNull(initial));
    }

    /** For a loop without parameters: its step gets null. */
    static Parameters<Void> none() {
        return new None();
    }

    /**
     * Parameters that another process changes: each frame of a stream is a set. Before the first frame the set is that
     * of the stream as it was created. A set is copied and checked before the step gets it.
     *
     * @param stream an open stream; read permission is sufficient
     * @return the parameters, which read the stream until they are closed
     */
    public static Parameters<MemorySegment> ofStream(ImageStream stream) {
        return new FromStream(stream);
    }

    /** The newest set, for the loop's thread before a step. Does not block or allocate. */
    abstract P latest();

    /** Changes the parameters to what they are, in the warm-up. */
    abstract void rehearse();

    @Override
    public void close() {}

    /**
     * Parameters that {@link #set} changes. Safe for any thread.
     *
     * @param <P> the type of a set
     */
    public static final class Settable<P> extends Parameters<P> {
        private volatile P set;

        private Settable(P initial) {
            set = initial;
        }

        /**
         * Changes the parameters from the next step on.
         *
         * @param next the complete new set, which must not be modified afterwards
         */
        public void set(P next) {
            set = Objects.requireNonNull(next);
        }

        /**
         * The set for the next step.
         *
         * @return the set
         */
        public P get() {
            return set;
        }

        @Override
        P latest() {
            return set;
        }

        @Override
        void rehearse() {
            set(set);
        }
    }

    private static final class None extends Parameters<Void> {
        @Override
        Void latest() {
            return null;
        }

        @Override
        void rehearse() {}
    }

    private static final class FromStream extends Parameters<MemorySegment> {
        private final FrameReader reader;
        private MemorySegment used;
        private MemorySegment usedReadOnly;
        private MemorySegment spare;
        private MemorySegment spareReadOnly;

        FromStream(ImageStream stream) {
            reader = stream.reader(WaitStrategy.spin());
            long bytes = stream.layout().frameBytes();
            used = Arena.ofAuto().allocate(bytes, Long.BYTES);
            spare = Arena.ofAuto().allocate(bytes, Long.BYTES);
            usedReadOnly = used.asReadOnly();
            spareReadOnly = spare.asReadOnly();
            rehearse();
        }

        @Override
        void rehearse() {
            if (reader.readNewest(spare, 1_000_000).hasFrame()) {
                swap();
            }
        }

        @Override
        MemorySegment latest() {
            // A copy that the writer overtook, or a stream that is gone, leaves the set that is in use.
            if (reader.readNewer(spare, 0).hasFrame()) {
                swap();
            }
            return usedReadOnly;
        }

        private void swap() {
            MemorySegment next = spare;
            MemorySegment nextReadOnly = spareReadOnly;
            spare = used;
            spareReadOnly = usedReadOnly;
            used = next;
            usedReadOnly = nextReadOnly;
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}

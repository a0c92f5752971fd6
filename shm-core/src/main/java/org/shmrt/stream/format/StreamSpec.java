package org.shmrt.stream.format;

import java.lang.foreign.MemorySegment;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * The specification of a stream to be created. Immutable: each {@code with} method returns a changed copy; a
 * {@link Builder} changes several properties at once.
 *
 * <p>Example: {@code StreamSpec.dao(DataType.UINT16, Shape.of(480, 640)).withKeywords(10)}.
 *
 * @param format name of the format, for example {@code dao}
 * @param variant name of the layout within the format, see {@link StreamLayout#variant()}; null for the default layout
 * @param type type of the elements
 * @param shape shape as numpy users see it, rows first, 1 to 3 axes
 * @param depth number of frames the stream keeps
 * @param circular number of frames in the circular buffer, 0 for no buffer; milk only
 * @param rolling whether the slices of three axes are written one after another; milk only
 * @param keywordCount number of keyword records
 * @param permissions file permissions, exactly as given; {@link #FORMAT_PERMISSIONS} for the format's own
 * @param firstFrame the bytes of the first frame, or null to start with zeros and without a frame
 * @param replacing whether an existing stream of that path is replaced by a new file
 */
public record StreamSpec(
        String format,
        String variant,
        DataType type,
        Shape shape,
        int depth,
        int circular,
        boolean rolling,
        int keywordCount,
        int permissions,
        MemorySegment firstFrame,
        boolean replacing) {

    /** The permissions that the format's own library gives (DAO: 0600 less the umask; milk: 0666). */
    public static final int FORMAT_PERMISSIONS = -1;

    /** Checks the properties that do not depend on the format. */
    public StreamSpec {
        if (shape.rank() < 1 || shape.rank() > 3 || shape.elementCount() == 0) {
            throw new IllegalArgumentException(
                    "shape " + shape + " is invalid: a stream has 1 to 3 axes, none of length 0");
        }
        if (depth < 1) {
            throw new IllegalArgumentException("depth " + depth + " is invalid: a stream keeps at least 1 frame");
        }
        if (circular < 0) {
            throw new IllegalArgumentException(
                    "a circular buffer of " + circular + " frames is invalid: give 0 for none, or more");
        }
        if (keywordCount < 0 || keywordCount > 0xffff) {
            throw new IllegalArgumentException(
                    "a table of " + keywordCount + " keywords is invalid: 0 to 65535 are possible");
        }
        if (permissions != FORMAT_PERMISSIONS && (permissions & ~0777) != 0) {
            throw new IllegalArgumentException("permissions " + Integer.toOctalString(permissions)
                    + " are invalid: only read, write and execute bits are possible");
        }
        if (firstFrame != null && firstFrame.byteSize() != shape.byteSize(type)) {
            throw new IllegalArgumentException("the first frame has " + firstFrame.byteSize()
                    + " bytes, but a frame of " + shape + " " + type + " has " + shape.byteSize(type));
        }
    }

    /**
     * A DAO stream of depth 1 without keywords.
     *
     * @param type type of the elements, not half or bool
     * @param shape rows first; a vector of n is stored as n x 1
     * @return the specification
     */
    public static StreamSpec dao(DataType type, Shape shape) {
        return of("dao", type, shape);
    }

    /**
     * A milk stream without keywords.
     *
     * @param type type of the elements, not bool
     * @param shape rows first
     * @return the specification
     */
    public static StreamSpec milk(DataType type, Shape shape) {
        return of("milk", type, shape);
    }

    /**
     * A stream of depth 1 without keywords.
     *
     * @param format name of the format
     * @param type type of the elements
     * @param shape rows first
     * @return the specification
     */
    public static StreamSpec of(String format, DataType type, Shape shape) {
        return new StreamSpec(format, null, type, shape, 1, 0, false, 0, FORMAT_PERMISSIONS, null, false);
    }

    /**
     * A builder that starts with this specification.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * A copy for another layout of the format.
     *
     * @param newVariant its name, for example {@code v2}; null for the default layout, which for DAO the environment variable
     *     {@code SHMRT_DAO_LAYOUT} can name
     * @return a changed copy
     */
    public StreamSpec withVariant(String newVariant) {
        return toBuilder().variant(newVariant).build();
    }

    /**
     * A copy with another depth.
     *
     * @param newDepth number of frames the stream keeps
     * @return a changed copy
     */
    public StreamSpec withDepth(int newDepth) {
        return toBuilder().depth(newDepth).build();
    }

    /**
     * A copy with a circular buffer, see {@link Builder#circularBuffer}.
     *
     * @param newCircular number of frames it keeps, 0 for none
     * @return a changed copy
     */
    public StreamSpec withCircularBuffer(int newCircular) {
        return toBuilder().circularBuffer(newCircular).build();
    }

    /**
     * A copy that is a rolling cube, see {@link Builder#rollingCube}.
     *
     * @return a changed copy
     */
    public StreamSpec asRollingCube() {
        return toBuilder().rollingCube().build();
    }

    /**
     * A copy with room for keywords.
     *
     * @param newCount number of keyword records
     * @return a changed copy
     */
    public StreamSpec withKeywords(int newCount) {
        return toBuilder().keywords(newCount).build();
    }

    /**
     * A copy with its own permissions, regardless of the umask.
     *
     * @param newPermissions for example {@code 0660}
     * @return a changed copy
     */
    public StreamSpec withPermissions(int newPermissions) {
        return toBuilder().permissions(newPermissions).build();
    }

    /**
     * A copy with a first frame, see {@link Builder#firstFrame}.
     *
     * @param newFirstFrame the frame's bytes in memory order; read at creation only
     * @return a changed copy
     */
    public StreamSpec withFirstFrame(MemorySegment newFirstFrame) {
        return toBuilder().firstFrame(newFirstFrame).build();
    }

    /**
     * A copy that replaces an existing stream of its path, see {@link Builder#replaceExisting}.
     *
     * @return a changed copy
     */
    public StreamSpec replacingExisting() {
        return toBuilder().replaceExisting().build();
    }

    /** Changes properties of a specification. {@link #build()} checks them. Not thread-safe. */
    public static final class Builder {
        private final String format;
        private final DataType type;
        private final Shape shape;
        private String variant;
        private int depth;
        private int circular;
        private boolean rolling;
        private int keywordCount;
        private int permissions;
        private MemorySegment firstFrame;
        private boolean replacing;

        private Builder(StreamSpec spec) {
            format = spec.format;
            type = spec.type;
            shape = spec.shape;
            variant = spec.variant;
            depth = spec.depth;
            circular = spec.circular;
            rolling = spec.rolling;
            keywordCount = spec.keywordCount;
            permissions = spec.permissions;
            firstFrame = spec.firstFrame;
            replacing = spec.replacing;
        }

        /**
         * Selects another layout of the format.
         *
         * @param newVariant its name, for example {@code v2}; null for the default layout, which for DAO the environment
         *     variable {@code SHMRT_DAO_LAYOUT} can name
         * @return this builder
         */
        public Builder variant(String newVariant) {
            variant = newVariant;
            return this;
        }

        /**
         * Sets the depth.
         *
         * @param newDepth number of frames the stream keeps
         * @return this builder
         */
        public Builder depth(int newDepth) {
            depth = newDepth;
            return this;
        }

        /**
         * Adds a buffer in addition to the current frame, into which each frame is copied when it is published (milk).
         *
         * @param newCircular number of frames it keeps, 0 for none
         * @return this builder
         */
        public Builder circularBuffer(int newCircular) {
            circular = newCircular;
            return this;
        }

        /**
         * Makes the stream a rolling cube: it has three axes, and its slices along the first are written one after
         * another (milk).
         *
         * @return this builder
         */
        public Builder rollingCube() {
            rolling = true;
            return this;
        }

        /**
         * Sets the number of keyword records.
         *
         * @param newCount 0 to 65535
         * @return this builder
         */
        public Builder keywords(int newCount) {
            keywordCount = newCount;
            return this;
        }

        /**
         * Sets the permissions, regardless of the umask.
         *
         * @param newPermissions for example {@code 0660}
         * @return this builder
         */
        public Builder permissions(int newPermissions) {
            permissions = newPermissions;
            return this;
        }

        /**
         * Sets a first frame, which counts as written: the stream starts at count 1 with its semaphores posted.
         *
         * @param newFirstFrame the frame's bytes in memory order; read at creation only
         * @return this builder
         */
        public Builder firstFrame(MemorySegment newFirstFrame) {
            firstFrame = newFirstFrame;
            return this;
        }

        /**
         * Replaces an existing stream of that path. Its attached readers keep the old file. Named semaphores that the
         * new stream does not have are removed, as {@code ImageStream.remove} does.
         *
         * @return this builder
         */
        public Builder replaceExisting() {
            replacing = true;
            return this;
        }

        /**
         * The specification.
         *
         * @return a specification with the properties set
         * @throws IllegalArgumentException if a property is out of range
         */
        public StreamSpec build() {
            return new StreamSpec(
                    format,
                    variant,
                    type,
                    shape,
                    depth,
                    circular,
                    rolling,
                    keywordCount,
                    permissions,
                    firstFrame,
                    replacing);
        }
    }
}

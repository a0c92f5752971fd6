package org.shmrt.stream.format;

import java.lang.foreign.MemorySegment;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;

/**
 * What a stream to be created shall be. Immutable: each {@code with} method returns a changed copy.
 *
 * <p>Example: {@code StreamSpec.dao(DataType.UINT16, Shape.of(480, 640)).withKeywords(10)}.
 *
 * @param format name of the format, for example {@code dao}
 * @param variant which of the format's layouts, as {@link StreamLayout#variant()} names them; null for its usual one
 * @param type type of the elements
 * @param shape shape as numpy users see it, rows first, 1 to 3 axes
 * @param depth number of frames the stream keeps
 * @param circular number of frames the buffer beside the current frame keeps, 0 for none; milk only
 * @param rolling whether the slices of three axes are written one after another; milk only
 * @param keywordCount number of keyword records
 * @param permissions file permissions, exactly as given; {@link #FORMAT_PERMISSIONS} for the format's own
 * @param firstFrame the first frame's bytes, or null to start with zeros and no frame
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

    /** The permissions the format's own library gives (DAO: 0600 less the umask; milk: 0666). */
    public static final int FORMAT_PERMISSIONS = -1;

    /**
     * Checks what does not depend on the format.
     */
    public StreamSpec {
        if (shape.rank() < 1 || shape.rank() > 3 || shape.elementCount() == 0) {
            throw new IllegalArgumentException("shape " + shape + ": a stream has 1 to 3 axes, none of length 0");
        }
        if (depth < 1) {
            throw new IllegalArgumentException("depth " + depth + ": a stream keeps at least 1 frame");
        }
        if (circular < 0) {
            throw new IllegalArgumentException("a circular buffer of " + circular + " frames is impossible");
        }
        if (keywordCount < 0 || keywordCount > 0xffff) {
            throw new IllegalArgumentException(keywordCount + " keywords: 0 to 65535 are possible");
        }
        if (permissions != FORMAT_PERMISSIONS && (permissions & ~0777) != 0) {
            throw new IllegalArgumentException("permissions " + Integer.toOctalString(permissions)
                    + ": only read, write and execute bits are possible");
        }
        if (firstFrame != null && firstFrame.byteSize() != shape.byteSize(type)) {
            throw new IllegalArgumentException("first frame of " + firstFrame.byteSize() + " bytes for a stream of "
                    + shape + " " + type + ", which takes " + shape.byteSize(type));
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
     * In another of the format's layouts.
     *
     * @param newVariant its name, for example {@code pre-fifo}; null for the usual one
     * @return a changed copy
     */
    public StreamSpec withVariant(String newVariant) {
        return new StreamSpec(
                format,
                newVariant,
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

    /**
     * With another depth.
     *
     * @param newDepth number of frames the stream keeps
     * @return a changed copy
     */
    public StreamSpec withDepth(int newDepth) {
        return new StreamSpec(
                format,
                variant,
                type,
                shape,
                newDepth,
                circular,
                rolling,
                keywordCount,
                permissions,
                firstFrame,
                replacing);
    }

    /**
     * With milk's fast circular buffer, into which each frame is copied when it is published.
     *
     * @param newCircular number of frames it keeps, 0 for none
     * @return a changed copy
     */
    public StreamSpec withCircularBuffer(int newCircular) {
        return new StreamSpec(
                format,
                variant,
                type,
                shape,
                depth,
                newCircular,
                rolling,
                keywordCount,
                permissions,
                firstFrame,
                replacing);
    }

    /**
     * As milk's rolling cube: of three axes, whose slices along the first are written one after another.
     *
     * @return a changed copy
     */
    public StreamSpec asRollingCube() {
        return new StreamSpec(
                format, variant, type, shape, depth, circular, true, keywordCount, permissions, firstFrame, replacing);
    }

    /**
     * With room for keywords.
     *
     * @param newCount number of keyword records
     * @return a changed copy
     */
    public StreamSpec withKeywords(int newCount) {
        return new StreamSpec(
                format, variant, type, shape, depth, circular, rolling, newCount, permissions, firstFrame, replacing);
    }

    /**
     * With permissions of its own, whatever the umask.
     *
     * @param newPermissions for example {@code 0660}
     * @return a changed copy
     */
    public StreamSpec withPermissions(int newPermissions) {
        return new StreamSpec(
                format,
                variant,
                type,
                shape,
                depth,
                circular,
                rolling,
                keywordCount,
                newPermissions,
                firstFrame,
                replacing);
    }

    /**
     * With a first frame, which counts as written: the stream starts at count 1 with its semaphores released.
     *
     * @param newFirstFrame the frame's bytes in memory order; read at creation only
     * @return a changed copy
     */
    public StreamSpec withFirstFrame(MemorySegment newFirstFrame) {
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
                newFirstFrame,
                replacing);
    }

    /**
     * Replacing a stream of that path, if there is one. Its attached readers keep the old file. Named semaphores that
     * the new stream does not have are removed, as {@link ImageStream#remove} does.
     *
     * @return a changed copy
     */
    public StreamSpec replacingExisting() {
        return new StreamSpec(
                format, variant, type, shape, depth, circular, rolling, keywordCount, permissions, firstFrame, true);
    }
}

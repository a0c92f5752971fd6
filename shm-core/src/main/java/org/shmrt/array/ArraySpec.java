package org.shmrt.array;

import java.util.Objects;
import java.util.OptionalInt;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * Properties of an array to be created. Start with {@code of} and change single properties with the {@code with}
 * methods, each of which returns a copy. Immutable; safe for use by multiple threads.
 *
 * @param type type of the elements
 * @param shape lengths of the axes, slowest axis first
 * @param headerVersion version of the metadata record; a release of SharedArray attaches only its own
 * @param permissions permissions of the file, at most 0777, which the umask does not restrict; empty for those of
 *     SharedArray: 0666 without the bits of the umask
 */
public record ArraySpec(ArrayType type, Shape shape, HeaderVersion headerVersion, OptionalInt permissions) {
    private static final int ALL_PERMISSIONS = 0777;

    /**
     * Checks that an array of these properties can be stored.
     *
     * @throws IllegalArgumentException if it cannot; the message says why
     */
    public ArraySpec {
        Objects.requireNonNull(headerVersion, "headerVersion");
        if (shape.rank() > headerVersion.maxAxes()) {
            throw new IllegalArgumentException("an array of " + shape.rank() + " axes: the layout " + headerVersion
                    + " has room for " + headerVersion.maxAxes()
                    + (headerVersion.maxAxes() < Shape.MAX_AXES ? ", use " + HeaderVersion.TRAILER_548 : ""));
        }
        if (!headerVersion.storesItemSize() && ArrayType.hasVariableSize(type.typeNumber())) {
            throw new IllegalArgumentException("the layout " + headerVersion
                    + " does not store how long an element of type " + type + " is: use " + HeaderVersion.TRAILER_292);
        }
        try {
            Math.addExact(
                    Math.multiplyExact(shape.elementCount(), (long) type.itemBytes()), headerVersion.recordBytes());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "an array of " + shape + " " + type + ": more bytes than 63 bits can count", e);
        }
        if (permissions.isPresent() && (permissions.getAsInt() & ~ALL_PERMISSIONS) != 0) {
            throw new IllegalArgumentException(
                    "permissions " + Integer.toOctalString(permissions.getAsInt()) + ": at most 777, in octal");
        }
    }

    /**
     * An array of numbers, with the defaults of {@link #of(ArrayType, Shape)}.
     *
     * @param type type of the elements
     * @param shape lengths of the axes, slowest axis first
     * @return the specification
     */
    public static ArraySpec of(DataType type, Shape shape) {
        return of(ArrayType.of(type), shape);
    }

    /**
     * An array of any type, with the header version of SharedArray 3.1 and later and its permissions. The version is
     * that of numpy 1, or that of numpy 2 if the array has more than 32 axes, which only numpy 2 supports.
     *
     * @param type type of the elements
     * @param shape lengths of the axes, slowest axis first
     * @return the specification
     */
    public static ArraySpec of(ArrayType type, Shape shape) {
        HeaderVersion version = shape.rank() > HeaderVersion.TRAILER_292.maxAxes()
                ? HeaderVersion.TRAILER_548
                : HeaderVersion.TRAILER_292;
        return new ArraySpec(type, shape, version, OptionalInt.empty());
    }

    /**
     * Returns a copy with another header version.
     *
     * @param version version of the SharedArray release that is to attach the array
     * @return the changed specification
     */
    public ArraySpec withHeaderVersion(HeaderVersion version) {
        return new ArraySpec(type, shape, version, permissions);
    }

    /**
     * Returns a copy with other permissions, which the umask does not restrict.
     *
     * @param mode for example {@code 0600}
     * @return the changed specification
     */
    public ArraySpec withPermissions(int mode) {
        return new ArraySpec(type, shape, headerVersion, OptionalInt.of(mode));
    }

    long dataBytes() {
        return shape.elementCount() * type.itemBytes();
    }

    long fileBytes() {
        return dataBytes() + headerVersion.recordBytes();
    }
}

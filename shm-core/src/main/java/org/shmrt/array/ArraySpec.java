package org.shmrt.array;

import java.util.Objects;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * What an array shall be. Immutable; each {@code with...} makes a changed copy.
 *
 * @param type type of the elements
 * @param shape slowest axis first
 * @param form how it is stored; other versions of SharedArray attach only their own
 * @param permissions of its file, in octal digits as for {@code chmod}
 * @param exactPermissions whether these hold whatever the umask; else the umask is taken off
 */
public record ArraySpec(ArrayType type, Shape shape, HeaderVersion form, int permissions, boolean exactPermissions) {
    private static final int DEFAULT_PERMISSIONS = 0666;
    private static final int ALL_PERMISSIONS = 0777;

    /**
     * Checks that the form can hold such an array.
     *
     * @throws IllegalArgumentException if it cannot, saying why
     */
    public ArraySpec {
        Objects.requireNonNull(form, "form");
        if (shape.rank() > form.maxAxes()) {
            throw new IllegalArgumentException("an array of " + shape.rank() + " axes: the form " + form
                    + " has room for " + form.maxAxes()
                    + (form.maxAxes() < Shape.MAX_AXES ? ", use " + HeaderVersion.TRAILER_548 : ""));
        }
        if (!form.itemSizeStored() && ArrayType.itemBytesOf(type.typeNumber()) == 0) {
            throw new IllegalArgumentException("the form " + form + " does not store how long an element of type "
                    + type + " is: use " + HeaderVersion.TRAILER_292);
        }
        try {
            Math.addExact(Math.multiplyExact(shape.elementCount(), (long) type.itemBytes()), form.blockBytes());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "an array of " + shape + " " + type + ": more bytes than 63 bits can count", e);
        }
        if ((permissions & ~ALL_PERMISSIONS) != 0) {
            throw new IllegalArgumentException(
                    "permissions " + Integer.toOctalString(permissions) + ": at most 777, in octal");
        }
    }

    /**
     * An array of numbers, as {@link #of(ArrayType, Shape)} makes one.
     *
     * @param type type of the elements
     * @param shape slowest axis first
     * @return the specification
     */
    public static ArraySpec of(DataType type, Shape shape) {
        return of(ArrayType.of(type), shape);
    }

    /**
     * An array of any type, in the form of SharedArray 3.1 and later (with more than 32 axes, which numpy 2 alone can
     * have, in the form for that) and with its permissions: 0666 less the umask.
     *
     * @param type type of the elements
     * @param shape slowest axis first
     * @return the specification
     */
    public static ArraySpec of(ArrayType type, Shape shape) {
        HeaderVersion form = HeaderVersion.TRAILER_292;
        if (shape.rank() > form.maxAxes()) {
            form = HeaderVersion.TRAILER_548;
        }
        return new ArraySpec(type, shape, form, DEFAULT_PERMISSIONS, false);
    }

    /**
     * The same in another form.
     *
     * @param wanted the form of the SharedArray that shall attach it
     * @return the changed specification
     */
    public ArraySpec withForm(HeaderVersion wanted) {
        return new ArraySpec(type, shape, wanted, permissions, exactPermissions);
    }

    /**
     * The same with other permissions, which hold whatever the umask.
     *
     * @param wanted for example {@code 0600}
     * @return the changed specification
     */
    public ArraySpec withPermissions(int wanted) {
        return new ArraySpec(type, shape, form, wanted, true);
    }

    long dataBytes() {
        return shape.elementCount() * type.itemBytes();
    }

    long fileBytes() {
        return dataBytes() + form.blockBytes();
    }
}

package org.shmrt.stream.format.milk;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * The image that a header describes: axes, type and number of elements. These fields have the same offsets in all
 * versions that store a version text. The values are those of a private copy and may be invalid.
 *
 * @param axes axis lengths as stored, the fastest first
 * @param naxis number of axes as stored
 * @param code type code as stored
 * @param nelement number of elements as stored
 */
record MilkImage(List<Long> axes, int naxis, int code, long nelement) {
    private static final int MAX_AXES = 3;

    static MilkImage of(MemorySegment head) {
        int naxis = Byte.toUnsignedInt(head.get(JAVA_BYTE, MilkDescriptor.NAXIS));
        List<Long> axes = new ArrayList<>();
        for (int i = 0; i < Math.min(naxis, MAX_AXES); i++) {
            axes.add(Integer.toUnsignedLong(head.get(JAVA_INT, MilkDescriptor.SIZE + 4L * i)));
        }
        return new MilkImage(
                axes,
                naxis,
                Byte.toUnsignedInt(head.get(JAVA_BYTE, MilkDescriptor.DATATYPE)),
                head.get(JAVA_LONG, MilkDescriptor.NELEMENT));
    }

    /** The same image with its number of elements as the only axis, if its only axis has length 0. */
    MilkImage withAxisFromCount() {
        return naxis == 1 && axes.getFirst() == 0 && nelement > 0
                ? new MilkImage(List.of(nelement), naxis, code, nelement)
                : this;
    }

    /** What is wrong with it, as a clause. The other methods may be called only if this is empty. */
    Optional<String> fault() {
        if (naxis < 1 || naxis > MAX_AXES) {
            return Optional.of("its number of axes (offset " + MilkDescriptor.NAXIS + ") is " + naxis + ", not 1 to 3");
        }
        if (type() == null) {
            return Optional.of("its type code (offset " + MilkDescriptor.DATATYPE + ") is " + code + ", not 1 to 13");
        }
        Shape shape;
        try {
            shape = shape();
            shape.byteSize(type());
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
        if (shape.elementCount() == 0) {
            return Optional.of("an axis of its shape " + shape + " has length 0");
        }
        return nelement == shape.elementCount()
                ? Optional.empty()
                : Optional.of("its element count (offset " + MilkDescriptor.NELEMENT + ") is "
                        + Long.toUnsignedString(nelement) + ", but its shape " + shape + " has "
                        + shape.elementCount());
    }

    /** The type of the elements; null if the code is invalid. */
    DataType type() {
        return MilkTypes.ofCode(code);
    }

    /** The shape as numpy users see it: the axes in reverse. */
    Shape shape() {
        return Shape.of(axes.reversed().stream().mapToLong(Long::longValue).toArray());
    }
}

package org.shmrt.stream.format.dao;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.dao.DaoDescriptor.Variant;

/**
 * The description of the image in a header, from the fields that all layouts have. Safe with any bytes.
 *
 * @param fault what is wrong with the header, as a clause; null if it is valid, and only then the others are set
 * @param type type of the elements
 * @param shape shape as stored
 * @param axes lengths of the axes
 * @param frameBytes size of one frame, bytes
 * @param keywords number of keyword records
 */
record DaoHeader(String fault, DataType type, Shape shape, List<Long> axes, long frameBytes, int keywords) {
    /** Reads a header of a layout with or without a version. The variant determines only which of the two. */
    static DaoHeader of(MemorySegment head, Variant variant) {
        int naxis = Byte.toUnsignedInt(head.get(JAVA_BYTE, variant.at(DaoDescriptor.NAXIS)));
        if (naxis < 1 || naxis > 3) {
            return faulty(
                    "its number of axes (offset " + variant.at(DaoDescriptor.NAXIS) + ") is " + naxis + ", not 1 to 3");
        }
        int code = Byte.toUnsignedInt(head.get(JAVA_BYTE, variant.at(DaoDescriptor.ATYPE)));
        DataType type = DaoTypes.ofCode(code);
        if (type == null) {
            return faulty(
                    "its type code (offset " + variant.at(DaoDescriptor.ATYPE) + ") is " + code + ", not 1 to 12");
        }
        List<Long> axes = new ArrayList<>();
        for (int i = 0; i < naxis; i++) {
            axes.add(Integer.toUnsignedLong(head.get(JAVA_INT, variant.at(DaoDescriptor.SIZE) + 4L * i)));
        }
        Shape shape;
        long frameBytes;
        try {
            shape = Shape.of(axes.stream().mapToLong(Long::longValue).toArray());
            frameBytes = shape.byteSize(type);
        } catch (IllegalArgumentException e) {
            return faulty(e.getMessage());
        }
        if (shape.elementCount() == 0) {
            return faulty("an axis of its shape " + shape + " has length 0");
        }
        long nelement = head.get(JAVA_LONG, variant.at(DaoDescriptor.NELEMENT));
        if (nelement != shape.elementCount()) {
            return faulty("its element count (offset " + variant.at(DaoDescriptor.NELEMENT) + ") is "
                    + Long.toUnsignedString(nelement) + ", but its shape " + shape + " has " + shape.elementCount());
        }
        return new DaoHeader(
                null,
                type,
                shape,
                axes,
                frameBytes,
                Short.toUnsignedInt(head.get(JAVA_SHORT, variant.at(DaoDescriptor.NBKW))));
    }

    /** A header that cannot be used, and why. */
    static DaoHeader faulty(String fault) {
        return new DaoHeader(fault, null, null, null, 0, 0);
    }

    /** Whether the header at a position of a file describes the same image. */
    boolean agreesWith(MemorySegment file, long at, Variant variant) {
        DaoHeader other = of(file.asSlice(at, variant.headerBytes), variant);
        return other.fault == null && other.type == type && other.axes.equals(axes) && other.keywords == keywords;
    }
}

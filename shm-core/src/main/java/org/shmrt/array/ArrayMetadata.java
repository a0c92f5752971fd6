package org.shmrt.array;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.shmrt.memory.Shape;

/**
 * The block that tells what an array is: where its fields are, how it is judged, how it is written. All numbers are
 * little-endian; the block is packed and stands wherever the data ends, so nothing in it need be aligned.
 *
 * <pre>
 *   offset           type      field      meaning
 *   without / with   itemsize
 *        0 /  0      char[16]  magic      "[SharedArray]" and NULs
 *       16 / 16      u64       size       bytes of data
 *       24 / 24      i32       typenum    numpy's type number
 *        - / 28      i32       itemsize   bytes of an element
 *       28 / 32      i32       ndims      number of axes, 0 for a scalar
 *       32 / 36      i64[]     dims       lengths of the axes, 16, 32 or 64 of them; unused ones 0
 * </pre>
 *
 * <p>Nothing in a file is believed by itself. A block counts only if its fields agree with each other and with the size
 * of the file, for the data of an array may hold the magic as well. Judged is a private copy.
 *
 * <p>Source: files written by SharedArray 0.3 to 3.2.3.
 */
final class ArrayMetadata {
    static final int SIZE = 16;
    static final int TYPE_NUMBER = 24;
    static final int ITEM_SIZE = 28;

    private static final byte[] MAGIC = Arrays.copyOf("[SharedArray]".getBytes(StandardCharsets.US_ASCII), 16);

    /** In the order in which they are looked for: the newest first, the header last. */
    private static final HeaderVersion[] FORMS = {
        HeaderVersion.TRAILER_292,
        HeaderVersion.TRAILER_548,
        HeaderVersion.TRAILER_288,
        HeaderVersion.TRAILER_160,
        HeaderVersion.HEADER_160
    };

    private ArrayMetadata() {}

    static int axisCount(HeaderVersion form) {
        return form.itemSizeStored() ? 32 : 28;
    }

    static int axes(HeaderVersion form) {
        return axisCount(form) + Integer.BYTES;
    }

    /** Private copies of the first and last bytes of a file, as many as the largest block has, and its size. */
    record Ends(byte[] first, byte[] last, long fileBytes) {
        static Ends of(MemorySegment file) {
            long bytes = file.byteSize();
            return new Ends(
                    file.asSlice(0, firstBytes(bytes)).toArray(ValueLayout.JAVA_BYTE),
                    file.asSlice(bytes - lastBytes(bytes)).toArray(ValueLayout.JAVA_BYTE),
                    bytes);
        }

        static int firstBytes(long fileBytes) {
            return (int) Math.min(fileBytes, HeaderVersion.HEADER_160.blockBytes());
        }

        static int lastBytes(long fileBytes) {
            return (int) Math.min(fileBytes, HeaderVersion.TRAILER_548.blockBytes());
        }

        /** The bytes where a block of a form would stand; null if the file is too short for one. */
        private ByteBuffer block(HeaderVersion form) {
            byte[] end = form == HeaderVersion.HEADER_160 ? first : last;
            if (fileBytes < form.blockBytes()) {
                return null;
            }
            int at = form == HeaderVersion.HEADER_160 ? 0 : end.length - form.blockBytes();
            return ByteBuffer.wrap(end, at, form.blockBytes()).slice().order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /**
     * What a file turned out to be: either an array, or not one and why.
     *
     * @param info null if it is none
     * @param refusal one clause about the file, null if it is an array
     */
    record Judgement(ArrayInfo info, String refusal) {}

    /** Looks for a sound block of any form; one that fills the file exactly goes before one with a gap. */
    static Judgement judge(Path file, Ends ends) {
        String firstRefusal = null;
        ArrayInfo withGap = null;
        for (HeaderVersion form : FORMS) {
            ByteBuffer block = ends.block(form);
            if (block == null || !hasMagic(block)) {
                continue;
            }
            String refusal = refusal(form, block, ends.fileBytes());
            if (refusal == null) {
                ArrayInfo found = info(file, form, block, ends.fileBytes());
                if (found.gapBytes() == 0) {
                    return new Judgement(found, null);
                }
                withGap = withGap == null ? found : withGap;
            } else if (firstRefusal == null) {
                firstRefusal = "its " + form + " block does not hold together: " + refusal;
            }
        }
        if (withGap != null) {
            return new Judgement(withGap, null);
        }
        return new Judgement(
                null,
                firstRefusal != null
                        ? firstRefusal
                        : "in its " + ends.fileBytes()
                                + " bytes the mark [SharedArray] is at none of the five places where a "
                                + "version of SharedArray puts it");
    }

    private static boolean hasMagic(ByteBuffer block) {
        return block.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
    }

    private static String refusal(HeaderVersion form, ByteBuffer block, long fileBytes) {
        int rank = block.getInt(axisCount(form));
        if (rank < 0 || rank > form.maxAxes()) {
            return "the number of axes (offset " + axisCount(form) + ") is " + rank + ", and 0 to " + form.maxAxes()
                    + " are possible";
        }
        int typeNumber = block.getInt(TYPE_NUMBER);
        int itemBytes = itemBytes(form, block);
        if (!form.itemSizeStored() && ArrayType.itemBytesOf(typeNumber) == 0) {
            return "the form does not store how long an element of type number " + typeNumber + " is";
        }
        String typeRefusal = ArrayType.refusal(typeNumber, itemBytes);
        if (typeRefusal != null) {
            return typeRefusal + " (offset " + TYPE_NUMBER + ")";
        }
        long bytes;
        try {
            bytes = Math.multiplyExact(shape(form, block).elementCount(), (long) itemBytes);
        } catch (IllegalArgumentException e) {
            return e.getMessage() + " (offset " + axes(form) + ")";
        } catch (ArithmeticException e) {
            return "more bytes than 63 bits can count (offset " + axes(form) + ")";
        }
        long size = block.getLong(SIZE);
        if (size != bytes) {
            return "the size (offset " + SIZE + ") is " + Long.toUnsignedString(size) + ", and type and shape need "
                    + bytes + " bytes";
        }
        long left = fileBytes - form.blockBytes() - bytes;
        if (left < 0 || (left > 0 && !form.itemSizeStored())) {
            return bytes + " bytes of data and the block do not make the file's " + fileBytes + " bytes: it was "
                    + (left < 0 ? "cut off" : "lengthened");
        }
        return null;
    }

    private static int itemBytes(HeaderVersion form, ByteBuffer block) {
        return form.itemSizeStored() ? block.getInt(ITEM_SIZE) : ArrayType.itemBytesOf(block.getInt(TYPE_NUMBER));
    }

    private static Shape shape(HeaderVersion form, ByteBuffer block) {
        long[] lengths = new long[block.getInt(axisCount(form))];
        for (int axis = 0; axis < lengths.length; axis++) {
            lengths[axis] = block.getLong(axes(form) + axis * Long.BYTES);
        }
        return Shape.of(lengths);
    }

    private static ArrayInfo info(Path file, HeaderVersion form, ByteBuffer block, long fileBytes) {
        ArrayType type = new ArrayType(block.getInt(TYPE_NUMBER), itemBytes(form, block));
        return new ArrayInfo(ArrayName.of(file), file, form, type, shape(form, block), fileBytes);
    }

    /** Writes the block of a new array into its zeroed file. */
    static void write(MemorySegment file, ArraySpec spec) {
        HeaderVersion form = spec.form();
        ByteBuffer block = ByteBuffer.allocate(form.blockBytes()).order(ByteOrder.LITTLE_ENDIAN);
        block.put(0, MAGIC)
                .putLong(SIZE, spec.dataBytes())
                .putInt(TYPE_NUMBER, spec.type().typeNumber());
        if (form.itemSizeStored()) {
            block.putInt(ITEM_SIZE, spec.type().itemBytes());
        }
        block.putInt(axisCount(form), spec.shape().rank());
        for (int axis = 0; axis < spec.shape().rank(); axis++) {
            block.putLong(axes(form) + axis * Long.BYTES, spec.shape().length(axis));
        }
        long at = form == HeaderVersion.HEADER_160 ? 0 : spec.dataBytes();
        MemorySegment.copy(MemorySegment.ofBuffer(block), 0, file, at, form.blockBytes());
    }
}

package org.shmrt.array;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.shmrt.memory.Shape;
import org.shmrt.posix.GuardedCopy;

/**
 * The metadata record of an array file: offsets of its fields, detection and writing. All numbers are little-endian.
 * The record is packed and follows data of any size, so its fields are not aligned.
 *
 * <pre>
 *   offset             type      field      meaning
 *   derived / stored
 *   item size
 *        0 /  0        char[16]  magic      "[SharedArray]" and NULs
 *       16 / 16        u64       size       bytes of data
 *       24 / 24        i32       typenum    numpy's type number
 *        - / 28        i32       itemsize   bytes of an element
 *       28 / 32        i32       ndims      number of axes, 0 for a scalar
 *       32 / 36        i64[]     dims       lengths of the axes, 16, 32 or 64 of them; unused ones are 0
 * </pre>
 *
 * <p>The data of an array may contain the magic too. A record is therefore accepted only if its fields agree with each
 * other and with the size of the file. Detection works on a private copy, which other processes cannot change.
 *
 * <p>Source: files written by SharedArray 0.3 to 3.2.3.
 */
final class ArrayMetadata {
    static final int SIZE = 16;
    static final int TYPE_NUMBER = 24;
    static final int ITEM_SIZE = 28;

    private static final byte[] MAGIC = Arrays.copyOf("[SharedArray]".getBytes(StandardCharsets.US_ASCII), 16);

    /** Order of detection: the newest version first, the header last. */
    private static final List<HeaderVersion> DETECTION_ORDER = List.of(
            HeaderVersion.TRAILER_292,
            HeaderVersion.TRAILER_548,
            HeaderVersion.TRAILER_288,
            HeaderVersion.TRAILER_160,
            HeaderVersion.HEADER_160);

    private ArrayMetadata() {}

    static int axisCountOffset(HeaderVersion version) {
        return version.storesItemSize() ? 32 : 28;
    }

    static int axesOffset(HeaderVersion version) {
        return axisCountOffset(version) + Integer.BYTES;
    }

    /** Private copies of the first and last bytes of a file, each as long as the largest record, and the file size. */
    record Ends(byte[] first, byte[] last, long fileBytes) {
        static Ends of(MemorySegment file) {
            long bytes = file.byteSize();
            byte[] first = new byte[firstBytes(bytes)];
            byte[] last = new byte[lastBytes(bytes)];
            GuardedCopy.copy(file, 0, MemorySegment.ofArray(first), 0, first.length);
            GuardedCopy.copy(file, bytes - last.length, MemorySegment.ofArray(last), 0, last.length);
            return new Ends(first, last, bytes);
        }

        static int firstBytes(long fileBytes) {
            return (int) Math.min(fileBytes, HeaderVersion.HEADER_160.recordBytes());
        }

        static int lastBytes(long fileBytes) {
            return (int) Math.min(fileBytes, HeaderVersion.TRAILER_548.recordBytes());
        }

        private boolean hasMagic(HeaderVersion version) {
            return fileBytes >= version.recordBytes()
                    && record(version).slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
        }

        /** The bytes at the position of a record; the file is large enough for it. */
        private ByteBuffer record(HeaderVersion version) {
            boolean header = version == HeaderVersion.HEADER_160;
            byte[] end = header ? first : last;
            int offset = header ? 0 : end.length - version.recordBytes();
            return ByteBuffer.wrap(end, offset, version.recordBytes()).slice().order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** Result of looking for an array in a file. */
    sealed interface Detection {}

    /** The file is a valid array. */
    record Found(ArrayInfo info) implements Detection {
        private boolean fillsFile() {
            return info.paddingBytes() == 0;
        }
    }

    /**
     * The file is not a valid array.
     *
     * @param reason one clause about the file
     */
    record Rejected(String reason) implements Detection {}

    /** Looks for a valid record of any version; one that fills the file exactly takes precedence over one with padding. */
    static Detection detect(Path file, Ends ends) {
        List<Detection> candidates = DETECTION_ORDER.stream()
                .filter(ends::hasMagic)
                .map(version -> parse(file, version, ends.record(version), ends.fileBytes()))
                .toList();
        return candidates.stream()
                .filter(candidate -> candidate instanceof Found found && found.fillsFile())
                .findFirst()
                .or(() -> candidates.stream().filter(Found.class::isInstance).findFirst())
                .or(() -> candidates.stream().findFirst())
                .orElseGet(() -> new Rejected("its " + ends.fileBytes()
                        + " bytes have the magic [SharedArray] at none of the five positions where a release of "
                        + "SharedArray writes it"));
    }

    private static Detection parse(Path file, HeaderVersion version, ByteBuffer record, long fileBytes) {
        Optional<String> problem = problem(version, record, fileBytes);
        if (problem.isPresent()) {
            return new Rejected("its " + version + " metadata is inconsistent: " + problem.get());
        }
        ArrayType type = new ArrayType(record.getInt(TYPE_NUMBER), itemBytes(version, record));
        return new Found(new ArrayInfo(ArrayName.of(file), file, version, type, shape(version, record), fileBytes));
    }

    private static Optional<String> problem(HeaderVersion version, ByteBuffer record, long fileBytes) {
        int rank = record.getInt(axisCountOffset(version));
        if (rank < 0 || rank > version.maxAxes()) {
            return Optional.of("the number of axes (offset " + axisCountOffset(version) + ") is " + rank
                    + ", outside 0 to " + version.maxAxes());
        }
        int typeNumber = record.getInt(TYPE_NUMBER);
        if (!version.storesItemSize() && ArrayType.hasVariableSize(typeNumber)) {
            return Optional.of("the layout does not store how long an element of type number " + typeNumber + " is");
        }
        int itemBytes = itemBytes(version, record);
        return ArrayType.problem(typeNumber, itemBytes)
                .map(problem -> problem + " (offset " + TYPE_NUMBER + ")")
                .or(() -> sizeProblem(version, record, itemBytes, fileBytes));
    }

    private static Optional<String> sizeProblem(
            HeaderVersion version, ByteBuffer record, int itemBytes, long fileBytes) {
        long bytes;
        try {
            bytes = Math.multiplyExact(shape(version, record).elementCount(), (long) itemBytes);
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage() + " (offset " + axesOffset(version) + ")");
        } catch (ArithmeticException e) {
            return Optional.of("more bytes than 63 bits can count (offset " + axesOffset(version) + ")");
        }
        long size = record.getLong(SIZE);
        if (size != bytes) {
            return Optional.of("the size (offset " + SIZE + ") is " + Long.toUnsignedString(size)
                    + ", but type and shape need " + bytes + " bytes");
        }
        long padding = fileBytes - version.recordBytes() - bytes;
        if (padding < 0 || (padding > 0 && !version.storesItemSize())) {
            return Optional.of(bytes + " bytes of data and the metadata do not add up to the file's " + fileBytes
                    + " bytes: it was " + (padding < 0 ? "truncated" : "lengthened"));
        }
        return Optional.empty();
    }

    private static int itemBytes(HeaderVersion version, ByteBuffer record) {
        return version.storesItemSize()
                ? record.getInt(ITEM_SIZE)
                : ArrayType.fixedItemBytes(record.getInt(TYPE_NUMBER)).orElse(0);
    }

    private static Shape shape(HeaderVersion version, ByteBuffer record) {
        long[] lengths = new long[record.getInt(axisCountOffset(version))];
        for (int axis = 0; axis < lengths.length; axis++) {
            lengths[axis] = record.getLong(axesOffset(version) + axis * Long.BYTES);
        }
        return Shape.of(lengths);
    }

    /** Writes the record of a new array into its zeroed file. */
    static void write(MemorySegment file, ArraySpec spec) {
        HeaderVersion version = spec.headerVersion();
        ByteBuffer record = ByteBuffer.allocate(version.recordBytes()).order(ByteOrder.LITTLE_ENDIAN);
        record.put(0, MAGIC)
                .putLong(SIZE, spec.dataBytes())
                .putInt(TYPE_NUMBER, spec.type().typeNumber());
        if (version.storesItemSize()) {
            record.putInt(ITEM_SIZE, spec.type().itemBytes());
        }
        record.putInt(axisCountOffset(version), spec.shape().rank());
        for (int axis = 0; axis < spec.shape().rank(); axis++) {
            record.putLong(axesOffset(version) + axis * Long.BYTES, spec.shape().length(axis));
        }
        long offset = version == HeaderVersion.HEADER_160 ? 0 : spec.dataBytes();
        MemorySegment.copy(MemorySegment.ofBuffer(record), 0, file, offset, version.recordBytes());
    }
}

package org.shmrt.block;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.text.FileNames;
import org.shmrt.text.FixedText;

/**
 * The metadata of a Python stream, checked. Safe with any bytes: every number is checked before it is used.
 *
 * <pre>
 *   pyshmem, version 2: 32 doubles, then 256 bytes with the name in later releases
 *     0 version, 2 type code, 3 number of axes, 4 data bytes, 5 on a GPU, 6 GPU, 12 pixels in the data object, 13.. axes
 *   pyshmem, version 3: 256 bytes, then 256 bytes with the name
 *     0 magic PYSHMEM, u16 8 version, u16 10 header size, u32 12 flags (1 on a GPU, 2 with a copy), u16 16 type code,
 *     u16 18 number of axes, i32 20 GPU, u64 32 data bytes, u64[19] 104 axes
 *   pyRTC: 10 doubles
 *     2 data bytes, 3 type code, 4.. axes, ended by 0
 * </pre>
 *
 * @param path file of the object with the pixels
 * @param format where the words are that change
 * @param version version of the metadata
 * @param name name in the metadata, or empty
 * @param type type of the elements
 * @param shape shape as numpy sees it
 * @param unreadableReason why the pixels are not in the object, as a clause
 */
record PythonMetadata(
        Path path,
        PythonFormat format,
        int version,
        String name,
        DataType type,
        Shape shape,
        Optional<String> unreadableReason) {
    /** The most bytes that metadata have. */
    static final int MAX_BYTES = 512;

    private static final int DOUBLES_BYTES = 256;
    private static final int PYRTC_BYTES = 80;
    private static final int PYRTC_AXES = 4;
    private static final int MAX_PYRTC_AXES = 6;
    private static final int DOUBLES_AXES = 13;
    private static final int MAX_AXES = 19;
    private static final int NAME_BYTES = 256;
    private static final double MAX_VERSION = 100;

    /** The characters PYSHMEM and a NUL. */
    private static final long MAGIC = 0x004D454D48535950L;

    private static final int ON_GPU = 1;
    private static final int WITH_COPY = 2;

    private static final List<DataType> NUMBERS = List.of(
            DataType.INT8,
            DataType.INT16,
            DataType.INT32,
            DataType.INT64,
            DataType.UINT8,
            DataType.UINT16,
            DataType.UINT32,
            DataType.UINT64,
            DataType.FLOAT16,
            DataType.FLOAT32,
            DataType.FLOAT64);

    /** Whether an object of that size can contain metadata. */
    static boolean isPossibleSize(long bytes) {
        return bytes == PYRTC_BYTES || bytes == DOUBLES_BYTES || bytes == MAX_BYTES;
    }

    /**
     * Examines metadata.
     *
     * @param path file of the object with the pixels
     * @param metadata all bytes of the other object
     * @param dataBytes size of the object with the pixels
     * @return empty if these are not the metadata of a stream
     * @throws IncompatibleException if they are those of pyshmem, and of an unknown version or damaged
     */
    static Optional<PythonMetadata> parse(Path path, MemorySegment metadata, long dataBytes) {
        if (!isPossibleSize(metadata.byteSize())) {
            return Optional.empty();
        }
        if (metadata.byteSize() == PYRTC_BYTES) {
            return pyrtc(path, metadata, dataBytes);
        }
        return metadata.get(JAVA_LONG, 0) == MAGIC
                ? Optional.of(versioned(path, metadata, dataBytes))
                : doubles(path, metadata, dataBytes);
    }

    private static Optional<PythonMetadata> pyrtc(Path path, MemorySegment metadata, long dataBytes) {
        int axes = 0;
        while (axes < MAX_PYRTC_AXES && number(metadata, PYRTC_AXES + axes) != 0) {
            axes++;
        }
        Optional<DataType> type = type(PythonFormat.PYRTC, integer(metadata, 3));
        Optional<Shape> shape = shape(lengths(metadata, PYRTC_AXES, axes));
        return fits(type, shape, integer(metadata, 2), dataBytes)
                ? Optional.of(
                        new PythonMetadata(path, PythonFormat.PYRTC, 1, "", type.get(), shape.get(), Optional.empty()))
                : Optional.empty();
    }

    private static Optional<PythonMetadata> doubles(Path path, MemorySegment metadata, long dataBytes) {
        long version = integer(metadata, 0);
        if (version < 1 || version > MAX_VERSION) {
            return Optional.empty();
        }
        int axes = (int) Math.max(0, Math.min(MAX_AXES + 1, integer(metadata, 3)));
        Optional<DataType> type = type(PythonFormat.PYSHMEM_2, integer(metadata, 2));
        Optional<Shape> shape = axes > MAX_AXES ? Optional.empty() : shape(lengths(metadata, DOUBLES_AXES, axes));
        if (!fits(type, shape, integer(metadata, 4), dataBytes)) {
            return Optional.empty();
        }
        if (version != 2) {
            throw otherVersion(path, version);
        }
        boolean hidden = number(metadata, 5) != 0 && number(metadata, 12) == 0;
        return Optional.of(new PythonMetadata(
                path,
                PythonFormat.PYSHMEM_2,
                2,
                name(metadata),
                type.get(),
                shape.get(),
                hidden ? Optional.of(onGpu(integer(metadata, 6))) : Optional.empty()));
    }

    private static PythonMetadata versioned(Path path, MemorySegment metadata, long dataBytes) {
        int version = Short.toUnsignedInt(metadata.get(JAVA_SHORT, 8));
        if (version != 3) {
            throw otherVersion(path, version);
        }
        int axes = Short.toUnsignedInt(metadata.get(JAVA_SHORT, 18));
        long[] lengths = new long[Math.min(axes, MAX_AXES)];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = metadata.get(JAVA_LONG, 104 + 8L * i);
        }
        Optional<DataType> type = type(PythonFormat.PYSHMEM_3, Short.toUnsignedInt(metadata.get(JAVA_SHORT, 16)));
        Optional<Shape> shape = axes > MAX_AXES ? Optional.empty() : shape(lengths);
        if (metadata.byteSize() != MAX_BYTES || !fits(type, shape, metadata.get(JAVA_LONG, 32), dataBytes)) {
            throw new IncompatibleException(FileNames.text(path)
                    + " is a damaged stream of pyshmem: its type, axes and size in " + FileNames.text(path)
                    + PythonStreamInfo.METADATA_SUFFIX + " contradict each other, or the size of the object");
        }
        int flags = metadata.get(JAVA_INT, 12);
        return new PythonMetadata(
                path,
                PythonFormat.PYSHMEM_3,
                version,
                name(metadata),
                type.get(),
                shape.get(),
                (flags & ON_GPU) != 0 && (flags & WITH_COPY) == 0
                        ? Optional.of(onGpu(metadata.get(JAVA_INT, 20)))
                        : Optional.empty());
    }

    private static IncompatibleException otherVersion(Path path, long version) {
        return new IncompatibleException(FileNames.text(path) + " is a stream of pyshmem with metadata of version "
                + version + ", and ShmRT knows versions 2 and 3");
    }

    private static String onGpu(long gpu) {
        return "its pixels are in the memory of GPU " + gpu + ", which ShmRT cannot read, and the stream has no copy in"
                + " shared memory (pyshmem keeps one for streams created with cpu_mirror=True)";
    }

    private static String name(MemorySegment metadata) {
        return metadata.byteSize() < MAX_BYTES ? "" : FixedText.get(metadata, DOUBLES_BYTES, NAME_BYTES);
    }

    private static double number(MemorySegment metadata, int index) {
        return metadata.get(ValueLayout.JAVA_DOUBLE, 8L * index);
    }

    /** A number as an integer; -1 if it is none, or negative. */
    private static long integer(MemorySegment metadata, int index) {
        double value = number(metadata, index);
        long integer = (long) value;
        return integer >= 0 && integer < Long.MAX_VALUE && integer == value ? integer : -1;
    }

    private static long[] lengths(MemorySegment metadata, int first, int axes) {
        long[] lengths = new long[axes];
        for (int i = 0; i < axes; i++) {
            lengths[i] = integer(metadata, first + i);
        }
        return lengths;
    }

    private static Optional<Shape> shape(long[] lengths) {
        if (lengths.length == 0) {
            return Optional.empty();
        }
        for (long length : lengths) {
            if (length < 1) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(Shape.of(lengths));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // more elements than 63 bits can count
        }
    }

    private static Optional<DataType> type(PythonFormat format, long code) {
        if (code >= 0 && code < NUMBERS.size()) {
            return Optional.of(NUMBERS.get((int) code));
        }
        List<DataType> more = switch (format) {
            case PYSHMEM_2 -> List.of();
            case PYSHMEM_3 -> List.of(DataType.BOOL, DataType.COMPLEX64, DataType.COMPLEX128);
            case PYRTC -> List.of(DataType.COMPLEX64, DataType.COMPLEX128, DataType.BOOL);
        };
        long index = code - NUMBERS.size();
        return index >= 0 && index < more.size() ? Optional.of(more.get((int) index)) : Optional.empty();
    }

    private static boolean fits(Optional<DataType> type, Optional<Shape> shape, long bytes, long dataBytes) {
        if (type.isEmpty() || shape.isEmpty() || bytes != dataBytes) {
            return false;
        }
        try {
            return shape.get().byteSize(type.get()) == bytes;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The stream with the words that change, from the same metadata. */
    PythonStreamInfo info(MemorySegment metadata) {
        String object = FileNames.text(path.getFileName());
        return new PythonStreamInfo(
                format.kind(),
                name.isEmpty() ? object : name,
                object,
                path,
                version,
                type,
                shape,
                format.count(metadata),
                format.writtenNs(metadata),
                !format.isComplete(format.state(metadata)),
                unreadableReason);
    }
}

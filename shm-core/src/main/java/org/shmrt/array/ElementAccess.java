package org.shmrt.array;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.posix.IoErrors;

/**
 * Typed access to the memory of an array by byte offset, which the caller has checked. Translates failures of the
 * memory (closed, truncated by another process, read-only) and mismatches of the type into ShmRT's exceptions.
 */
final class ElementAccess {
    static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String name;
    private final Path file;
    private final FileId mapped;
    private final ArrayType type;
    private final MemorySegment segment;
    private final boolean writable;

    /** How elements are read and written; null if they are accessible as bytes only. */
    private final DataType access;

    private final ValueLayout component;

    /**
     * Access to a part of an array.
     *
     * @param file the array's file, and {@code mapped} its identity and size when it was mapped
     */
    ElementAccess(String name, Path file, FileId mapped, ArrayType type, MemorySegment segment) {
        this.name = name;
        this.file = file;
        this.mapped = mapped;
        this.type = type;
        this.segment = segment;
        this.writable = !segment.isReadOnly();
        // Dates and durations are 64-bit counts of a unit that is not stored.
        boolean counts = type.equals(ArrayType.DATETIME64) || type.equals(ArrayType.TIMEDELTA64);
        this.access = counts ? DataType.INT64 : type.dataType().orElse(null);
        this.component = component(access);
    }

    private static ValueLayout component(DataType access) {
        return switch (access) {
            case null -> BYTE;
            case BOOL, INT8, UINT8 -> BYTE;
            case INT16, UINT16, FLOAT16 -> SHORT;
            case INT32, UINT32 -> INT;
            case INT64, UINT64 -> LONG;
            case FLOAT32, COMPLEX64 -> FLOAT;
            case FLOAT64, COMPLEX128 -> DOUBLE;
        };
    }

    String name() {
        return name;
    }

    ArrayType type() {
        return type;
    }

    boolean isWritable() {
        return writable;
    }

    MemorySegment segment() {
        return segment;
    }

    /** Component of the Java arrays that hold the same bits: one per element, or two per complex element. */
    ValueLayout component() {
        return component;
    }

    /** Access to a part of the memory. */
    ElementAccess slice(long offset, long bytes) {
        return new ElementAccess(name, file, mapped, type, segment.asSlice(offset, bytes));
    }

    boolean getBoolean(long offset) {
        if (access != DataType.BOOL) {
            throw typeMismatch("a boolean");
        }
        return getInt(offset) != 0;
    }

    void setBoolean(long offset, boolean value) {
        if (access != DataType.BOOL) {
            throw typeMismatch("a boolean");
        }
        setLong(offset, value ? 1 : 0);
    }

    int getInt(long offset) {
        try {
            int value = access == DataType.INT32 ? segment.get(INT, offset) : smallInt(offset);
            Faults.poll();
            return value;
        } catch (IllegalStateException | InternalError e) {
            throw translate(e);
        }
    }

    private int smallInt(long offset) {
        return switch (access) {
            case UINT16 -> segment.get(SHORT, offset) & 0xffff;
            case INT16 -> segment.get(SHORT, offset);
            case UINT8 -> segment.get(BYTE, offset) & 0xff;
            case INT8 -> segment.get(BYTE, offset);
            case BOOL -> segment.get(BYTE, offset) == 0 ? 0 : 1;
            case null, default -> throw typeMismatch("an int");
        };
    }

    long getLong(long offset) {
        try {
            long value = access == DataType.INT64 || access == DataType.UINT64
                    ? segment.get(LONG, offset)
                    : access == DataType.UINT32
                            ? segment.get(INT, offset) & 0xffff_ffffL
                            : access == DataType.INT32 ? segment.get(INT, offset) : smallInt(offset);
            Faults.poll();
            return value;
        } catch (IllegalStateException | InternalError e) {
            throw translate(e);
        }
    }

    float getFloat(long offset) {
        try {
            float value = access == DataType.FLOAT32 ? segment.get(FLOAT, offset) : float16(offset, "a float");
            Faults.poll();
            return value;
        } catch (IllegalStateException | InternalError e) {
            throw translate(e);
        }
    }

    private float float16(long offset, String wanted) {
        if (access != DataType.FLOAT16) {
            throw typeMismatch(wanted);
        }
        return Float.float16ToFloat(segment.get(SHORT, offset));
    }

    void setFloat(long offset, float value) {
        setDouble(offset, value);
    }

    double getDouble(long offset) {
        try {
            double value = access == DataType.FLOAT64
                    ? segment.get(DOUBLE, offset)
                    : access == DataType.FLOAT32 ? segment.get(FLOAT, offset) : exactDouble(offset);
            Faults.poll();
            return value;
        } catch (IllegalStateException | InternalError e) {
            throw translate(e);
        }
    }

    /** An element of another type whose values are all exact in a double. */
    private double exactDouble(long offset) {
        return switch (access) {
            case UINT8, INT8, UINT16, INT16, BOOL -> smallInt(offset);
            case INT32 -> segment.get(INT, offset);
            case UINT32 -> segment.get(INT, offset) & 0xffff_ffffL;
            case null, default -> float16(offset, "a double");
        };
    }

    double getReal(long offset) {
        try {
            double value = access == DataType.COMPLEX128 ? segment.get(DOUBLE, offset) : segment.get(FLOAT, offset);
            Faults.poll();
            return value;
        } catch (IllegalStateException | InternalError e) {
            throw translate(e);
        }
    }

    double getImaginary(long offset) {
        return getReal(offset + (access == DataType.COMPLEX128 ? Double.BYTES : Float.BYTES));
    }

    void setInt(long offset, int value) {
        if (access == DataType.INT32) {
            requireWritable();
            try {
                segment.set(INT, offset, value);
                Faults.poll();
            } catch (IllegalStateException | InternalError e) {
                throw translate(e);
            }
        } else {
            setLong(offset, value);
        }
    }

    void setLong(long offset, long value) {
        requireWritable();
        try {
            if (access == DataType.INT64 || access == DataType.UINT64) {
                segment.set(LONG, offset, value);
            } else {
                setNarrowInteger(offset, value);
            }
            Faults.poll();
        } catch (IllegalStateException | InternalError e) {
            throw translate(e);
        }
    }

    private void setNarrowInteger(long offset, long value) {
        switch (access) {
            case UINT32 -> segment.set(INT, offset, (int) inRange(value, 0, 0xffff_ffffL));
            case INT32 -> segment.set(INT, offset, (int) inRange(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case UINT16 -> segment.set(SHORT, offset, (short) inRange(value, 0, 0xffff));
            case INT16 -> segment.set(SHORT, offset, (short) inRange(value, Short.MIN_VALUE, Short.MAX_VALUE));
            case UINT8 -> segment.set(BYTE, offset, (byte) inRange(value, 0, 0xff));
            case INT8 -> segment.set(BYTE, offset, (byte) inRange(value, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case BOOL -> segment.set(BYTE, offset, (byte) inRange(value, 0, 1));
            case null, default -> throw typeMismatch("an integer");
        }
    }

    private long inRange(long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(value + " is outside the range of " + type + ", " + min + " to " + max);
        }
        return value;
    }

    void setDouble(long offset, double value) {
        requireWritable();
        try {
            if (access == DataType.FLOAT64) {
                segment.set(DOUBLE, offset, value);
            } else if (access == DataType.FLOAT32) {
                segment.set(FLOAT, offset, (float) value);
            } else if (access == DataType.FLOAT16) {
                segment.set(SHORT, offset, Float16.of(value));
            } else {
                throw typeMismatch("a floating-point number");
            }
            Faults.poll();
        } catch (IllegalStateException | InternalError e) {
            throw translate(e);
        }
    }

    void setComplex(long offset, double real, double imaginary) {
        requireWritable();
        try {
            if (access == DataType.COMPLEX128) {
                segment.set(DOUBLE, offset, real);
                segment.set(DOUBLE, offset + Double.BYTES, imaginary);
            } else {
                segment.set(FLOAT, offset, (float) real);
                segment.set(FLOAT, offset + Float.BYTES, (float) imaginary);
            }
            Faults.poll();
        } catch (IllegalStateException | InternalError e) {
            throw translate(e);
        }
    }

    /** Copies all bytes to memory of the same size. */
    void read(MemorySegment target) {
        try {
            GuardedCopy.copy(segment, 0, target, 0, target.byteSize());
            Faults.poll();
        } catch (IllegalStateException | InternalError e) {
            throw translate(e);
        }
    }

    /** Copies all bytes from memory of the same size. */
    void write(MemorySegment source) {
        requireWritable();
        try {
            GuardedCopy.copy(source, 0, segment, 0, source.byteSize());
            Faults.poll();
        } catch (IllegalStateException | InternalError e) {
            if (GuardedCopy.isFaultOf(source, e)) {
                throw new IncompatibleException(
                        "cannot write into the array " + name
                                + ": another process truncated the memory of the new contents",
                        e);
            }
            throw translate(e);
        }
    }

    /** Copies all elements to a Java array with components of the layout. */
    void read(ValueLayout layout, Object target, int count) {
        try {
            GuardedCopy.toArray(segment, layout, target, count);
            Faults.poll();
        } catch (IllegalStateException | InternalError e) {
            throw translate(e);
        }
    }

    /** Copies all elements from a Java array with components of the layout. */
    void write(ValueLayout layout, Object source, int count) {
        requireWritable();
        try {
            GuardedCopy.fromArray(source, segment, layout, count);
            Faults.poll();
        } catch (IllegalStateException | InternalError e) {
            throw translate(e);
        }
    }

    private void requireWritable() {
        if (!writable) {
            throw new AccessDeniedException(
                    "the array " + name + " is attached read-only: attach it with SharedArray.attach to write");
        }
    }

    /**
     * The exception for a failed access: the array is closed, its file was truncated, or the file is sparse and there is
     * no space for the page.
     */
    ShmException translate(Throwable failure) {
        if (failure instanceof InternalError) {
            return IoErrors.accessFault(
                    file, mapped, "the array " + name + " was truncated by another process: attach it again", failure);
        }
        if (segment.scope().isAlive()) {
            // The failure concerns other memory, for example the target of a copy.
            throw (IllegalStateException) failure;
        }
        return new ClosedException("the array " + name + " is closed");
    }

    private IncompatibleException typeMismatch(String wanted) {
        return new IncompatibleException("the array " + name + " holds " + type + ", which is not " + wanted + ": "
                + (access == null ? "its elements are accessible as bytes only" : "use " + accessors(access)));
    }

    private static String accessors(DataType type) {
        return switch (type) {
            case BOOL -> "getBoolean and setBoolean";
            case UINT8, INT8, UINT16, INT16, INT32 -> "getInt and setInt";
            case UINT32, INT64, UINT64 -> "getLong and setLong";
            case FLOAT16, FLOAT32 -> "getFloat and setFloat";
            case FLOAT64 -> "getDouble and setDouble";
            case COMPLEX64, COMPLEX128 -> "complex()";
        };
    }
}

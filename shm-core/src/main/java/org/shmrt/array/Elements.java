package org.shmrt.array;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.posix.Faults;

/**
 * Single elements of an array by their byte position, which the caller has checked. What can go wrong with the memory
 * (closed, cut off by another process, read-only) and with the type becomes an exception of ours here.
 */
final class Elements {
    static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String name;
    private final ArrayType type;
    private final boolean writable;
    private final MemorySegment segment;
    private final DataType number;

    Elements(String name, ArrayType type, boolean writable, MemorySegment segment) {
        this.name = name;
        this.type = type;
        this.writable = writable;
        this.segment = segment;
        // dates and durations count in 64 bits; what they count is not recorded
        boolean counts = type.equals(ArrayType.DATETIME64) || type.equals(ArrayType.TIMEDELTA64);
        this.number = counts ? DataType.INT64 : type.dataType();
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

    /** The same of a part of the memory. */
    Elements part(long from, long bytes) {
        return new Elements(name, type, writable, segment.asSlice(from, bytes));
    }

    boolean getBoolean(long at) {
        if (number != DataType.BOOL) {
            throw not("a boolean");
        }
        return getInt(at) != 0;
    }

    void setBoolean(long at, boolean value) {
        if (number != DataType.BOOL) {
            throw not("a boolean");
        }
        setLong(at, value ? 1 : 0);
    }

    int getInt(long at) {
        try {
            int value = number == DataType.INT32 ? segment.get(INT, at) : smallInt(at);
            Faults.poll();
            return value;
        } catch (IllegalStateException | InternalError e) {
            throw lost(e);
        }
    }

    private int smallInt(long at) {
        return switch (number) {
            case UINT16 -> segment.get(SHORT, at) & 0xffff;
            case INT16 -> segment.get(SHORT, at);
            case UINT8 -> segment.get(BYTE, at) & 0xff;
            case INT8 -> segment.get(BYTE, at);
            case BOOL -> segment.get(BYTE, at) == 0 ? 0 : 1;
            case null, default -> throw not("an int");
        };
    }

    long getLong(long at) {
        try {
            long value = number == DataType.INT64 || number == DataType.UINT64
                    ? segment.get(LONG, at)
                    : number == DataType.UINT32
                            ? segment.get(INT, at) & 0xffff_ffffL
                            : number == DataType.INT32 ? segment.get(INT, at) : smallInt(at);
            Faults.poll();
            return value;
        } catch (IllegalStateException | InternalError e) {
            throw lost(e);
        }
    }

    float getFloat(long at) {
        try {
            float value = number == DataType.FLOAT32 ? segment.get(FLOAT, at) : half(at, "a float");
            Faults.poll();
            return value;
        } catch (IllegalStateException | InternalError e) {
            throw lost(e);
        }
    }

    private float half(long at, String wanted) {
        if (number != DataType.FLOAT16) {
            throw not(wanted);
        }
        return Float.float16ToFloat(segment.get(SHORT, at));
    }

    void setFloat(long at, float value) {
        setDouble(at, value);
    }

    double getDouble(long at) {
        try {
            double value = number == DataType.FLOAT64
                    ? segment.get(DOUBLE, at)
                    : number == DataType.FLOAT32 ? segment.get(FLOAT, at) : otherDouble(at);
            Faults.poll();
            return value;
        } catch (IllegalStateException | InternalError e) {
            throw lost(e);
        }
    }

    /** Whatever fits a double exactly. */
    private double otherDouble(long at) {
        return switch (number) {
            case UINT8, INT8, UINT16, INT16, BOOL -> smallInt(at);
            case INT32 -> segment.get(INT, at);
            case UINT32 -> segment.get(INT, at) & 0xffff_ffffL;
            case null, default -> half(at, "a double");
        };
    }

    double getComponent(long at, int component) {
        try {
            double value = number == DataType.COMPLEX128
                    ? segment.get(DOUBLE, at + component * 8L)
                    : segment.get(FLOAT, at + component * 4L);
            Faults.poll();
            return value;
        } catch (IllegalStateException | InternalError e) {
            throw lost(e);
        }
    }

    void setInt(long at, int value) {
        if (number == DataType.INT32) {
            requireWritable();
            try {
                segment.set(INT, at, value);
                Faults.poll();
            } catch (IllegalStateException | InternalError e) {
                throw lost(e);
            }
        } else {
            setLong(at, value);
        }
    }

    void setLong(long at, long value) {
        requireWritable();
        try {
            if (number == DataType.INT64 || number == DataType.UINT64) {
                segment.set(LONG, at, value);
            } else {
                setShortInteger(at, value);
            }
            Faults.poll();
        } catch (IllegalStateException | InternalError e) {
            throw lost(e);
        }
    }

    private void setShortInteger(long at, long value) {
        switch (number) {
            case UINT32 -> segment.set(INT, at, (int) within(value, 0, 0xffff_ffffL));
            case INT32 -> segment.set(INT, at, (int) within(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case UINT16 -> segment.set(SHORT, at, (short) within(value, 0, 0xffff));
            case INT16 -> segment.set(SHORT, at, (short) within(value, Short.MIN_VALUE, Short.MAX_VALUE));
            case UINT8 -> segment.set(BYTE, at, (byte) within(value, 0, 0xff));
            case INT8 -> segment.set(BYTE, at, (byte) within(value, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case BOOL -> segment.set(BYTE, at, (byte) within(value, 0, 1));
            case null, default -> throw not("an integer");
        }
    }

    private long within(long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    value + " does not fit " + type + ", which has " + least + " to " + most);
        }
        return value;
    }

    void setDouble(long at, double value) {
        requireWritable();
        try {
            if (number == DataType.FLOAT64) {
                segment.set(DOUBLE, at, value);
            } else if (number == DataType.FLOAT32) {
                segment.set(FLOAT, at, (float) value);
            } else if (number == DataType.FLOAT16) {
                segment.set(SHORT, at, Float16.of(value));
            } else {
                throw not("a floating-point number");
            }
            Faults.poll();
        } catch (IllegalStateException | InternalError e) {
            throw lost(e);
        }
    }

    void setComponents(long at, double real, double imaginary) {
        requireWritable();
        try {
            if (number == DataType.COMPLEX128) {
                segment.set(DOUBLE, at, real);
                segment.set(DOUBLE, at + 8, imaginary);
            } else {
                segment.set(FLOAT, at, (float) real);
                segment.set(FLOAT, at + 4, (float) imaginary);
            }
            Faults.poll();
        } catch (IllegalStateException | InternalError e) {
            throw lost(e);
        }
    }

    /** Copies bytes out; as many as the target has. */
    void read(long at, MemorySegment to) {
        try {
            MemorySegment.copy(segment, at, to, 0, to.byteSize());
            Faults.poll();
        } catch (IllegalStateException | InternalError e) {
            throw lost(e);
        }
    }

    /** Copies bytes in; as many as the source has. */
    void write(long at, MemorySegment from) {
        requireWritable();
        try {
            MemorySegment.copy(from, 0, segment, at, from.byteSize());
            Faults.poll();
        } catch (IllegalStateException | InternalError e) {
            throw lost(e);
        }
    }

    /** Copies all elements to a Java array of components of that layout. */
    void read(ValueLayout layout, Object to, int count) {
        try {
            MemorySegment.copy(segment, layout, 0, to, 0, count);
            Faults.poll();
        } catch (IllegalStateException | InternalError e) {
            throw lost(e);
        }
    }

    /** Sets all elements from a Java array of components of that layout. */
    void write(ValueLayout layout, Object from, int count) {
        requireWritable();
        try {
            MemorySegment.copy(from, 0, segment, layout, 0, count);
            Faults.poll();
        } catch (IllegalStateException | InternalError e) {
            throw lost(e);
        }
    }

    void requireWritable() {
        if (!writable) {
            throw new AccessDeniedException(
                    "the array " + name + " was attached read-only: attach it with " + "SharedArray.attach to write");
        }
    }

    /** The memory is not there: closed by ourselves, or its file cut off by another process. */
    ShmException lost(Throwable fault) {
        if (fault instanceof InternalError) {
            return new IncompatibleException(
                    "the array " + name + " was cut off by another process: attach it again", fault);
        }
        if (segment.scope().isAlive()) {
            // somebody else's memory, for example the target of a copy
            throw (IllegalStateException) fault;
        }
        return new ClosedException("the array " + name + " is closed");
    }

    private IncompatibleException not(String wanted) {
        return new IncompatibleException("the array " + name + " holds " + type + ", which is not " + wanted + ": "
                + (number == null ? "its elements are carried as bytes" : "use " + accessors(number)));
    }

    private static String accessors(DataType number) {
        return switch (number) {
            case BOOL -> "getBoolean and setBoolean";
            case UINT8, INT8, UINT16, INT16, INT32 -> "getInt and setInt";
            case UINT32, INT64, UINT64 -> "getLong and setLong";
            case FLOAT16, FLOAT32 -> "getFloat and setFloat";
            case FLOAT64 -> "getDouble and setDouble";
            case COMPLEX64, COMPLEX128 -> "complex()";
        };
    }
}

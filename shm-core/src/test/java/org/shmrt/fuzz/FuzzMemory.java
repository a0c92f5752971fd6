package org.shmrt.fuzz;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.shmrt.posix.FileId;
import org.shmrt.posix.MappedFile;

/**
 * Native memory that stands for the mapping of a file and holds one input after the other. Opening files would take
 * most of the time. Its bounds are those of the file, and Java checks every access against them.
 */
public final class FuzzMemory {
    private static final int PAGE_BYTES = 4096;
    private static final MethodHandle REGION = constructor(MappedFile.class, MemorySegment.class, FileId.class);

    private final MemorySegment all;

    /** Allocates memory for inputs up to a length. */
    public FuzzMemory(int mostBytes) {
        all = Arena.global().allocate(mostBytes, PAGE_BYTES);
    }

    /** Copies an input to the start of a page, and returns it as a writable segment. */
    public MemorySegment holding(byte[] input) {
        MemorySegment.copy(input, 0, all, ValueLayout.JAVA_BYTE, 0, input.length);
        return all.asSlice(0, input.length);
    }

    /** Returns what mapping a file with these bytes would return. */
    public static MappedFile region(MemorySegment file) {
        return call(REGION, file, new FileId(1, 1, file.byteSize(), true));
    }

    /** Overwrites all bytes, as another process might after they were checked. */
    public static void scramble(MemorySegment file) {
        for (long at = 0; at < file.byteSize(); at++) {
            byte value = file.get(ValueLayout.JAVA_BYTE, at);
            file.set(ValueLayout.JAVA_BYTE, at, (byte) (value * 3 + (value >> 4) + at));
        }
    }

    /** Finds a private constructor; the public ways to it open files. */
    public static MethodHandle constructor(Class<?> type, Class<?>... parameters) {
        try {
            return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
                    .findConstructor(type, MethodType.methodType(void.class, parameters));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** Finds a private static method. */
    public static MethodHandle method(Class<?> type, String name, Class<?> result, Class<?>... parameters) {
        try {
            return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
                    .findStatic(type, name, MethodType.methodType(result, parameters));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** Calls a constructor or method, and passes on its unchecked exceptions. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public static <T> T call(MethodHandle method, Object... arguments) {
        try {
            return (T) method.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}

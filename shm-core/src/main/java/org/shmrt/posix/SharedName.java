package org.shmrt.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.text.FileNames;

/**
 * The flat names of semaphores and shared memory objects. The system call takes a leading slash; ShmRT's API does not.
 */
final class SharedName {
    private SharedName() {}

    /**
     * Rejects names that could lead out of the directory of such objects, or that the C library would truncate or
     * reject.
     */
    static void check(String kind, String name, int maxBytes) {
        if (name.isEmpty()
                || name.indexOf('/') >= 0
                || name.indexOf('\0') >= 0
                || name.equals(".")
                || name.equals("..")) {
            throw new IllegalArgumentException(
                    "'" + name + "' cannot be the name of a " + kind + ": use a name without slash and NUL, not empty");
        }
        int length = FileNames.bytes(name).length;
        if (length > maxBytes) {
            throw new IllegalArgumentException(
                    "the name of a " + kind + " has at most " + maxBytes + " bytes, not " + length + ": " + name);
        }
    }

    /** The name of a file with a leading slash, as the C library takes it. */
    static MemorySegment forLibrary(Path name, Arena arena) {
        byte[] bytes = FileNames.bytes(name);
        MemorySegment text = arena.allocate(bytes.length + 2L);
        text.set(ValueLayout.JAVA_BYTE, 0, (byte) '/');
        MemorySegment.copy(bytes, 0, text, ValueLayout.JAVA_BYTE, 1, bytes.length);
        return text;
    }

    /** Removes a name, which is not necessarily that of the file. Returns false if it does not exist. */
    static boolean unlink(MethodHandle handle, String call, Path name, Path file) {
        Native.Scratch scratch = Native.scratch();
        try (Arena local = Arena.ofConfined()) {
            int result = (int) handle.invokeExact(scratch.errno, forLibrary(name, local));
            if (result == 0) {
                return true;
            }
            if (scratch.lastErrno() == Posix.ENOENT()) {
                return false;
            }
            throw Errno.failure(call, file, scratch.lastErrno(), 0);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}

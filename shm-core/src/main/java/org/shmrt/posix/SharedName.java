package org.shmrt.posix;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.shmrt.bindings.posix.Posix;

/** The flat names of semaphores and shared memory objects: one leading slash for the call, none for people. */
final class SharedName {
    private SharedName() {}

    /** Refuses what could leave the directory of such objects, or what the C library would cut or refuse. */
    static void check(String kind, String name, int maxBytes) {
        if (name.isEmpty()
                || name.indexOf('/') >= 0
                || name.indexOf('\0') >= 0
                || name.equals(".")
                || name.equals("..")) {
            throw new IllegalArgumentException(
                    "'" + name + "' cannot name a " + kind + ": no slash, no NUL, not empty");
        }
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length > maxBytes) {
            throw new IllegalArgumentException(
                    "the name of a " + kind + " has at most " + maxBytes + " bytes, not " + length + ": " + name);
        }
    }

    /** Removes a name; false if there is none. */
    static boolean unlink(MethodHandle handle, String call, String name, Path file) {
        Native.Scratch scratch = Native.scratch();
        try (Arena local = Arena.ofConfined()) {
            int result = (int) handle.invokeExact(scratch.errno, local.allocateFrom("/" + name));
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

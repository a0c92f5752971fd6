package org.shmrt.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.error.ShmException;

/**
 * Links native functions and passes errno. There are three kinds of handle: {@link #withErrno} for set-up calls,
 * {@link #plain} for calls that block and report their error in another way, and {@link #critical} for calls that
 * cannot block and are on a hot path (they have no thread-state transition and take about 5 ns less; a call that
 * blocked would stop the garbage collector).
 *
 * <p>Handles are in holder classes of their users, so a program links only the functions it calls: each new function
 * descriptor takes milliseconds at start.
 */
@SuppressWarnings("restricted")
public final class Native {
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private static volatile boolean accessGranted;

    private Native() {}

    /** Memory of the calling thread for output parameters: one errno, one timespec, one int, one statx. */
    public static final class Scratch {
        /** Where a call with {@link #withErrno} stores the error number. */
        public final MemorySegment errno;

        final MemorySegment timespec;
        final MemorySegment number;
        final MemorySegment statx;

        Scratch() {
            // Automatic arena: freed with the thread, and passing its segments takes no lock.
            Arena arena = Arena.ofAuto();
            errno = arena.allocate(Linker.Option.captureStateLayout());
            timespec = arena.allocate(16, 8);
            number = arena.allocate(ValueLayout.JAVA_INT);
            statx = arena.allocate(org.shmrt.bindings.posix.statx.layout());
        }

        /** The error number of the last failed call that had {@link #errno}. */
        public int lastErrno() {
            return (int) ERRNO.get(errno, 0L);
        }
    }

    /** The scratch memory of the calling thread. */
    public static Scratch scratch() {
        return SCRATCH.get();
    }

    /** Links a function whose first argument becomes the memory for errno. */
    public static MethodHandle withErrno(MemorySegment function, FunctionDescriptor shape) {
        return link(function, shape, Linker.Option.captureCallState("errno"));
    }

    /** The same for a variadic function. */
    public static MethodHandle withErrnoVariadic(MemorySegment function, FunctionDescriptor shape, int firstVariadic) {
        return link(
                function,
                shape,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(firstVariadic));
    }

    /** Links a function that reports errors by its result, or not at all. */
    public static MethodHandle plain(MemorySegment function, FunctionDescriptor shape) {
        return link(function, shape);
    }

    static MethodHandle plainVariadic(MemorySegment function, FunctionDescriptor shape, int firstVariadic) {
        return link(function, shape, Linker.Option.firstVariadicArg(firstVariadic));
    }

    static MethodHandle critical(MemorySegment function, FunctionDescriptor shape) {
        return link(function, shape, Linker.Option.critical(false));
    }

    /** Whether the C library has a function. Older versions lack some. */
    static boolean has(String function) {
        return Linker.nativeLinker().defaultLookup().find(function).isPresent();
    }

    /**
     * Called first on every path into native code. Without it, the bindings fail in their class initialiser if native
     * access is denied, and the error does not help a user.
     */
    public static void requireAccess() {
        if (accessGranted) {
            return;
        }
        try {
            accessGranted = Posix.O_RDWR() != Posix.O_RDONLY();
        } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
            throw new ShmException(
                    "native access is denied to ShmRT: start java with "
                            + "--enable-native-access=org.shmrt.core,org.shmrt.bindings on the module path, "
                            + "--enable-native-access=ALL-UNNAMED on the class path",
                    e);
        }
    }

    private static MethodHandle link(MemorySegment function, FunctionDescriptor shape, Linker.Option... options) {
        return Linker.nativeLinker().downcallHandle(function, shape, options);
    }

    /** A method handle threw an exception that it cannot throw: the build is broken, and no caller can handle this. */
    public static AssertionError unexpected(Throwable t) {
        if (t instanceof Error error) {
            throw error;
        }
        if (t instanceof RuntimeException exception) {
            throw exception; // for example "already closed" of a memory segment
        }
        return new AssertionError("a native call threw a checked exception", t);
    }
}

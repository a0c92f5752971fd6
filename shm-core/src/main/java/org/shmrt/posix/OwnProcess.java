package org.shmrt.posix;

import java.lang.invoke.MethodHandle;
import org.shmrt.bindings.posix.Posix;

/** The current process. */
public final class OwnProcess {
    /** Its id in its own pid namespace. */
    public static final int PID = (int) ProcessHandle.current().pid();

    private OwnProcess() {}

    private static final class Geteuid {
        static final MethodHandle CALL = Native.plain(Posix.geteuid$address(), Posix.geteuid$descriptor());
    }

    /** The effective user id of the process. */
    public static long userId() {
        Native.requireAccess();
        try {
            return Integer.toUnsignedLong((int) Geteuid.CALL.invokeExact());
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}

package org.shmrt.posix;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.shmrt.bindings.posix.Posix;

/** The current process. */
public final class OwnProcess {
    /** Its id in its own pid namespace. */
    public static final int PID = (int) ProcessHandle.current().pid();

    /**
     * Whether it may call native functions: ShmRT and its bindings are two modules, and both must have native access.
     * This check itself prints no warning.
     */
    public static final boolean HAS_NATIVE_ACCESS = OwnProcess.class.getModule().isNativeAccessEnabled()
            && Posix.class.getModule().isNativeAccessEnabled();

    private OwnProcess() {}

    /** The user id that the kernel shows for an owner who has none in this user namespace; -1 where all have one. */
    private static final class UnmappedUser {
        private static final String ALL = "0 0 4294967295";
        static final long ID = read();

        private static long read() {
            try {
                String map = firstLine("/proc/self/uid_map").strip();
                return map.replaceAll("\\s+", " ").equals(ALL)
                        ? -1
                        : Long.parseLong(firstLine("/proc/sys/kernel/overflowuid"));
            } catch (IOException | NumberFormatException e) {
                return -1; // no /proc, or a kernel without user namespaces
            }
        }
    }

    /** The kernel gives such a value to one read only, so {@code Files.readString}, which reads in parts, cuts it off. */
    private static String firstLine(String file) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(Path.of(file))) {
            return Objects.requireNonNullElse(reader.readLine(), "");
        }
    }

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

    /**
     * Whether an owner of a file has no user id in this user namespace: all such users are shown as one.
     *
     * @param userId the owner, as the kernel reports it
     */
    static boolean isUnmapped(long userId) {
        return userId == UnmappedUser.ID && userId != userId();
    }
}

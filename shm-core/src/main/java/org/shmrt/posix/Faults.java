package org.shmrt.posix;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Forces the delivery of access faults. An access to a page that another process has truncated raises an
 * {@link InternalError}, but asynchronously: compiled code can leave the {@code try} block before it arrives, with an
 * undefined value. A safepoint poll forces the delivery, and a loop with a bound unknown to the compiler contains a
 * poll.
 */
public final class Faults {
    private static final VarHandle TRIPS;

    @SuppressWarnings("unused") // read through TRIPS, so that the compiler cannot know the bound of the loop below
    private static int trips = 2;

    static {
        try {
            TRIPS = MethodHandles.lookup().findStaticVarHandle(Faults.class, "trips", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Faults() {}

    /** Delivers a pending access fault here, inside the caller's {@code try} block. Takes less than 1 ns. */
    public static void poll() {
        int k = 0;
        do {
            k++;
        } while (k < (int) TRIPS.getOpaque());
    }

    /** Changes a page, unless another process has truncated it: then nobody can read it. Not for hot paths. */
    public static void unlessTruncated(Runnable change) {
        try {
            change.run();
            poll();
        } catch (InternalError e) {
            // nobody can read the page
        }
    }
}

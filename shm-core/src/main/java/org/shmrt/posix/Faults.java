package org.shmrt.posix;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Access to a page that another process cut off raises an {@link InternalError}, but asynchronously: compiled
 * code can leave the {@code try} block first, with garbage in hand. A safepoint poll forces the delivery, and
 * a loop whose bound the compiler cannot know has one.
 */
public final class Faults {
    private static final VarHandle TRIPS;

    @SuppressWarnings("unused") // read through TRIPS, so that no compiler can count the loop below
    private static int trips = 2;

    static {
        try {
            TRIPS = MethodHandles.lookup().findStaticVarHandle(Faults.class, "trips", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Faults() {}

    /** Delivers a pending access fault here, inside the caller's {@code try}. Under 1 ns. */
    public static void poll() {
        int k = 0;
        do {
            k++;
        } while (k < (int) TRIPS.getOpaque());
    }
}

package org.shmrt.testing;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Tells what a program releases itself from what the garbage collector releases for it some time later. */
public final class WithoutCollection {
    private WithoutCollection() {}

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    /**
     * Waits until all is released after an action. Repeats the action if a collection came in between. The time
     * limit of the test ends it.
     */
    public static void await(Runnable action, BooleanSupplier released) {
        while (true) {
            long before = collections();
            action.run();
            while (collections() == before) {
                if (released.getAsBoolean()) {
                    return;
                }
                LockSupport.parkNanos(1_000_000);
                if (Thread.currentThread().isInterrupted()) {
                    throw new AssertionError("not released in the time limit of the test");
                }
            }
        }
    }
}

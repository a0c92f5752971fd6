package org.shmrt.soak;

import java.io.IOException;

/** The test that started this process. */
final class ParentMonitor {
    private ParentMonitor() {}

    /** Ends this process when the test is gone, which shows in the end of the input. */
    static void endWithIt() {
        Thread.ofPlatform().daemon().name("parent").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // nothing is sent
                }
            } catch (IOException e) {
                // gone all the same
            }
            Runtime.getRuntime().halt(1);
        });
    }
}

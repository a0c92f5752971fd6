package org.shmrt.soak;

import java.io.IOException;

/** Watches the test process that started this one. */
final class ParentMonitor {
    private ParentMonitor() {}

    /** Ends this process when the test process has ended, which closes the standard input. */
    static void exitWithParent() {
        Thread.ofPlatform().daemon().name("parent").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // the test sends no input
                }
            } catch (IOException e) {
                // the pipe is broken: the test has ended
            }
            Runtime.getRuntime().halt(1);
        });
    }
}

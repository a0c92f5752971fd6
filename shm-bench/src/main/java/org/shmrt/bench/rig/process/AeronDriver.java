package org.shmrt.bench.rig.process;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;

/**
 * Aeron's media driver in a process of its own, on one thread that shares the cores with the two processes
 * measured. It ends with its standard input.
 */
public final class AeronDriver {
    private AeronDriver() {}

    /**
     * Runs the driver.
     *
     * @param args its directory
     * @throws IOException if standard input breaks
     */
    public static void main(String[] args) throws IOException {
        MediaDriver.Context context = new MediaDriver.Context()
                .aeronDirectoryName(args[0])
                .threadingMode(ThreadingMode.SHARED)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true);
        try (MediaDriver driver = MediaDriver.launch(context)) {
            System.out.println("ready " + driver.aeronDirectoryName());
            System.out.flush();
            while (System.in.read() >= 0) {
                // nothing is said to it
            }
        }
    }
}

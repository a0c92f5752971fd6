package org.shmrt.bench.rig.process;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;

/**
 * Aeron's media driver in a separate process, on one thread that shares the cores with the two measured processes. It
 * exits at the end of its standard input.
 */
public final class AeronDriver {
    private AeronDriver() {}

    /**
     * Runs the driver.
     *
     * @param args the directory of the driver
     * @throws IOException if standard input cannot be read
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
                // there are no commands
            }
        }
    }
}

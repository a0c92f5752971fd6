package org.shmrt.testing;

import java.io.IOException;

/** Programs that a test may need. */
public final class ExternalCommand {
    private ExternalCommand() {}

    /** Runs a program without input and output; returns whether it could be started and exited with status 0. */
    public static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

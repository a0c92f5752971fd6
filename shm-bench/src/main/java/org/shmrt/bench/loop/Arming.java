package org.shmrt.bench.loop;

import java.time.Duration;
import java.util.Optional;
import org.shmrt.error.ShmException;
import org.shmrt.runtime.ControlLoop;

/** Prepares a loop on a machine that may be busy. */
public final class Arming {
    private static final int ATTEMPTS = 3;

    private Arming() {}

    /**
     * Warms a loop up and arms it; again if it is refused because of what else runs on the machine.
     *
     * @param loop the loop; it is idle
     * @param warmUp how long each warm-up runs at the loop's rate
     * @return empty if the loop is armed, else why it was refused each time
     * @throws ShmException if it was refused because of its step
     */
    public static Optional<String> of(ControlLoop loop, Duration warmUp) {
        Optional<String> refusal = Optional.empty();
        for (int i = 0; i < ATTEMPTS; i++) {
            loop.warmUp(warmUp);
            try {
                loop.arm();
                return Optional.empty();
            } catch (ShmException e) {
                if (!isOfMachine(e.getMessage())) {
                    throw e;
                }
                refusal = Optional.of(e.getMessage());
            }
        }
        return refusal;
    }

    /**
     * Whether a loop was refused because of what else runs on the machine.
     *
     * @param refusal the message of {@link ControlLoop#arm}
     * @return false if its step is the reason
     */
    public static boolean isOfMachine(String refusal) {
        return refusal.contains("another program uses the processor") || refusal.contains("the JVM still compiles");
    }
}

package org.shmrt.relay.aeron;

import org.shmrt.error.ShmException;
import org.shmrt.relay.link.FrameEngine;

/** Opens Aeron if its library is there. */
public final class AeronProvider implements FrameEngine.Provider {
    /** For the service loader. */
    public AeronProvider() {}

    @Override
    public String name() {
        return "aeron";
    }

    @Override
    public FrameEngine open(FrameEngine.Settings settings) {
        try {
            Class.forName("io.aeron.driver.MediaDriver", false, AeronProvider.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new ShmException(
                    "cannot send frames by Aeron: its library is missing; add it to the class path (Maven:"
                            + " io.aeron:aeron-driver), or use tcp",
                    e);
        }
        if (!Object.class.getModule().isOpen("jdk.internal.misc", AeronProvider.class.getModule())) {
            throw new ShmException("cannot send frames by Aeron: it needs the option --add-opens"
                    + " java.base/jdk.internal.misc=ALL-UNNAMED of the JVM, which the launcher bin/shm sets; add it, or"
                    + " use tcp");
        }
        return AeronEngine.open(settings);
    }
}

package org.shmrt.bench.relay;

import java.util.List;
import org.shmrt.bench.loop.SteadyLoop;

/** A control loop in this process, whose frames and commands {@code shm relay} copies in other ones. */
final class RelayedLoop implements AutoCloseable {
    private final SteadyLoop loop = new SteadyLoop("relay");

    /** The 99.9th percentile of the time from a frame to its command, without a relay. */
    long alone(double seconds) throws InterruptedException {
        return loop.endToEndP999Ns(seconds);
    }

    /** The same while both streams are copied over TCP, every frame. */
    long relayed(double seconds) throws InterruptedException {
        try (RelayProcesses relay = new RelayProcesses()) {
            String port = RelayProcesses.port(relay.serve(List.of(loop.camera(), loop.mirror())));
            relay.get(port, loop.camera(), "--every");
            relay.get(port, loop.mirror(), "--every");
            return loop.endToEndP999Ns(seconds);
        }
    }

    /** Why the loop runs although it is not armed: a remark for the report, or an empty text. */
    String remark() {
        return loop.remark();
    }

    @Override
    public void close() {
        loop.close();
    }
}

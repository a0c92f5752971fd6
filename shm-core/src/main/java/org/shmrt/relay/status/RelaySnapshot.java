package org.shmrt.relay.status;

import java.util.List;
import java.util.Map;

/**
 * The page of a relay at one moment. Immutable.
 *
 * @param pid process id, in the namespace of the relay
 * @param alive whether the process still runs
 * @param title what the relay does, for people
 * @param startedNs when it was started, nanoseconds since 1970
 * @param refused connections that were refused
 * @param rows its streams
 */
public record RelaySnapshot(int pid, boolean alive, String title, long startedNs, long refused, List<Row> rows) {
    /**
     * One stream of a relay.
     *
     * @param name the stream
     * @param peer the other machine
     * @param transport how the frames travel
     * @param reason why it is in this state; often empty
     * @param counters the counters
     */
    public record Row(
            RowRole role,
            RowState state,
            String name,
            String peer,
            String transport,
            String reason,
            Map<RowCounter, Long> counters) {}
}

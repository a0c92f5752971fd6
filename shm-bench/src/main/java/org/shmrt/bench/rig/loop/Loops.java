package org.shmrt.bench.rig.loop;

import org.shmrt.bench.rig.scenario.Role;
import org.shmrt.bench.rig.scenario.Scenario;
import org.shmrt.bench.rig.scenario.ScenarioPaths;

/** Creates the loops, which are hidden in this package. */
public final class Loops {
    private Loops() {}

    /**
     * Opens the loop of one process.
     *
     * @throws IllegalArgumentException if the scenario has no loop in Java
     */
    public static Loop open(Scenario scenario, Role role, ScenarioPaths paths) {
        int bytes = scenario.frameBytes();
        return switch (scenario.transport()) {
            case COUNTER -> new CounterLoop(paths.outgoing(scenario, role), paths.incoming(scenario, role));
            case COUNTER_READER ->
                new CounterReaderLoop(paths.outgoing(scenario, role), paths.incoming(scenario, role));
            case VARHANDLE -> new VarHandleLoop(paths.single(scenario), role);
            case AGRONA -> new AgronaLoop(paths.outgoing(scenario, role), paths.incoming(scenario, role), bytes);
            case AERON -> new AeronLoop(paths.driverDirectory(scenario), role, bytes);
            case CHRONICLE -> new ChronicleLoop(paths.outgoing(scenario, role), paths.incoming(scenario, role), bytes);
            case MAPPED_BUFFER ->
                new MappedBufferLoop(paths.outgoing(scenario, role), paths.incoming(scenario, role), bytes);
            case SOCKET -> new SocketLoop(paths.single(scenario), role, bytes);
            case COPY, IN_PLACE, NO_COPY ->
                new FrameLoop(
                        paths.outgoing(scenario, role),
                        paths.incoming(scenario, role),
                        scenario.waiting().strategy(),
                        scenario.transport());
            case PUBLISH, C_PUBLISH ->
                role == Role.INITIATOR
                        ? new PublishLoop(paths.ping(scenario))
                        : new ReadersLoop(
                                paths.ping(scenario),
                                scenario.readers(),
                                scenario.waiting().strategy());
            case CYCLE -> new CycleLoop(paths.ping(scenario), bytes);
            case MEMCPY -> new MemcpyLoop(paths.single(scenario), bytes);
            default -> throw new IllegalArgumentException("scenario " + scenario + " has no loop in Java");
        };
    }

    /**
     * Size of each plain file that a scenario uses.
     *
     * @return bytes
     * @throws IllegalArgumentException if it uses none
     */
    public static int fileBytes(Scenario scenario) {
        return switch (scenario.transport()) {
            case VARHANDLE, C_COUNTER -> VarHandleLoop.FILE_BYTES;
            case AGRONA -> AgronaLoop.FILE_BYTES;
            case MAPPED_BUFFER -> MappedBufferLoop.DATA_OFFSET + scenario.frameBytes();
            case MEMCPY, C_MEMCPY -> scenario.frameBytes();
            default -> throw new IllegalArgumentException("scenario " + scenario + " uses no plain file");
        };
    }
}

package org.shmrt.bench.rig.scenario;

import java.nio.file.Path;

/**
 * The names of the files that the processes of a scenario share.
 *
 * @param directory where the files are
 * @param prefix what their names start with
 */
public record ScenarioPaths(Path directory, String prefix) {
    /** The file that carries messages from the initiator. */
    public Path ping(Scenario scenario) {
        return directory.resolve(prefix + scenario.id() + "_ping.im.shm");
    }

    /** The file that carries the replies. */
    public Path pong(Scenario scenario) {
        return directory.resolve(prefix + scenario.id() + "_pong.im.shm");
    }

    /** The file that a process with this role sends through. */
    public Path outgoing(Scenario scenario, Role role) {
        return role == Role.INITIATOR ? ping(scenario) : pong(scenario);
    }

    /** The file that a process with this role receives through. */
    public Path incoming(Scenario scenario, Role role) {
        return role == Role.INITIATOR ? pong(scenario) : ping(scenario);
    }

    /** A single file, or a socket. */
    public Path single(Scenario scenario) {
        return directory.resolve(prefix + scenario.id());
    }

    /** The directory of the Aeron driver. */
    public Path driverDirectory(Scenario scenario) {
        return directory.resolve(prefix + scenario.id() + "_driver");
    }
}

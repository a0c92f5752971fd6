package org.shmrt.bench.rig.process;

import java.util.ArrayList;
import java.util.List;
import org.shmrt.process.ChildProcess;

/** Processes that are killed together. Safe for any thread. */
final class ProcessGroup implements AutoCloseable {
    private final List<ChildProcess> processes = new ArrayList<>();

    synchronized ChildProcess start(String name, List<String> command, long silenceNs) {
        ChildProcess process = RigProcess.start(name, command, silenceNs);
        processes.add(process);
        return process;
    }

    /** Kills the processes, the newest first. More can be started afterwards. */
    @Override
    public synchronized void close() {
        processes.reversed().forEach(ChildProcess::close);
        processes.clear();
    }
}

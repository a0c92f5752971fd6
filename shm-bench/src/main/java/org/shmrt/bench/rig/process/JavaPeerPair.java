package org.shmrt.bench.rig.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.bench.rig.scenario.Role;
import org.shmrt.bench.rig.scenario.Scenario;
import org.shmrt.bench.rig.scenario.ScenarioPaths;
import org.shmrt.bench.rig.scenario.Transport;
import org.shmrt.process.ChildProcess;
import org.shmrt.process.ChildProcessException;

/**
 * A scenario with two JVMs, or one. They keep running while the scenario is measured, and sleep between its runs.
 */
public final class JavaPeerPair implements PeerPair {
    /** The options that Chronicle's documentation requires on current Java versions, and no use of the network. */
    private static final List<String> CHRONICLE_OPTIONS = List.of(
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
            "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
            "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "-Dchronicle.analytics.disable=true",
            "-Dchronicle.announcer.disable=true",
            "-Dslf4j.internal.verbosity=ERROR");
    /** The first Java version that warns about Chronicle's use of Unsafe, and has the option to suppress that. */
    private static final int UNSAFE_WARNING_VERSION = 23;

    private final ProcessGroup processes = new ProcessGroup();
    private final ChildProcess initiator;
    private final Optional<ChildProcess> echo;

    /**
     * Starts the JVMs, and the Aeron driver if Aeron is measured.
     *
     * @throws ChildProcessException if a process does not start
     */
    public JavaPeerPair(
            Scenario scenario, ScenarioPaths paths, List<Integer> cores, List<String> jvmArguments, long silenceNs) {
        try {
            if (scenario.transport() == Transport.AERON) {
                startDriver(paths.driverDirectory(scenario).toString(), silenceNs);
            }
            List<String> arguments = new ArrayList<>();
            if (scenario.transport() == Transport.CHRONICLE) {
                arguments.addAll(chronicleOptions());
            }
            arguments.addAll(jvmArguments);
            boolean hasEcho = scenario.transport().form() == Transport.Form.PAIR || scenario.readers() > 0;
            echo = hasEcho
                    ? Optional.of(processes.start(
                            "the replying JVM",
                            RigProcess.peer(arguments, Role.ECHO, scenario, paths, cores.get(1)),
                            silenceNs))
                    : Optional.empty();
            initiator = processes.start(
                    "the initiating JVM",
                    RigProcess.peer(arguments, Role.INITIATOR, scenario, paths, cores.get(0)),
                    silenceNs);
            echo.ifPresent(process -> process.expect(JavaPeer.OPEN));
            initiator.expect(JavaPeer.OPEN);
        } catch (ChildProcessException e) {
            close();
            throw e;
        }
    }

    private void startDriver(String directory, long silenceNs) {
        processes
                .start("the Aeron driver", RigProcess.java(List.of(), AeronDriver.class, directory), silenceNs)
                .expect("ready " + directory);
    }

    private static List<String> chronicleOptions() {
        List<String> options = new ArrayList<>(CHRONICLE_OPTIONS);
        if (Runtime.version().feature() >= UNSAFE_WARNING_VERSION) {
            options.add("--sun-misc-unsafe-memory-access=allow");
        }
        return options;
    }

    @Override
    public boolean needsWarmup() {
        return true;
    }

    @Override
    public Run run(long warmup, long count, long periodNs) {
        String command = JavaPeer.runCommand(warmup, count, periodNs);
        try {
            echo.ifPresent(process -> {
                process.send(command);
                process.expect(JavaPeer.READY);
            });
            initiator.send(command);
            RunCounters sent = RunCounters.parse(initiator::line);
            RunCounters echoed = echo.isPresent() ? RunCounters.parse(echo.get()::line) : sent;
            return Run.of(sent, echoed, warmup, count, periodNs);
        } catch (RunFailedException | ChildProcessException e) {
            return Run.failed(e.getMessage());
        }
    }

    @Override
    public void close() {
        processes.close();
    }
}

package org.shmrt.bench.rig.process;

import java.util.ArrayList;
import java.util.List;
import org.shmrt.bench.rig.report.Run;
import org.shmrt.bench.rig.report.RunCounters;
import org.shmrt.bench.rig.scenario.Scenario;
import org.shmrt.bench.rig.scenario.Transport;
import org.shmrt.process.ChildProcess;
import org.shmrt.process.ChildProcessException;

/**
 * An exchange between two JVMs, or within one, which stay while it is measured and sleep while it is not their turn.
 */
public final class JavaSide implements PeerPair {
    /** What Chronicle's documentation asks of a newer Java, and no use of the network. */
    private static final List<String> CHRONICLE = List.of(
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
    /** The first Java that warns of what Chronicle does, and knows the option that spares the warning. */
    private static final int WARNING_JAVA = 23;

    private final List<ChildProcess> processes = new ArrayList<>();
    private ChildProcess echo;
    private ChildProcess initiator;

    /**
     * Starts the JVMs, and Aeron's driver if that is what is measured.
     *
     * @throws ChildProcessException if one does not come up
     */
    public JavaSide(
            Scenario exchange, RigFiles.Paths files, List<Integer> cores, List<String> jvmArguments, long silenceNs) {
        try {
            if (exchange.kind() == Transport.AERON) {
                ChildProcess driver = start(
                        "Aeron's driver",
                        RigProcess.java(
                                List.of(),
                                AeronDriver.class,
                                files.directory(exchange).toString()),
                        silenceNs);
                driver.expect("ready " + files.directory(exchange));
            }
            List<String> arguments = new ArrayList<>(exchange.kind() == Transport.CHRONICLE ? chronicle() : List.of());
            arguments.addAll(jvmArguments);
            if (exchange.kind().form() == Transport.Form.PAIR || exchange.readers() > 0) {
                echo = start("the echoing JVM", peer(arguments, "echo", exchange, files, cores.get(1)), silenceNs);
            }
            initiator =
                    start("the initiating JVM", peer(arguments, "initiator", exchange, files, cores.get(0)), silenceNs);
            if (echo != null) {
                echo.expect("open");
            }
            initiator.expect("open");
        } catch (ChildProcessException e) {
            close();
            throw e;
        }
    }

    private static List<String> chronicle() {
        List<String> arguments = new ArrayList<>(CHRONICLE);
        if (Runtime.version().feature() >= WARNING_JAVA) {
            arguments.add("--sun-misc-unsafe-memory-access=allow");
        }
        return arguments;
    }

    static List<String> peer(
            List<String> jvmArguments, String role, Scenario exchange, RigFiles.Paths files, int core) {
        return RigProcess.java(
                jvmArguments,
                JavaPeer.class,
                role,
                exchange.word(),
                files.directory().toString(),
                files.prefix(),
                Integer.toString(core));
    }

    private ChildProcess start(String name, List<String> command, long silenceNs) {
        ChildProcess process = RigProcess.start(name, command, silenceNs);
        synchronized (processes) {
            processes.add(process);
        }
        return process;
    }

    @Override
    public boolean needsWarmup() {
        return true;
    }

    @Override
    public Run run(long warmup, long count, long periodNs) {
        String command = "run " + warmup + " " + count + " " + periodNs;
        try {
            if (echo != null) {
                echo.send(command);
                echo.expect("ready");
            }
            initiator.send(command);
            RunCounters sent = RunCounters.parse(initiator::line);
            return Run.of(sent, echo == null ? sent : RunCounters.parse(echo::line), warmup, count, periodNs);
        } catch (RunFailedException | ChildProcessException e) {
            return Run.failed(e.getMessage());
        }
    }

    @Override
    public void close() {
        synchronized (processes) {
            processes.reversed().forEach(ChildProcess::close);
        }
    }
}

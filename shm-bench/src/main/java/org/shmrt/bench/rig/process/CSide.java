package org.shmrt.bench.rig.process;

import java.util.ArrayList;
import java.util.List;
import org.shmrt.bench.rig.report.Run;
import org.shmrt.bench.rig.report.RunCounters;
import org.shmrt.bench.rig.scenario.Layout;
import org.shmrt.bench.rig.scenario.Scenario;
import org.shmrt.bench.rig.scenario.Transport;
import org.shmrt.process.ChildProcess;
import org.shmrt.process.ChildProcessException;

/** An exchange in C, its processes started anew for each run; the readers of a C writer are a JVM that stays. */
public final class CSide implements PeerPair {
    private final Scenario exchange;
    private final CPrograms programs;
    private final RigFiles.Paths files;
    private final String layout;
    private final List<Integer> cores;
    private final long silenceNs;
    private final List<ChildProcess> ofRun = new ArrayList<>();
    private final ChildProcess readers;

    /**
     * Makes ready.
     *
     * @throws ChildProcessException if the readers do not come up
     */
    public CSide(
            Scenario exchange,
            CPrograms programs,
            RigFiles.Paths files,
            Layout layout,
            List<Integer> cores,
            List<String> jvmArguments,
            long silenceNs) {
        this.exchange = exchange;
        this.programs = programs;
        this.files = files;
        this.layout = exchange.layout(layout).word();
        this.cores = cores;
        this.silenceNs = silenceNs;
        readers = exchange.readers() == 0
                ? null
                : RigProcess.start(
                        "the readers' JVM",
                        JavaSide.peer(jvmArguments, "echo", exchange, files, cores.get(1)),
                        silenceNs);
        if (readers != null) {
            try {
                readers.expect("open");
            } catch (ChildProcessException e) {
                readers.close();
                throw e;
            }
        }
    }

    private List<String> command(String role, int core, long warmup, long count) {
        List<String> command = new ArrayList<>();
        String ping = files.ping(exchange).toString();
        String pong = files.pong(exchange).toString();
        String plain = files.plain(exchange).toString();
        String bytes = Integer.toString(exchange.frameBytes());
        command.addAll(
                switch (exchange.kind()) {
                    case C_COUNTER -> List.of(programs.path(CPrograms.COUNTER), role, plain);
                    case C_SEMAPHORE -> List.of(programs.path(CPrograms.SEMAPHORE), role, ping, pong);
                    case C_MEMCPY -> List.of(programs.path(CPrograms.MEMORY_COPY), plain, bytes);
                    case C_PUBLISH -> List.of(programs.path(CPrograms.PUBLISH), ping, bytes, layout);
                    case C_DAO_REAL, C_MILK_REAL ->
                        List.of(
                                programs.path(CPrograms.LIBRARY),
                                role,
                                ping,
                                pong,
                                bytes,
                                layout,
                                RealLibraries.of(exchange.kind()).orElseThrow().toString());
                    default ->
                        List.of(programs.path(CPrograms.FRAME), role, ping, pong, bytes, layout, order(), reading());
                });
        command.add(Integer.toString(core));
        if (exchange.kind() == Transport.C_PUBLISH) {
            command.add(Long.toString(exchange.periodNs()));
        }
        command.addAll(List.of(Long.toString(warmup), Long.toString(count)));
        return command;
    }

    private String order() {
        return switch (exchange.kind()) {
            case C_COPY_LEAN -> "lean";
            case C_DAO, C_DAO_SLEEP -> "dao";
            default -> "milk";
        };
    }

    private String reading() {
        return switch (exchange.kind()) {
            case C_DAO_SLEEP -> "sleep";
            case C_IN_PLACE, C_DAO -> "view";
            default -> "copy";
        };
    }

    @Override
    public boolean needsWarmup() {
        return false;
    }

    @Override
    public Run run(long warmup, long count, long periodNs) {
        // Where it publishes at a rate, C does so from its first message on.
        long itsPeriodNs = exchange.kind().form() == Transport.Form.READERS ? exchange.periodNs() : periodNs;
        try {
            ChildProcess echo = readers;
            if (echo != null) {
                echo.send("run " + warmup + " " + count + " " + itsPeriodNs);
                echo.expect("ready");
            } else if (exchange.kind().form() == Transport.Form.PAIR) {
                echo = start("the echoing C program", command("echo", cores.get(1), warmup, count));
                echo.expect("ready");
            }
            ChildProcess initiator =
                    start("the initiating C program", command("initiator", cores.get(0), warmup, count));
            RunCounters sent = RunCounters.parse(initiator::line);
            RunCounters echoed = echo == null ? sent : RunCounters.parse(echo::line);
            return Run.of(sent, echoed, warmup, count, itsPeriodNs);
        } catch (RunFailedException | ChildProcessException e) {
            return Run.failed(e.getMessage());
        } finally {
            endRun();
        }
    }

    private ChildProcess start(String name, List<String> command) {
        ChildProcess process = RigProcess.start(name, command, silenceNs);
        synchronized (ofRun) {
            ofRun.add(process);
        }
        return process;
    }

    private void endRun() {
        synchronized (ofRun) {
            ofRun.reversed().forEach(ChildProcess::close);
            ofRun.clear();
        }
    }

    @Override
    public void close() {
        endRun();
        if (readers != null) {
            readers.close();
        }
    }
}

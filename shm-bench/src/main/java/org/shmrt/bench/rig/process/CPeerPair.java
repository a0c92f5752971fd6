package org.shmrt.bench.rig.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.bench.rig.scenario.Layout;
import org.shmrt.bench.rig.scenario.Role;
import org.shmrt.bench.rig.scenario.Scenario;
import org.shmrt.bench.rig.scenario.ScenarioPaths;
import org.shmrt.bench.rig.scenario.Transport;
import org.shmrt.process.ChildProcess;
import org.shmrt.process.ChildProcessException;

/**
 * A scenario with C programs, which are started again for each run. The readers of a writer in C are one JVM that keeps
 * running.
 */
public final class CPeerPair implements PeerPair {
    private final Scenario scenario;
    private final CPrograms programs;
    private final ScenarioPaths paths;
    private final String layout;
    private final List<Integer> cores;
    private final long silenceNs;
    private final ProcessGroup runProcesses = new ProcessGroup();
    private final ProcessGroup readerProcesses = new ProcessGroup();
    private final Optional<Iceoryx> iceoryx;
    private final Optional<ChildProcess> readers;

    /**
     * Starts the readers, if the scenario has any, and the daemon of iceoryx if that is measured.
     *
     * @throws ChildProcessException if they do not start
     */
    public CPeerPair(
            Scenario scenario,
            CPrograms programs,
            ScenarioPaths paths,
            Layout layout,
            List<Integer> cores,
            List<String> jvmArguments,
            long silenceNs) {
        this.scenario = scenario;
        this.programs = programs;
        this.paths = paths;
        this.layout = scenario.layout(layout).id();
        this.cores = cores;
        this.silenceNs = silenceNs;
        iceoryx = scenario.transport() == Transport.C_ICEORYX ? Optional.of(new Iceoryx(silenceNs)) : Optional.empty();
        readers = scenario.readers() == 0 ? Optional.empty() : Optional.of(startReaders(jvmArguments));
    }

    private ChildProcess startReaders(List<String> jvmArguments) {
        try {
            ChildProcess process = readerProcesses.start(
                    "the JVM of the readers",
                    RigProcess.peer(jvmArguments, Role.ECHO, scenario, paths, cores.get(1)),
                    silenceNs);
            process.expect(JavaPeer.OPEN);
            return process;
        } catch (ChildProcessException e) {
            close();
            throw e;
        }
    }

    private List<String> command(Role role, long warmup, long count) {
        List<String> command = new ArrayList<>(program(role));
        command.add(Integer.toString(cores.get(role == Role.INITIATOR ? 0 : 1)));
        if (scenario.transport() == Transport.C_PUBLISH) {
            command.add(Long.toString(scenario.periodNs()));
        }
        command.addAll(List.of(Long.toString(warmup), Long.toString(count)));
        return command;
    }

    private List<String> program(Role role) {
        String ping = paths.ping(scenario).toString();
        String pong = paths.pong(scenario).toString();
        String single = paths.single(scenario).toString();
        String bytes = Integer.toString(scenario.frameBytes());
        return switch (scenario.transport()) {
            case C_COUNTER -> List.of(programs.path(CPrograms.COUNTER), role.id(), single);
            case C_SEMAPHORE -> List.of(programs.path(CPrograms.SEMAPHORE), role.id(), ping, pong);
            case C_MEMCPY -> List.of(programs.path(CPrograms.MEMORY_COPY), single, bytes);
            case C_PUBLISH -> List.of(programs.path(CPrograms.PUBLISH), ping, bytes, layout);
            case C_ICEORYX ->
                List.of(
                        programs.path(CPrograms.ICEORYX),
                        role.id(),
                        paths.single(scenario).getFileName().toString(),
                        bytes);
            case C_DAO_REAL, C_MILK_REAL ->
                List.of(
                        programs.path(CPrograms.LIBRARY),
                        role.id(),
                        ping,
                        pong,
                        bytes,
                        layout,
                        RealLibraries.find(scenario.transport()).orElseThrow().toString());
            default ->
                List.of(programs.path(CPrograms.FRAME), role.id(), ping, pong, bytes, layout, storeOrder(), readMode());
        };
    }

    private String storeOrder() {
        return switch (scenario.transport()) {
            case C_COPY_LEAN -> "lean";
            case C_DAO, C_DAO_SLEEP -> "dao";
            default -> "milk";
        };
    }

    private String readMode() {
        return switch (scenario.transport()) {
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
        // publish.c keeps its rate from the first message on, also in a run that is not measured
        long actualPeriodNs = scenario.transport().form() == Transport.Form.READERS ? scenario.periodNs() : periodNs;
        try {
            Optional<ChildProcess> echo = prepareEcho(warmup, count, actualPeriodNs);
            ChildProcess initiator =
                    runProcesses.start("the initiating C program", command(Role.INITIATOR, warmup, count), silenceNs);
            RunCounters sent = RunCounters.parse(initiator::line);
            RunCounters echoed = echo.isPresent() ? RunCounters.parse(echo.get()::line) : sent;
            return Run.of(sent, echoed, warmup, count, actualPeriodNs);
        } catch (RunFailedException | ChildProcessException e) {
            return Run.failed(e.getMessage());
        } finally {
            runProcesses.close();
        }
    }

    /** Returns once the other process is ready for the first message, if there is another one. */
    private Optional<ChildProcess> prepareEcho(long warmup, long count, long periodNs) {
        Optional<ChildProcess> echo = readers;
        if (readers.isPresent()) {
            readers.get().send(JavaPeer.runCommand(warmup, count, periodNs));
        } else if (scenario.transport().form() == Transport.Form.PAIR) {
            echo = Optional.of(
                    runProcesses.start("the replying C program", command(Role.ECHO, warmup, count), silenceNs));
        }
        echo.ifPresent(process -> process.expect(JavaPeer.READY));
        return echo;
    }

    @Override
    public void close() {
        runProcesses.close();
        readerProcesses.close();
        iceoryx.ifPresent(Iceoryx::close);
    }
}

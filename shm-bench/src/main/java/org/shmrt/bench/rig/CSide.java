package org.shmrt.bench.rig;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The same loops in C, two processes a run, on the same files. */
final class CSide implements Side {
    private final CPrograms programs;
    private final RigFiles.Paths files;
    private final List<Integer> cores;
    private final long silenceNs;
    private ChildProcess echo;
    private ChildProcess initiator;

    CSide(CPrograms programs, RigFiles.Paths files, List<Integer> cores, long silenceNs) {
        this.programs = programs;
        this.files = files;
        this.cores = cores;
        this.silenceNs = silenceNs;
    }

    private List<String> command(String role, Exchange exchange, int core, long warmup, long count) {
        List<String> command = new ArrayList<>();
        if (exchange.frameBytes() == 0) {
            command.addAll(List.of(programs.counter().toString(), role, files.counters().toString()));
        } else {
            Path ping = files.ping(exchange);
            command.addAll(List.of(programs.frame().toString(), role, ping.toString(),
                    files.pong(exchange).toString(), Integer.toString(exchange.frameBytes())));
        }
        command.addAll(List.of(Integer.toString(core), Long.toString(warmup), Long.toString(count)));
        return command;
    }

    @Override
    public String name() {
        return "C";
    }

    @Override
    public boolean needsWarmup() {
        return false;
    }

    @Override
    public Run run(Exchange exchange, long warmup, long count) {
        try {
            synchronized (this) {
                echo = new ChildProcess("the echoing C program",
                        command("echo", exchange, cores.get(1), warmup, count), silenceNs);
            }
            echo.expect("ready");
            synchronized (this) {
                initiator = new ChildProcess("the initiating C program",
                        command("initiator", exchange, cores.get(0), warmup, count), silenceNs);
            }
            RunBooks sent = RunBooks.parse(initiator::nextLine);
            RunBooks echoed = RunBooks.parse(echo::nextLine);
            return Run.of(sent, echoed, warmup, count);
        } catch (RunFailedException | IOException e) {
            return Run.failed(e.getMessage());
        } finally {
            close();
        }
    }

    @Override
    public synchronized void close() {
        if (initiator != null) {
            initiator.close();
        }
        if (echo != null) {
            echo.close();
        }
    }
}

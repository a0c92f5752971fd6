package org.shmrt.bench.rig;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** An exchange in C, two processes a run. */
final class CSide implements Side {
    private final Exchange exchange;
    private final CPrograms programs;
    private final RigFiles.Paths files;
    private final Layout layout;
    private final List<Integer> cores;
    private final long silenceNs;
    private ChildProcess echo;
    private ChildProcess initiator;

    CSide(Exchange exchange, CPrograms programs, RigFiles.Paths files, Layout layout, List<Integer> cores,
            long silenceNs) {
        this.exchange = exchange;
        this.programs = programs;
        this.files = files;
        this.layout = layout;
        this.cores = cores;
        this.silenceNs = silenceNs;
    }

    private List<String> command(String role, int core, long warmup, long count) {
        List<String> command = new ArrayList<>();
        String ping = files.ping(exchange).toString();
        String pong = files.pong(exchange).toString();
        switch (exchange.kind()) {
            case C_COUNTER -> command.addAll(List.of(programs.path(CPrograms.COUNTER), role,
                    files.counters(exchange).toString()));
            case C_SEMAPHORE -> command.addAll(List.of(programs.path(CPrograms.SEMAPHORE), role, ping, pong));
            default -> command.addAll(List.of(programs.path(CPrograms.FRAME), role, ping, pong,
                    Integer.toString(exchange.frameBytes()), layout.word(),
                    exchange.kind() == Exchange.Kind.C_COPY_LEAN ? "lean" : "milk",
                    exchange.kind() == Exchange.Kind.C_IN_PLACE ? "view" : "copy"));
        }
        command.addAll(List.of(Integer.toString(core), Long.toString(warmup), Long.toString(count)));
        return command;
    }

    @Override
    public boolean needsWarmup() {
        return false;
    }

    @Override
    public Run run(long warmup, long count, long periodNs) {
        try {
            synchronized (this) {
                echo = new ChildProcess("the echoing C program", command("echo", cores.get(1), warmup, count),
                        silenceNs);
            }
            echo.expect("ready");
            synchronized (this) {
                initiator = new ChildProcess("the initiating C program",
                        command("initiator", cores.get(0), warmup, count), silenceNs);
            }
            RunBooks sent = RunBooks.parse(initiator::nextLine);
            RunBooks echoed = RunBooks.parse(echo::nextLine);
            return Run.of(sent, echoed, warmup, count, 0);
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

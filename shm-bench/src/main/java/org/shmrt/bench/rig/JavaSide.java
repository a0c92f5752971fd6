package org.shmrt.bench.rig;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An exchange between two JVMs, which stay while it is measured and sleep while it is not their turn. */
final class JavaSide implements Side {
    private final List<ChildProcess> processes = new ArrayList<>();
    private final ChildProcess echo;
    private final ChildProcess initiator;

    /**
     * Starts the JVMs, and Aeron's driver if that is what is measured.
     *
     * @throws RunFailedException if one does not come up
     */
    JavaSide(Exchange exchange, RigFiles.Paths files, List<Integer> cores, List<String> jvmArguments,
            long silenceNs) throws IOException, RunFailedException {
        try {
            if (exchange.kind() == Exchange.Kind.AERON) {
                ChildProcess driver = start("Aeron's driver", java(List.of(), AeronDriver.class,
                        files.aeron(exchange).toString()), silenceNs);
                driver.expect("ready " + files.aeron(exchange));
            }
            echo = start("the echoing JVM", java(jvmArguments, JavaPeer.class, "echo", exchange.word(),
                    files.directory().toString(), files.prefix(), cores.get(1).toString()), silenceNs);
            initiator = start("the initiating JVM", java(jvmArguments, JavaPeer.class, "initiator", exchange.word(),
                    files.directory().toString(), files.prefix(), cores.get(0).toString()), silenceNs);
            echo.expect("open");
            initiator.expect("open");
        } catch (IOException | RunFailedException e) {
            close();
            throw e;
        }
    }

    private ChildProcess start(String name, List<String> command, long silenceNs) throws IOException {
        ChildProcess process = new ChildProcess(name, command, silenceNs);
        synchronized (processes) {
            processes.add(process);
        }
        return process;
    }

    static List<String> java(List<String> jvmArguments, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        // Agrona's buffers want it; nothing of ShmRT does.
        command.add("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
        command.addAll(jvmArguments);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    @Override
    public boolean needsWarmup() {
        return true;
    }

    @Override
    public Run run(long warmup, long count, long periodNs) {
        String command = "run " + warmup + " " + count + " " + periodNs;
        try {
            echo.tell(command);
            echo.expect("ready");
            initiator.tell(command);
            RunBooks sent = RunBooks.parse(initiator::nextLine);
            RunBooks echoed = RunBooks.parse(echo::nextLine);
            return Run.of(sent, echoed, warmup, count, periodNs);
        } catch (RunFailedException e) {
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

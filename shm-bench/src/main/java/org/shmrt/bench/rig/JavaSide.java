package org.shmrt.bench.rig;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** ShmRT between two JVMs, which stay for the whole measurement and sleep while it is not their turn. */
final class JavaSide implements Side {
    private final ChildProcess echo;
    private final ChildProcess initiator;

    JavaSide(RigFiles.Paths files, List<Integer> cores, List<String> jvmArguments, long silenceNs)
            throws IOException {
        echo = new ChildProcess("the echoing JVM", command("echo", files, cores.get(1), jvmArguments), silenceNs);
        try {
            initiator = new ChildProcess(
                    "the initiating JVM", command("initiator", files, cores.get(0), jvmArguments), silenceNs);
        } catch (IOException e) {
            echo.close();
            throw e;
        }
    }

    private static List<String> command(
            String role, RigFiles.Paths files, int core, List<String> jvmArguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(jvmArguments);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), JavaPeer.class.getName(),
                role, files.directory().toString(), files.prefix(), Integer.toString(core)));
        return command;
    }

    @Override
    public String name() {
        return "Java";
    }

    @Override
    public boolean needsWarmup() {
        return true;
    }

    @Override
    public Run run(Exchange exchange, long warmup, long count) {
        String command = "run " + exchange + " " + warmup + " " + count;
        try {
            echo.tell(command);
            echo.expect("ready");
            initiator.tell(command);
            RunBooks sent = RunBooks.parse(initiator::nextLine);
            RunBooks echoed = RunBooks.parse(echo::nextLine);
            return Run.of(sent, echoed, warmup, count);
        } catch (RunFailedException e) {
            return Run.failed(e.getMessage());
        }
    }

    @Override
    public void close() {
        initiator.close();
        echo.close();
    }
}

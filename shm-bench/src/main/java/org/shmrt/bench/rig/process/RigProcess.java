package org.shmrt.bench.rig.process;

import java.util.ArrayList;
import java.util.List;
import org.shmrt.bench.rig.scenario.Role;
import org.shmrt.bench.rig.scenario.Scenario;
import org.shmrt.bench.rig.scenario.ScenarioPaths;
import org.shmrt.process.ChildProcess;

/** Starts the processes of the rig. */
public final class RigProcess {
    private RigProcess() {}

    /**
     * Starts a process that writes its errors to the rig's standard error.
     *
     * @param name what messages call it
     * @param silenceNs how long it may take to print its next line
     */
    public static ChildProcess start(String name, List<String> command, long silenceNs) {
        return ChildProcess.builder(command)
                .name(name)
                .silenceTimeoutNs(silenceNs)
                .inheritErrors()
                .start();
    }

    /** The command that runs a class of the rig's class path in another JVM of the same installation. */
    public static List<String> java(List<String> jvmArguments, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(ChildProcess.javaLauncher());
        command.add("--enable-native-access=ALL-UNNAMED");
        // Agrona's buffers need it; nothing in ShmRT does.
        command.add("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
        command.addAll(jvmArguments);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The command that starts {@link JavaPeer}. */
    static List<String> peer(List<String> jvmArguments, Role role, Scenario scenario, ScenarioPaths paths, int core) {
        return java(
                jvmArguments,
                JavaPeer.class,
                role.id(),
                scenario.id(),
                paths.directory().toString(),
                paths.prefix(),
                Integer.toString(core));
    }
}

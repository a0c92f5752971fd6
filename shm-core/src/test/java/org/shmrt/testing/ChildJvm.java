package org.shmrt.testing;

import java.util.ArrayList;
import java.util.List;
import org.shmrt.process.ChildProcess;

/** Another JVM of the same installation, for tests with two real processes. */
public final class ChildJvm {
    /** For children that do little: starts fast, takes little memory. */
    public static final List<String> QUICK =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED");

    private ChildJvm() {}

    /** The command that starts a class of the test class path. */
    public static List<String> command(List<String> flags, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(flags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Starts {@link StreamChild} to do one thing. */
    public static ChildProcess start(Object... words) {
        String[] arguments = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            arguments[i] = words[i].toString();
        }
        return ChildProcess.start(command(QUICK, StreamChild.class, arguments));
    }

    /** The {@code java} that runs this test. */
    public static String java() {
        return ChildProcess.javaLauncher();
    }
}

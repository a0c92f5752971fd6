package org.shmrt.testing;

import java.util.ArrayList;
import java.util.List;
import org.shmrt.process.ChildProcess;

/** Child JVMs of the same installation, for tests with several processes. */
public final class ChildJvm {
    /**
     * For small children: fast start, little memory, and no file in {@code /tmp} that is named by the process id: two
     * children in pid namespaces of their own would both want it.
     */
    public static final List<String> QUICK = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED");

    /** For children that may crash: neither a core dump nor a log file, the report goes to the standard error. */
    public static final List<String> NO_CRASH_FILES = List.of("-XX:-CreateCoredumpOnCrash", "-XX:+ErrorFileToStderr");

    private static final String DEFAULT_SIGNALS = "import os, signal, sys; [signal.signal(s, signal.SIG_DFL) for s in"
            + " (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGPIPE)]; os.execvp(sys.argv[1], sys.argv[1:])";

    private ChildJvm() {}

    /** Returns the command that runs a class of the test class path. */
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

    /**
     * Returns the command with its signals at their defaults. A shell that starts the tests in the background lets all
     * their processes ignore Ctrl-C, and a JVM keeps it so.
     */
    public static List<String> withDefaultSignals(List<String> command) {
        List<String> whole = new ArrayList<>(List.of("python3", "-c", DEFAULT_SIGNALS));
        whole.addAll(command);
        return whole;
    }

    /** Starts {@link StreamChild} with a command and its arguments. */
    public static ChildProcess start(Object... words) {
        String[] arguments = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            arguments[i] = words[i].toString();
        }
        return ChildProcess.start(command(QUICK, StreamChild.class, arguments));
    }

    /** Path of the {@code java} that runs this test. */
    public static String java() {
        return ChildProcess.javaLauncher();
    }
}

package org.shmrt.soak;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;

/** The child processes of one test; closing kills those that still run. */
final class ChildProcesses implements AutoCloseable {
    /**
     * A heap of fixed size with all pages resident, and free malloc pages returned to the kernel: growth of the
     * resident memory then means memory in use.
     */
    private static final List<String> FLAGS = List.of(
            "-Xms24m",
            "-Xmx24m",
            "-XX:+AlwaysPreTouch",
            "-XX:NativeMemoryTracking=summary",
            "-XX:+UseSerialGC",
            "-XX:-UseDynamicNumberOfCompilerThreads",
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:TrimNativeHeapInterval=500",
            "--enable-native-access=ALL-UNNAMED");

    private final List<ChildProcess> all = new ArrayList<>();

    /** Starts a JVM whose {@link ResourceUsage} can be compared over time. */
    ChildProcess start(Class<?> main, Object... words) {
        return add(ChildProcess.start(ChildJvm.command(
                FLAGS, main, Arrays.stream(words).map(Object::toString).toArray(String[]::new))));
    }

    ChildProcess add(ChildProcess child) {
        all.add(child);
        return child;
    }

    void forEach(Consumer<ChildProcess> action) {
        all.forEach(action);
    }

    @Override
    public void close() {
        all.forEach(ChildProcess::close);
    }
}

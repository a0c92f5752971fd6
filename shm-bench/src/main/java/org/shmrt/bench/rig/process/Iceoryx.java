package org.shmrt.bench.rig.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.shmrt.process.ChildProcess;
import org.shmrt.process.ChildProcessException;

/**
 * RouDi, the daemon of iceoryx 2, while its scenarios run. There is one on a machine, and it removes its memory when it
 * is asked to end, so it is not killed. It ends too if this JVM does.
 */
final class Iceoryx implements AutoCloseable {
    /** Where Debian has the headers, in a folder for each version. */
    private static final Path HEADERS = Path.of("/usr/include/iceoryx");

    private static final String HEADER = "iceoryx_binding_c/runtime.h";
    private static final String DAEMON = "iox-roudi";
    private static final String ENDED = "ended";

    /**
     * A daemon that aborts leaves its memory behind; the next one removes it with its own. Without monitoring, the daemon
     * does not consider a process dead that got no core for a while.
     */
    private static final String AT_END_OF_INPUT = "start() { " + DAEMON + " -m off >/dev/null 2>&1 & daemon=$!; }; "
            + "end() { kill $daemon 2>/dev/null; wait $daemon; }; "
            + "start; cat >/dev/null; end || { start; sleep 2; end; }; echo "
            + ENDED;

    private final ChildProcess shell;

    /**
     * Starts the daemon.
     *
     * @throws ChildProcessException if it does not start
     */
    Iceoryx(long silenceNs) {
        shell = RigProcess.start("RouDi of iceoryx", List.of("sh", "-c", AT_END_OF_INPUT), silenceNs);
    }

    /** The folder of the headers of iceoryx 2, if they and the daemon are installed. */
    static Optional<Path> headers() {
        String path = System.getenv().getOrDefault("PATH", "");
        if (Stream.of(path.split(File.pathSeparator))
                .noneMatch(folder -> Files.isExecutable(Path.of(folder, DAEMON)))) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(HEADERS, "v2.*")) {
            for (Path version : versions) {
                if (Files.isReadable(version.resolve(HEADER))) {
                    return Optional.of(version);
                }
            }
        } catch (IOException e) {
            return Optional.empty(); // not installed
        }
        return Optional.empty();
    }

    /** Ends the daemon, and waits until it has. */
    @Override
    public void close() {
        try {
            shell.closeInput();
            shell.expect(ENDED);
        } catch (ChildProcessException e) {
            System.err.println("RouDi of iceoryx did not end: " + e.getMessage());
        } finally {
            shell.close();
        }
    }
}

package org.shmrt.testing;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.shmrt.process.ChildProcess;

/**
 * The installed Python versions that have {@code multiprocessing.shared_memory}: those of pyenv, and {@code python3}.
 */
public final class PythonVersions {
    private static final List<String> FOUND = find();

    private PythonVersions() {}

    /** The commands that start them; empty if there are none. */
    public static Stream<String> all() {
        return FOUND.stream();
    }

    /** The command of one of them; skips the calling test if there is none. */
    public static String any() {
        org.junit.jupiter.api.Assumptions.assumeFalse(
                FOUND.isEmpty(), "no python3 with multiprocessing.shared_memory found to run the peer");
        return FOUND.get(FOUND.size() - 1);
    }

    /** Starts a script of the test resources. */
    public static ChildProcess start(String python, String script, Object... words) {
        List<String> command =
                new ArrayList<>(List.of(python, "-B", PythonPeer.file(script).toString()));
        Stream.of(words).map(Object::toString).forEach(command::add);
        return ChildProcess.start(command);
    }

    /** Runs a script of the test resources, which must exit with status 0, and returns its output lines. */
    public static List<String> run(String python, String script, Object... words) {
        try (ChildProcess child = start(python, script, words)) {
            return child.finish();
        }
    }

    private static List<String> find() {
        List<String> commands = new ArrayList<>();
        String root = System.getenv().getOrDefault("PYENV_ROOT", System.getProperty("user.home") + "/.pyenv");
        Path versions = Path.of(root, "versions");
        if (Files.isDirectory(versions)) {
            try (DirectoryStream<Path> installed = Files.newDirectoryStream(versions)) {
                installed.forEach(
                        home -> commands.add(home.resolve("bin/python3").toString()));
            } catch (IOException e) {
                // not readable: use python3 only
            }
        }
        commands.sort(null);
        commands.removeIf(python -> !works(python));
        if (works("python3")) {
            commands.add("python3");
        }
        return List.copyOf(commands);
    }

    private static boolean works(String python) {
        return ExternalCommand.succeeds(python, "-c", "from multiprocessing import shared_memory");
    }
}

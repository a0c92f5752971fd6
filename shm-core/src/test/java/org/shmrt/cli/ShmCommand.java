package org.shmrt.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Scratch;

/**
 * The command under test: a directory and a stream name that no other test uses, and ways to run {@code shm} on them.
 * In arguments, {@code STREAM} and {@code LINK} stand for paths of streams and {@code DIR} for the directory. After the
 * test, the directory is removed and the test fails if it has left anything open or in shared memory.
 */
public final class ShmCommand implements BeforeEachCallback, AfterEachCallback {
    private final Scratch scratch;

    private ShmCommand(Scratch scratch) {
        this.scratch = scratch;
    }

    /** The directory is in the directory for temporary files. */
    public static ShmCommand inTmp() {
        return new ShmCommand(Scratch.inTmp());
    }

    /** The directory is on tmpfs. */
    public static ShmCommand inSharedMemory() {
        return new ShmCommand(Scratch.inSharedMemory());
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        scratch.beforeEach(context);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        scratch.afterEach(context);
    }

    public Scratch scratch() {
        return scratch;
    }

    public Path directory() {
        return scratch.directory();
    }

    /** A file in the directory. */
    public Path file(String name) {
        return directory().resolve(name);
    }

    /** The path that {@code STREAM} stands for. */
    public Path stream() {
        return scratch.stream("s");
    }

    /** The path that {@code LINK} stands for. */
    public Path link() {
        return scratch.stream("l");
    }

    /** Arguments with the placeholders replaced. */
    public String[] expand(String... arguments) {
        return Arrays.stream(arguments)
                .map(argument -> argument.replace("STREAM", stream().toString())
                        .replace("LINK", link().toString())
                        .replace("DIR", directory().toString()))
                .toArray(String[]::new);
    }

    /** Runs the command in this JVM. */
    public CommandRun run(String... arguments) {
        return CommandRun.of(expand(arguments));
    }

    /** Runs the command in this JVM and passes its output on while it runs; returns the exit status. */
    public int run(Writer out, Writer err, String... arguments) {
        return Shm.run(CommandRun.output(out), new PrintWriter(err, true), expand(arguments));
    }

    /** Runs a command line, whose arguments contain no blank. */
    public CommandRun runLine(String line) {
        return run(line.strip().split(" +"));
    }

    /** Starts a command line in a process of its own, whose working directory is the directory of the test. */
    public ChildProcess start(String line, Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of("env", "-u", "MILK_SHM_DIR"));
        environment.forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(
                ChildJvm.command(ChildJvm.QUICK, Shm.class, expand(line.strip().split(" +"))));
        return ChildProcess.builder(ChildJvm.withDefaultSignals(command))
                .directory(directory())
                .start();
    }

    /** Starts a command line in a process of its own. */
    public ChildProcess start(String line) {
        return start(line, Map.of());
    }
}

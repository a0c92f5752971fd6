package org.shmrt.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks all states of the model of the protocol with spin, through {@code bin/check-model}, as a user does.
 */
@Tag("slow")
class ModelTest {
    private static final Path SCRIPT = Path.of("bin/check-model");
    private static final Path MODEL = Path.of("src/model/publish.pml");

    @TempDir
    private Path directory;

    /** The exit status of a command and its output on both streams. */
    private record Result(int status, String output) {}

    @Test
    @Timeout(1800)
    void shouldHoldUnchangedAndBreakWithoutAnyOfItsSteps() throws IOException, InterruptedException {
        assumeToolsArePresent();

        Result result = run(SCRIPT, System.getenv("PATH"));

        assertEquals(0, result.status, result.output);
        assertTrue(
                result.output.lines().filter(line -> line.contains(" holds ")).count() >= 25, result.output);
        assertTrue(result.output.lines().filter(line -> line.contains(" torn ")).count() >= 13, result.output);
        assertTrue(
                result.output.lines().filter(line -> line.contains(" asleep ")).count() >= 6, result.output);
        assertTrue(
                result.output.lines().filter(line -> line.contains(" tokens ")).count() >= 2, result.output);
    }

    @Test
    @Timeout(1800)
    void shouldFailWhenTheModelTears() throws IOException, InterruptedException {
        assumeToolsArePresent();
        Path script = directory.resolve("shm-bench").resolve(SCRIPT);
        Path model = directory.resolve("shm-bench").resolve(MODEL);
        Files.createDirectories(script.getParent());
        Files.createDirectories(model.getParent());
        Files.copy(SCRIPT, script);
        String original = Files.readString(MODEL);
        String broken = original.replace("#ifndef NO_FENCE_AFTER_FLAG", "#ifdef NO_FENCE_AFTER_FLAG");
        assertTrue(!broken.equals(original));
        Files.writeString(model, broken);

        Result result = run(script, System.getenv("PATH"), "--only", "depth 1, 6 frames");

        assertEquals(1, result.status, result.output);
        assertTrue(result.output.contains("torn") && result.output.contains("NOT AS EXPECTED: holds"), result.output);
    }

    @Test
    @Timeout(1800)
    void shouldReportWhatToInstall() throws IOException, InterruptedException {
        for (String tool : List.of("dirname", "readlink")) {
            Path wrapper = Files.writeString(
                    directory.resolve(tool), "#!/bin/sh\nexec " + onPath(tool).orElseThrow() + " \"$@\"\n");
            assertTrue(wrapper.toFile().setExecutable(true));
        }

        Result result = run(SCRIPT, directory.toString());

        assertEquals(1, result.status, result.output);
        assertEquals(
                "check-model: spin is not on PATH: install it (Debian's packages are spin and gcc)\n", result.output);
    }

    @Test
    @Timeout(1800)
    void shouldRejectWrongUsage() throws IOException, InterruptedException {
        String path = System.getenv("PATH");

        assertEquals(2, run(SCRIPT, path, "--fast").status);
        assertEquals(2, run(SCRIPT, path, "--only").status);
        assertEquals(0, run(SCRIPT, path, "--help").status);
    }

    /** With a compiler whose verifier never ends. Such processes ignore Ctrl-C, so the script must end them. */
    @Test
    @Timeout(600)
    void shouldEndTheVerifiersWhenASignalEndsIt() throws IOException, InterruptedException {
        Path tools = Files.createDirectories(directory.resolve("tools"));
        Path temporary = Files.createDirectories(directory.resolve("temporary"));
        Path started = directory.resolve("started");
        executable(tools.resolve("spin"), "");
        executable(
                tools.resolve("cc"),
                "printf '#!/bin/sh\\necho $$ >>\"$STARTED\"\\nsleep 3600\\n' >pan\nchmod +x pan\n");
        ProcessBuilder builder = new ProcessBuilder(SCRIPT.toAbsolutePath().toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().put("PATH", tools + File.pathSeparator + System.getenv("PATH"));
        builder.environment().put("TMPDIR", temporary.toString());
        builder.environment().put("STARTED", started.toString());
        Process process = builder.start();
        List<ProcessHandle> children = List.of();
        try {
            // the verifier and its sleep
            while (!Files.exists(started) || Files.readString(started).isBlank() || !hasSleep(process)) {
                assertTrue(process.isAlive(), () -> process + " has ended");
                Thread.sleep(5);
            }
            children = process.descendants().toList();

            process.destroy();

            assertEquals(1, process.waitFor());
            for (ProcessHandle child : children) {
                while (isRunning(child)) {
                    Thread.sleep(5);
                }
            }
            try (Stream<Path> files = Files.list(temporary)) {
                assertEquals(List.of(), files.toList());
            }
        } finally {
            children.forEach(ProcessHandle::destroyForcibly);
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text);
        assertTrue(file.toFile().setExecutable(true));
    }

    private static boolean hasSleep(Process process) {
        return process.descendants()
                .anyMatch(child -> child.info().command().orElse("").endsWith("sleep"));
    }

    /** Not if it is a zombie, which the process that adopted it may leave. */
    private static boolean isRunning(ProcessHandle process) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return !stat.contains(") Z ") && !stat.contains(") X ");
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private Result run(Path script, String path, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("PATH", path);
        builder.environment().put("TMPDIR", directory.toString());
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(25, TimeUnit.MINUTES), () -> script + " was still running after 25 minutes");
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }

    private static void assumeToolsArePresent() {
        for (String tool : List.of("spin", "cc")) {
            assumeTrue(onPath(tool).isPresent(), tool + " is not on PATH: the model is not checked");
        }
    }

    private static Optional<Path> onPath(String tool) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, tool))
                .filter(Files::isExecutable)
                .findFirst();
    }
}

package org.shmrt.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Has spin visit every state of the model of the protocol, as a user would, through {@code bin/check-model}.
 */
class ModelTest {
    private static final Path SCRIPT = Path.of("bin/check-model");
    private static final Path MODEL = Path.of("src/model/publish.pml");

    @TempDir
    private Path directory;

    /** How a command ended, and what it said on both streams. */
    private record Ended(int status, String said) {}

    @Test
    @Timeout(540)
    void shouldHoldAsItIsAndBreakWithAnyStepTakenAway() throws IOException, InterruptedException {
        assumeToolsArePresent();

        Ended ended = run(SCRIPT, System.getenv("PATH"));

        assertEquals(0, ended.status, ended.said);
        assertTrue(ended.said.lines().filter(line -> line.contains(" holds ")).count() >= 9, ended.said);
        assertTrue(ended.said.lines().filter(line -> line.contains(" torn ")).count() >= 7, ended.said);
        assertTrue(ended.said.lines().filter(line -> line.contains(" asleep ")).count() >= 2, ended.said);
    }

    @Test
    @Timeout(120)
    void shouldFailWhenTheModelTears() throws IOException, InterruptedException {
        assumeToolsArePresent();
        Path script = directory.resolve("shm-bench").resolve(SCRIPT);
        Path model = directory.resolve("shm-bench").resolve(MODEL);
        Files.createDirectories(script.getParent());
        Files.createDirectories(model.getParent());
        Files.copy(SCRIPT, script);
        String whole = Files.readString(MODEL);
        String broken = whole.replace("#ifndef NO_FENCE_AFTER_FLAG", "#ifdef NO_FENCE_AFTER_FLAG");
        assertTrue(!broken.equals(whole));
        Files.writeString(model, broken);

        Ended ended = run(script, System.getenv("PATH"), "--only", "depth 1, 6 frames");

        assertEquals(1, ended.status, ended.said);
        assertTrue(ended.said.contains("torn") && ended.said.contains("NOT AS EXPECTED: holds"), ended.said);
    }

    @Test
    @Timeout(60)
    void shouldSayWhatToInstall() throws IOException, InterruptedException {
        for (String tool : List.of("dirname", "readlink")) {
            Path only = Files.writeString(directory.resolve(tool), "#!/bin/sh\nexec " + onPath(tool) + " \"$@\"\n");
            assertTrue(only.toFile().setExecutable(true));
        }

        Ended ended = run(SCRIPT, directory.toString());

        assertEquals(1, ended.status, ended.said);
        assertEquals("check-model: spin is not on PATH: install it (Debian's packages are spin and gcc)\n", ended.said);
    }

    @Test
    @Timeout(60)
    void shouldRefuseWrongUsage() throws IOException, InterruptedException {
        String path = System.getenv("PATH");

        assertEquals(2, run(SCRIPT, path, "--fast").status);
        assertEquals(2, run(SCRIPT, path, "--only").status);
        assertEquals(0, run(SCRIPT, path, "--help").status);
    }

    private Ended run(Path script, String path, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        Path said = directory.resolve("said");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().put("PATH", path);
        builder.environment().put("TMPDIR", directory.toString());
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(9, TimeUnit.MINUTES), () -> script + " does not end");
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        return new Ended(process.exitValue(), Files.readString(said, StandardCharsets.UTF_8));
    }

    private static void assumeToolsArePresent() {
        for (String tool : List.of("spin", "cc")) {
            assumeTrue(onPath(tool) != null, tool + " is not on PATH: the model is not checked");
        }
    }

    private static Path onPath(String tool) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(place -> Path.of(place, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }
}

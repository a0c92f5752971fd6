package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.environment.Environment.Answer;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Scratch;

/** A process that may open no more files, or have no more memory: typed refusals, nothing left, and it goes on after. */
@Timeout(180)
class LimitsTest {
    private static final int MOST_FREE = 7;
    private static final String LARGE = "4000x8000";

    @TempDir
    static Path jars;

    private static String classPath;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @BeforeAll
    static void packClasses() throws IOException {
        classPath = Environment.classPath(jars);
    }

    private Environment start(String shape, String... under) {
        return Environment.start(List.of(under), classPath, scratch.directory(), scratch.prefix(), shape);
    }

    /** With room for none, for one, and so on: each use fails at each of the files it opens. */
    @Test
    void shouldSayThatNoFileCanBeOpenedAndGoOnAfterwards() {
        try (Environment ground = start("8x8", "sh", "-c", "ulimit -n 200; exec \"$@\"", "sh")) {
            ground.tell("prepare");
            for (int free = 0; free <= MOST_FREE; free++) {
                ground.tell("hold " + free);
                Map<String, Answer> answers = ground.run();
                for (Map.Entry<String, Answer> answer : answers.entrySet()) {
                    assertTrue(
                            answer.getValue().well()
                                    || answer.getValue().words().contains("ulimit -n"),
                            free + " free: " + answer);
                }
                if (free == 0) {
                    long well = answers.values().stream().filter(Answer::well).count();
                    assertEquals(0, well, "went well without a file: " + answers);
                }
            }
            ground.runWell();
            ground.tell("remove");
            ground.finish();
        }
    }

    @Test
    void shouldSayThatThereIsNoAddressSpaceAndGoOnAfterwards() throws IOException {
        try (Environment ground = start(LARGE)) {
            ground.tell("prepare");
            ground.runWell();
            long kib = Files.readAllLines(Path.of("/proc/" + ground.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmSize:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
            Assumptions.assumeTrue(limit(ground, Long.toString((kib << 10) + (16L << 20))), "prlimit is not there");

            Map<String, Answer> answers = ground.run();

            for (String use : List.of(
                    "create dao",
                    "create milk",
                    "open dao",
                    "view milk",
                    "create array",
                    "attach array",
                    "create block",
                    "attach block",
                    "view block")) {
                assertTrue(answers.get(use).words().contains("ulimit -v"), use + ": " + answers.get(use));
            }
            assertTrue(limit(ground, "unlimited"));
            ground.runWell();
            ground.tell("remove");
            ground.finish();
        }
    }

    private static boolean limit(Environment ground, String bytes) {
        return ExternalCommand.succeeds("prlimit", "--pid", Long.toString(ground.pid()), "--as=" + bytes + ":");
    }
}

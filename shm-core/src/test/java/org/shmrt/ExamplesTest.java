package org.shmrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.PythonVersions;

/** The programs of src/examples, started as described in their first lines, and their counterparts in Python. */
@Timeout(600)
@Tag("slow")
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("src/examples");

    @RegisterExtension
    final BlockScratch scratch = new BlockScratch();

    /** Starts a program in source-file mode, with the class path of the tests. */
    private static ChildProcess java(String example, String... words) {
        List<String> command = new ArrayList<>(List.of(
                ChildJvm.java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED",
                EXAMPLES.resolve(example).toString()));
        command.addAll(List.of(words));
        return ChildProcess.start(command);
    }

    private static ChildProcess process(String language, int number, String... words) {
        return language.equals("java")
                ? java("BlockProcess" + number + ".java", words)
                : PythonVersions.start(PythonVersions.any(), "block_process" + number + ".py", (Object[]) words);
    }

    @ParameterizedTest
    @CsvSource({"java, java", "java, python", "python, java", "python, python"})
    void shouldShareFourBytesInEveryPairing(String first, String second) {
        String name = scratch.name("example");
        if (first.equals("python") || second.equals("python")) {
            PythonVersions.any(); // skips the test before anything is started
        }
        try (ChildProcess process1 = process(first, 1, name)) {
            assertTrue(process1.line().startsWith("process 1: made " + name));

            try (ChildProcess process2 = process(second, 2, name)) {
                assertEquals(List.of("process 2: bytes 0-3 are 0a 0b 0c 0d"), process2.finish());
            }

            assertEquals(List.of("process 1: bytes 0-3 are 0a 0b 0c 0d"), process1.finish());
        }
        assertEquals(List.of(), scratch.names());
    }

    @Test
    void shouldReportThatProcess1HasToBeStartedFirst() {
        try (ChildProcess process2 = java("BlockProcess2.java", scratch.name("nobody"))) {
            assertEquals(1, process2.exitCode());
            assertEquals(List.of(), process2.rest());
            assertEquals(
                    "process 2: there is no /dev/shm/" + scratch.name("nobody") + ": start process 1 first\n",
                    process2.errors());
        }
    }

    @Test
    void shouldPrintZerosWithoutProcess2() {
        try (ChildProcess inTime = java("BlockProcess1.java", scratch.name("alone"), "0")) {
            inTime.line();
            assertEquals(List.of("process 1: bytes 0-3 are 0a 00 00 00"), inTime.finish());
        }
        try (ChildProcess byEnter = java("BlockProcess1.java", scratch.name("enter"))) {
            byEnter.line();
            byEnter.send("");
            assertEquals(List.of("process 1: bytes 0-3 are 0a 00 00 00"), byEnter.finish());
        }
        assertEquals(List.of(), scratch.names());
    }

    @Test
    void shouldNotUseAnExistingBlock() {
        String name = scratch.put("taken", new byte[] {1});
        try (ChildProcess process1 = java("BlockProcess1.java", name)) {
            assertEquals(1, process1.exitCode());
            assertEquals("process 1: /dev/shm/" + name + " exists already\n", process1.errors());
        }
        BlockScratch.remove(name);
    }

    @Test
    void shouldDescribeInEachExampleHowToStartIt() throws IOException {
        try (Stream<Path> examples = Files.list(EXAMPLES)) {
            // The sample project is built by Maven, and has a test of its own.
            for (Path example : examples.filter(Files::isRegularFile).toList()) {
                String command =
                        "java -cp shm-core/target/shm-core.jar --enable-native-access=ALL-UNNAMED shm-core/" + example;
                assertTrue(Files.readString(example).contains(command), example + " lacks: " + command);
            }
        }
    }
}

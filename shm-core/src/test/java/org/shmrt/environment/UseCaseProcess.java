package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.ExternalCommand;

/**
 * Runs a {@link UseCaseChild} and sends it commands. The child runs from {@link InstalledJars}: a class that is first
 * loaded when no more files can be opened must be found as in a real installation.
 */
final class UseCaseProcess implements AutoCloseable {
    private static final String SUCCESS = "ok";
    private static final String UNLIMITED = "unlimited";

    private final ChildProcess child;

    /**
     * How a use case ended.
     *
     * @param failure {@code ok} or the class name of the exception
     * @param message the message of the exception
     */
    record Outcome(String failure, String message) {
        boolean succeeded() {
            return failure.equals(SUCCESS);
        }

        private boolean isRefusal() {
            return failure.startsWith("org.shmrt.error.") && !message.contains("\\n");
        }
    }

    /**
     * The outcomes of several use cases.
     *
     * @param byName outcomes by the name of the use case
     */
    record Outcomes(Map<String, Outcome> byName) {
        private Outcome of(String useCase) {
            Outcome outcome = byName.get(useCase);
            assertNotNull(outcome, useCase);
            return outcome;
        }

        /** Asserts that use cases succeeded. */
        void assertSucceeded(List<String> useCases) {
            for (String useCase : useCases) {
                assertTrue(of(useCase).succeeded(), () -> useCase + ": " + of(useCase));
            }
        }

        /** Asserts that use cases failed with a type of exception whose message has a part. */
        void assertFailed(Class<?> type, String part, List<String> useCases) {
            for (String useCase : useCases) {
                assertEquals(type.getName(), of(useCase).failure(), () -> useCase + ": " + of(useCase));
            }
            assertMessage(part, useCases);
        }

        /** Asserts that the messages of use cases have a part. */
        void assertMessage(String part, List<String> useCases) {
            for (String useCase : useCases) {
                assertTrue(of(useCase).message().contains(part), () -> useCase + ": " + of(useCase));
            }
        }

        private Map<String, Outcome> failures() {
            Map<String, Outcome> failures = new LinkedHashMap<>(byName);
            failures.values().removeIf(Outcome::succeeded);
            return failures;
        }
    }

    private UseCaseProcess(ChildProcess child) {
        this.child = child;
    }

    /** Starts a process under a wrapper, that is a command which executes the command appended to it. */
    static UseCaseProcess start(List<String> wrapper, InstalledJars jars, Path directory, String prefix, String shape) {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(
                ChildJvm.java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-Xms64m",
                "-XX:-UsePerfData",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+ErrorFileToStderr",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                jars.classPath(),
                UseCaseChild.class.getName(),
                directory.toString(),
                prefix,
                shape));
        return new UseCaseProcess(ChildProcess.start(command));
    }

    /** Sends a command and returns the lines of the answer. */
    List<String> send(String command) {
        child.send(command);
        List<String> answer = new ArrayList<>();
        for (String line = child.line(); !line.equals("."); line = child.line()) {
            answer.add(line);
        }
        return answer;
    }

    /** Names of all use cases. */
    List<String> useCases() {
        return send("names");
    }

    /** Runs all use cases. Each may only succeed or fail with a one-line ShmRT exception, and must leave nothing. */
    Outcomes runAll() {
        return outcomes(send("run"));
    }

    /** Runs one use case, with the assertions of {@link #runAll}. */
    Outcome run(String useCase) {
        return outcomes(send("run " + useCase)).of(useCase);
    }

    private Outcomes outcomes(List<String> answer) {
        Map<String, Outcome> byName = new LinkedHashMap<>();
        List<String> leftovers = new ArrayList<>();
        for (String line : answer) {
            String[] parts = line.split("\t", 3);
            if (parts[0].equals("left")) {
                leftovers.add(parts[1]);
                continue;
            }
            byName.put(parts[0], new Outcome(parts[1], parts.length > 2 ? parts[2] : ""));
        }
        assertFalse(byName.isEmpty());
        Outcomes outcomes = new Outcomes(byName);
        List<String> unexpected = outcomes.failures().entrySet().stream()
                .filter(entry -> !entry.getValue().isRefusal())
                .map(Object::toString)
                .toList();
        assertEquals(List.of(), unexpected, child::errors);
        assertEquals(List.of(), leftovers, () -> "left behind by one of " + outcomes.failures());
        return outcomes;
    }

    /** Runs all use cases, which must succeed. */
    void runAllSuccessfully() {
        assertEquals(Map.of(), runAll().failures());
    }

    /** Size of the process's address space in bytes. */
    long addressSpaceBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmSize:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElseThrow()
                    << 10;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Limits the size of the process's address space; false if {@code prlimit} is not installed. */
    boolean limitAddressSpace(long bytes) {
        return limitAddressSpace(Long.toString(bytes));
    }

    /** Removes the limit of {@link #limitAddressSpace(long)}; false if {@code prlimit} is not installed. */
    boolean unlimitAddressSpace() {
        return limitAddressSpace(UNLIMITED);
    }

    private boolean limitAddressSpace(String bytes) {
        return ExternalCommand.succeeds("prlimit", "--pid", Long.toString(pid()), "--as=" + bytes + ":");
    }

    long pid() {
        return child.pid();
    }

    /** Ends the process, which must exit with status 0. */
    void finish() {
        child.closeInput();
        assertEquals(List.of(), child.finish());
    }

    @Override
    public void close() {
        child.close();
    }
}

package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;

/**
 * A {@link EnvironmentChild} and how to talk with it. It runs from jars, as ShmRT does at a user's: a class that is first
 * needed when no file can be opened any more is found all the same.
 */
final class Environment implements AutoCloseable {
    private static final String WELL = "ok";

    private final ChildProcess child;

    /** How a use went: well, or which exception with which words. */
    record Answer(String failure, String words) {
        boolean well() {
            return failure.equals(WELL);
        }

        /** A refusal of a kind, with these words in it. */
        boolean is(Class<?> kind, String... parts) {
            return failure.equals(kind.getName()) && Stream.of(parts).allMatch(words::contains);
        }
    }

    private Environment(ChildProcess child) {
        this.child = child;
    }

    /** Starts one, under a command that ends in starting another. */
    static Environment start(List<String> under, String classPath, Path directory, String prefix, String shape) {
        List<String> command = new ArrayList<>(under);
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
                classPath,
                EnvironmentChild.class.getName(),
                directory.toString(),
                prefix,
                shape));
        return new Environment(ChildProcess.start(command));
    }

    /** Makes the class path for {@link #start}: files that every user may read. */
    static String classPath(Path directory) throws IOException {
        List<String> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path from = Path.of(entry);
            String name = from.getFileName().toString();
            if (Files.isDirectory(from)) {
                Path jar = directory.resolve(path.size() + ".jar");
                pack(from, jar);
                path.add(jar.toString());
            } else if (name.matches("(agrona|picocli|gson|nom-tam-fits|native-headers).*\\.jar")) {
                path.add(Files.copy(from, directory.resolve(name)).toString());
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                assertTrue(file.toFile().setReadable(true, false));
            }
        }
        assertTrue(directory.toFile().setReadable(true, false)
                && directory.toFile().setExecutable(true, false));
        return String.join(File.pathSeparator, path);
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> tree = Files.walk(classes)) {
            for (Path from : tree.filter(Files::isRegularFile).toList()) {
                String name = classes.relativize(from).toString();
                if (!name.startsWith("golden")) {
                    out.putNextEntry(new JarEntry(name));
                    Files.copy(from, out);
                    out.closeEntry();
                }
            }
        }
    }

    /** Gives an order and waits until it is done. */
    List<String> tell(String order) {
        child.send(order);
        List<String> answer = new ArrayList<>();
        for (String line = child.line(); !line.equals("."); line = child.line()) {
            answer.add(line);
        }
        return answer;
    }

    /** Does all uses. None may answer with anything but a refusal of ShmRT's own in one line, or leave anything. */
    Map<String, Answer> run() {
        Map<String, Answer> answers = new LinkedHashMap<>();
        List<String> left = new ArrayList<>();
        for (String line : tell("run")) {
            String[] parts = line.split("\t", 3);
            if (parts[0].equals("left")) {
                left.add(parts[1]);
                continue;
            }
            answers.put(parts[0], new Answer(parts[1], parts.length > 2 ? parts[2] : ""));
        }
        assertFalse(answers.isEmpty());
        List<String> wrong = answers.entrySet().stream()
                .filter(entry -> !entry.getValue().well()
                        && (!entry.getValue().failure.startsWith("org.shmrt.error.")
                                || entry.getValue().words.contains("\\n")))
                .map(Object::toString)
                .toList();
        assertEquals(List.of(), wrong, () -> child.errors());
        assertEquals(List.of(), left, () -> "left behind by one of " + failures(answers));
        return answers;
    }

    /** Does all uses, which have to go well. */
    void runWell() {
        assertEquals(Map.of(), failures(run()));
    }

    private static Map<String, Answer> failures(Map<String, Answer> answers) {
        return answers.entrySet().stream()
                .filter(entry -> !entry.getValue().well())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Asserts that uses were refused like this, and that all others went well. */
    static void assertRefused(Map<String, Answer> answers, Class<?> kind, String words, List<String> uses) {
        for (String use : uses) {
            Answer answer = answers.get(use);
            assertNotNull(answer, use);
            assertTrue(answer.is(kind, words), () -> use + ": " + answer);
        }
        Map<String, Answer> others = new LinkedHashMap<>(failures(answers));
        uses.forEach(others::remove);
        assertEquals(Map.of(), others, "only " + uses + " should have been refused");
    }

    long pid() {
        return child.pid();
    }

    /** Ends it, which has to go well. */
    void finish() {
        child.closeInput();
        assertEquals(List.of(), child.finish());
    }

    @Override
    public void close() {
        child.close();
    }
}

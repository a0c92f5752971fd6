package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Scratch;

/**
 * The sample project, built by Maven on the jars as {@code mvn install} installs them, and run. The local repository of
 * the test consists of links to the libraries in the user's one, and of this build's jars.
 */
@Timeout(600)
@Tag("slow")
class SampleProjectIT {
    private static final String VERSION = "0.1.0";
    private static final Path TARGET = Path.of("target").toAbsolutePath();

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    private Path repository;
    private Path project;

    @BeforeEach
    void install() throws IOException {
        assumeTrue(ExternalCommand.succeeds("mvn", "--version"), "Maven is not installed");
        Path libraries =
                Path.of(System.getProperty("maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));
        assumeTrue(Files.isDirectory(libraries.resolve("org")), "there is no local repository in " + libraries);
        repository = Files.createDirectory(scratch.directory().resolve("repository"));
        link(libraries, repository, "org");
        link(libraries.resolve("org"), Files.createDirectory(repository.resolve("org")), "shmrt");
        Path root = Path.of("..").toAbsolutePath();
        install("shmrt", root.resolve("pom.xml"));
        install(
                "native-headers",
                root.resolve("native-headers/pom.xml"),
                TARGET.resolve("lib/native-headers-" + VERSION + ".jar"));
        install("shm-core", root.resolve("shm-core/pom.xml"), TARGET.resolve("shm-core.jar"));
        project = copy(Path.of("src/examples/project"), scratch.directory().resolve("project"));
    }

    /** Links everything in a directory but one name into another directory. */
    private static void link(Path from, Path to, String except) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                if (!file.getFileName().toString().equals(except)) {
                    Files.createSymbolicLink(to.resolve(file.getFileName()), file);
                }
            }
        }
    }

    private void install(String artifact, Path pom, Path... jars) throws IOException {
        Path place = Files.createDirectories(
                repository.resolve("org/shmrt").resolve(artifact).resolve(VERSION));
        Files.copy(pom, place.resolve(artifact + "-" + VERSION + ".pom"));
        for (Path jar : jars) {
            Files.copy(jar, place.resolve(artifact + "-" + VERSION + ".jar"));
        }
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return to;
    }

    private String maven(Path stream, String... goals) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "mvn",
                "-o",
                "-q",
                "-B",
                "-Dstyle.color=never",
                "-Dmaven.repo.local=" + repository,
                "-Dstream=" + stream));
        command.addAll(List.of(goals));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(project.toFile()).redirectErrorStream(true);
        // The sample must run as it is, without what this build's own Maven was given.
        builder.environment().remove("MAVEN_OPTS");
        builder.environment().remove("MAVEN_ARGS");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.lines()
                .filter(line -> line.startsWith("frame "))
                .findFirst()
                .orElse(output);
    }

    @Test
    void shouldBuildAndRunOnTheInstalledJars() throws IOException, InterruptedException {
        Path stream = scratch.stream("sample");

        assertEquals("frame 1 of 2x3, last pixel 105, class path", maven(stream, "compile", "exec:exec"));
        assertEquals("frame 1 of 2x3, last pixel 105, module path", maven(stream, "compile", "exec:exec@module-path"));
        assertTrue(Files.notExists(stream));
    }

    /** Who copies the dependency from a page gets the version that this source builds. */
    @ParameterizedTest
    @CsvSource({"../pom.xml,README.md", "pom.xml,docs/install.md"})
    void shouldShowTheVersionThatIsBuilt(String pom, String page) throws IOException {
        assertTrue(Files.readString(Path.of(pom)).contains("<version>" + VERSION + "</version>"), pom);
        Path text = page.equals("README.md") ? Path.of("..", page) : Path.of(page);
        assertTrue(Files.readString(text).contains("<version>" + VERSION + "</version>"), page);
    }
}

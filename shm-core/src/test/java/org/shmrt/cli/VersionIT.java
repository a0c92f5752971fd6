package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;

/** What the packed jar says about itself, and which libraries lie beside it. */
@Timeout(600)
class VersionIT {
    private static final Path JAR = Path.of("target/shm-core.jar");

    @Test
    void shouldShowVersionCommitAndJava() throws IOException {
        Attributes attributes;
        try (JarFile jar = new JarFile(JAR.toFile())) {
            attributes = jar.getManifest().getMainAttributes();
        }
        String commit = attributes.getValue("Implementation-Commit");

        try (ChildProcess child = ChildProcess.start(
                List.of(ChildJvm.java(), "-XX:TieredStopAtLevel=1", "-jar", JAR.toString(), "--version"))) {
            assertEquals(
                    List.of("shm " + attributes.getValue("Implementation-Version") + " (commit " + commit + "), Java "
                            + Runtime.version()),
                    child.finish());
        }
        assertTrue(commit.matches("[0-9a-f]{12}|unknown"), commit);
    }

    /** Who uses or distributes ShmRT finds each library and its licence on the page. */
    @Test
    void shouldListEveryPackedLibraryWithItsLicence() throws IOException {
        String page = Files.readString(Path.of("docs/dependencies.md"));
        Pattern name = Pattern.compile("`([^`]+)`");
        List<String> listed = page.lines()
                .filter(line -> line.startsWith("| `"))
                .flatMap(row -> name.matcher(row.split("\\|")[1]).results())
                .map(match -> match.group(1))
                .sorted()
                .toList();

        try (Stream<Path> files = Files.list(Path.of("target/lib"))) {
            assertEquals(
                    files.map(file -> name(file.getFileName().toString()))
                            .distinct()
                            .sorted()
                            .toList(),
                    listed);
        }
    }

    private static String name(String jar) {
        Matcher matcher = Pattern.compile("(.+?)-[0-9][0-9.]*\\.jar").matcher(jar);
        assertTrue(matcher.matches(), jar);
        return matcher.group(1);
    }
}

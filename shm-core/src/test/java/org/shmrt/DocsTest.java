package org.shmrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.testing.GuidePage;
import org.shmrt.testing.Scratch;

/** The Java code of every documentation page compiles, runs, and prints the output on the page. */
@Timeout(600)
class DocsTest {
    private static final Path DOCS = Path.of("docs");

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    @TempDir
    private Path classes;

    @TestFactory
    Stream<DynamicTest> shouldRunTheJavaOfEveryPage() throws IOException {
        List<Path> pages;
        try (Stream<Path> files = Files.list(DOCS)) {
            pages = files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
        return pages.stream()
                .map(page -> DynamicTest.dynamicTest(page.getFileName().toString(), () -> {
                    String text = Files.readString(page);
                    assertTrue(
                            text.lines().noneMatch(line -> line.matches("<{7} .*|={7}|>{7} .*")), "marks of a merge");
                    new GuidePage(text).run(classes, scratch);
                    assertEquals(List.of(), leftInSharedMemory(), "left in shared memory by " + page);
                }));
    }

    @Test
    void shouldFailForWrongOutputAndForCodeThatDoesNotCompile() throws IOException {
        String page = """
            <!-- names: colour -->
            ```java
            System.out.println("colour".length() > 6);
            ```

            ```text
            %s
            ```
            """;

        new GuidePage(page.formatted("true")).run(classes, scratch);
        assertThrows(AssertionError.class, () -> new GuidePage(page.formatted("false")).run(classes, scratch));
        assertThrows(AssertionError.class, () -> new GuidePage("```java\nint i = \"\";\n```\n").run(classes, scratch));
    }

    @Test
    void shouldImportEveryPackageOfTheModule() throws IOException {
        assertTrue(GuidePage.imports().contains("import org.shmrt.memory.*;"));
    }

    private List<String> leftInSharedMemory() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains(scratch.prefix()))
                    .toList();
        }
    }
}

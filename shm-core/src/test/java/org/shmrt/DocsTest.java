package org.shmrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The Java blocks of each guide in docs compile and run as they stand, one after the other. A page names the objects it
 * makes in a comment, {@code <!-- names: frames settings -->}; each gets a name of its own here, and has to be gone
 * when the last block has run.
 */
class DocsTest {
    private static final Path DOCS = Path.of("docs");
    private static final Pattern JAVA = Pattern.compile("^```java\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern NAMES = Pattern.compile("<!-- names: (.*?) -->");
    private static final String IMPORTS = """
            import java.lang.foreign.*;
            import java.nio.file.Path;
            import java.util.*;
            import org.shmrt.block.*;
            import org.shmrt.error.*;
            import org.shmrt.memory.*;
            import org.shmrt.stream.*;
            """;

    @TempDir
    private Path directory;

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(DOCS)) {
            List<Path> pages = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".md") && JAVA.matcher(Files.readString(file)).find()) {
                    pages.add(file);
                }
            }
            return pages.stream();
        }
    }

    private static List<String> snippets(String page, String suffix) {
        Matcher names = NAMES.matcher(page);
        String pattern = names.find() ? "\\b(" + names.group(1).trim().replaceAll("\\s+", "|") + ")\\b" : "(?!)";
        List<String> snippets = new ArrayList<>();
        for (Matcher blocks = JAVA.matcher(page); blocks.find();) {
            snippets.add(blocks.group(1).replaceAll(pattern, "$1" + suffix));
        }
        return snippets;
    }

    private static List<Path> left(String suffix) throws IOException {
        List<Path> left = new ArrayList<>();
        for (String place : new String[] {"/dev/shm", System.getProperty("java.io.tmpdir")}) {
            try (Stream<Path> files = Files.list(Path.of(place))) {
                files.filter(file -> file.toString().contains(suffix)).forEach(left::add);
            }
        }
        return left;
    }

    @ParameterizedTest
    @MethodSource("pages")
    @Timeout(60)
    void shouldRunTheSnippetsOfAPage(Path page) throws Exception {
        String suffix = "_" + UUID.randomUUID().toString().replace("-", "");
        List<String> snippets = snippets(Files.readString(page), suffix);
        StringBuilder program = new StringBuilder(IMPORTS).append("public class Page {\n");
        for (int i = 0; i < snippets.size(); i++) {
            program.append("public static void snippet").append(i).append("() throws Exception {\n")
                    .append(snippets.get(i)).append("}\n");
        }
        Path source = Files.writeString(directory.resolve("Page.java"), program.append("}\n"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();

        assertEquals(0, compiler.run(null, messages, messages, "-cp", System.getProperty("java.class.path"), "-d",
                directory.toString(), source.toString()), () -> messages.toString(StandardCharsets.UTF_8));
        try (URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
            for (int i = 0; i < snippets.size(); i++) {
                loader.loadClass("Page").getMethod("snippet" + i).invoke(null);
            }
        } catch (InvocationTargetException e) {
            throw new AssertionError("a snippet of " + page + " failed: " + e.getCause(), e.getCause());
        }
        assertTrue(left(suffix).isEmpty(), () -> page + " leaves something in /dev/shm or the temporary directory");
    }
}

package org.shmrt.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/**
 * Runs the Java code of a documentation page. Each {@code ```java} block is the body of a method; the methods run in
 * order. A {@code ```text} block directly after one is its expected output. All packages of the module are imported.
 * Names that the page lists in a comment {@code <!-- names: temps flat -->} are replaced by unique names, and {@code
 * /tmp/} is replaced by the test's directory.
 *
 * @param markdown the page
 */
public record GuidePage(String markdown) {
    private static final Pattern BLOCK = Pattern.compile(
            "^```java\\n(.*?)^```\\n(?:\\s*^```text\\n(.*?)^```\\n)?", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern NAMES = Pattern.compile("<!-- names: (.*?) -->");
    private static final Pattern EXPORTED = Pattern.compile("exports (\\S+);");

    /** The import declarations for the blocks. */
    public static String imports() throws IOException {
        StringBuilder imports = new StringBuilder("""
            import java.lang.foreign.*;
            import java.nio.*;
            import java.nio.file.*;
            import java.util.*;
            """);
        Matcher exported = EXPORTED.matcher(Files.readString(Path.of("src/main/java/module-info.java")));
        while (exported.find()) {
            imports.append("import ").append(exported.group(1)).append(".*;\n");
        }
        return imports.toString();
    }

    /**
     * Compiles and runs the blocks, and asserts that each compiles, completes normally and prints the expected output.
     */
    public void run(Path classes, Scratch scratch) throws IOException {
        StringBuilder source = new StringBuilder(imports()).append("public class GuideProgram {\n");
        List<String> outputs = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(markdown);
        while (blocks.find()) {
            source.append("public static void block")
                    .append(outputs.size())
                    .append("() throws Exception {\n")
                    .append(unique(blocks.group(1), scratch))
                    .append("}\n");
            outputs.add(blocks.group(2) == null ? null : unique(blocks.group(2), scratch));
        }
        if (outputs.isEmpty()) {
            return;
        }
        Path file = Files.writeString(classes.resolve("GuideProgram.java"), source.append("}\n"));
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        messages,
                        messages,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        file.toString());
        assertEquals(0, status, messages.toString(StandardCharsets.UTF_8));
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            Class<?> program = loader.loadClass("GuideProgram");
            for (int i = 0; i < outputs.size(); i++) {
                String printed = printed(program, "block" + i);
                if (outputs.get(i) != null) {
                    assertEquals(outputs.get(i), printed, "output of java block " + (i + 1) + " of the page");
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private String unique(String text, Scratch scratch) {
        String result = text.replace("/tmp/", scratch.directory() + "/");
        Matcher names = NAMES.matcher(markdown);
        while (names.find()) {
            for (String name : names.group(1).split("\\s+")) {
                result = result.replaceAll(
                        "\\b" + Pattern.quote(name) + "\\b", Matcher.quoteReplacement(scratch.prefix() + name));
            }
        }
        return result;
    }

    private static String printed(Class<?> program, String method) throws ReflectiveOperationException {
        PrintStream standard = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program.getMethod(method).invoke(null);
        } catch (InvocationTargetException e) {
            throw new AssertionError(method + " of the page failed: " + e.getCause(), e.getCause());
        } finally {
            System.setOut(standard);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}

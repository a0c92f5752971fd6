package org.shmrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.stream.ImageStream;

/** The code of the README compiles and runs unchanged. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..");

    private static final String FRAME = """
        import java.lang.foreign.*;
        import java.nio.file.*;
        import java.util.concurrent.atomic.*;
        import org.shmrt.memory.*;
        import org.shmrt.stream.*;
        import org.shmrt.stream.format.*;

        public class ReadmeProgram {
            interface Camera { void grabInto(MemorySegment frame) throws Exception; }
            static final AtomicInteger sum = new AtomicInteger();
            static Thread reader;
            static final Camera camera = frame -> {
                reader = new Thread(ReadmeProgram::read);
                reader.start();
                while (!isWaiting(reader)) {
                    Thread.sleep(10);
                }
                frame.set(ValueLayout.JAVA_SHORT, 0, (short) 7);
            };
            static boolean isWaiting(Thread thread) {
                for (StackTraceElement call : thread.getStackTrace()) {
                    if (call.getMethodName().equals("awaitNext")) {
                        return true;
                    }
                }
                return false;
            }
            static void process(MemorySegment frame) {
                sum.addAndGet(frame.get(ValueLayout.JAVA_SHORT, 0));
            }
            static void write() throws Exception {
                %s
            }
            static void read() {
                %s
            }
            public static int run() throws Exception {
                write();
                reader.join();
                return sum.get();
            }
        }
        """;

    @TempDir
    private Path directory;

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }

    @Test
    @Timeout(600)
    void shouldRunTheFirstWriterAndReader() throws Exception {
        Matcher blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme());
        List<String> java = new ArrayList<>();
        while (blocks.find()) {
            java.add(blocks.group(1));
        }
        Path stream = directory.resolve("readme-" + UUID.randomUUID() + ".im.shm");
        Path source = directory.resolve("ReadmeProgram.java");
        Files.writeString(
                source, FRAME.formatted(java.get(0), java.get(1)).replace("/tmp/cam.im.shm", stream.toString()));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

        assertEquals(
                0,
                compiler.run(
                        null,
                        null,
                        null,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        directory.toString(),
                        source.toString()));
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
            Method run = loader.loadClass("ReadmeProgram").getMethod("run");
            assertEquals(7, run.invoke(null));
        } finally {
            ImageStream.remove(stream);
        }
    }

    @Test
    void shouldLinkOnlyToFilesThatExist() throws IOException {
        List<Path> pages =
                new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("native-headers/README.md")));
        try (var docs = Files.list(ROOT.resolve("shm-core/docs"))) {
            docs.filter(path -> path.toString().endsWith(".md")).forEach(pages::add);
        }
        for (Path page : pages) {
            Matcher links = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)").matcher(Files.readString(page));
            while (links.find()) {
                String link = links.group(1);
                assertTrue(
                        link.startsWith("https://") || Files.exists(page.resolveSibling(link)),
                        page + " links to " + link);
            }
        }
    }
}

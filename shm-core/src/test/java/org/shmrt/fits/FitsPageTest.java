package org.shmrt.fits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.memory.Shape;

/** What docs/fits.md shows compiles and runs as it stands. */
class FitsPageTest {
    private static final String FRAME = """
            import java.lang.foreign.*;
            import java.nio.file.*;
            import java.util.*;
            import org.shmrt.fits.*;
            import org.shmrt.memory.*;

            public class FitsProgram {
                public static void run(Path directory) {
                    Arena arena = Arena.ofAuto();
                    MemorySegment pixels = arena.allocate(480 * 640 * 2);
                    %s
                }
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void shouldRunTheExample() throws Exception {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/fits.md")));
        assertTrue(block.find());
        Path source = directory.resolve("FitsProgram.java");
        Files.writeString(source, FRAME.formatted(block.group(1)));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

        assertEquals(0, compiler.run(null, null, null, "-cp", System.getProperty("java.class.path"), "-d",
                directory.toString(), source.toString()));
        try (URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
            Method run = loader.loadClass("FitsProgram").getMethod("run", Path.class);
            run.invoke(null, directory);
        }

        FitsHeader header = FitsFile.header(directory.resolve("flat.fits"));
        assertEquals(Shape.of(480, 640), header.shape());
        assertEquals("loop gain", header.cards().get(0).name());
    }
}

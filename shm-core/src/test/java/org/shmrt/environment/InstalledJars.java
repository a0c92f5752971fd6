package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** ShmRT and its libraries as jars that every user may read, for the tests of one class. */
final class InstalledJars implements BeforeAllCallback, AfterAllCallback {
    private Path directory;
    private String classPath;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("shmrt-jars-");
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
        classPath = String.join(File.pathSeparator, path);
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

    /** The class path of a program that uses ShmRT. */
    String classPath() {
        return classPath;
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

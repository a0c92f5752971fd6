package org.shmrt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.shmrt.error.ShmException;

/**
 * The public types of the exported packages. A type that is added, removed or moved must be named in
 * {@code public-api.txt} in the same change, and in the changelog if users have to do something about it.
 */
class PublicApiTest {
    /** The descriptor of the library, not that of another module on the class path. */
    static InputStream moduleDescriptor() throws IOException {
        return URI.create(location()).resolve("module-info.class").toURL().openStream();
    }

    private static String location() {
        return ShmException.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString();
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(name, false, PublicApiTest.class.getClassLoader());
    }

    @Test
    void shouldHaveThePublicTypesThatAreListedAndNoOthers() throws IOException, ClassNotFoundException {
        Set<String> exported;
        try (InputStream in = moduleDescriptor()) {
            exported = ModuleDescriptor.read(in).exports().stream()
                    .filter(exports -> !exports.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet());
        }
        Set<String> found = new TreeSet<>();
        Path classes = Path.of(URI.create(location()));
        for (String exportedPackage : exported) {
            try (Stream<Path> files = Files.list(classes.resolve(exportedPackage.replace('.', '/')))) {
                for (String file :
                        files.map(path -> path.getFileName().toString()).toList()) {
                    String name = exportedPackage + "." + file.replace(".class", "");
                    if (file.matches("[A-Z][^$]*\\.class")
                            && Modifier.isPublic(type(name).getModifiers())) {
                        found.add(name);
                    }
                }
            }
        }
        Set<String> listed = new TreeSet<>();
        try (InputStream in = PublicApiTest.class.getResourceAsStream("public-api.txt")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(listed::add);
        }

        assertEquals(String.join("\n", listed), String.join("\n", found));
    }
}

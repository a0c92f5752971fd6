package org.shmrt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.shmrt.error.ShmException;

/**
 * The public types of the exported packages. A type that is added, removed or moved must be named in
 * {@code public-api.txt} in the same change, and in the changelog if users have to do something about it.
 */
class PublicApiTest {
    /** The descriptor of the library, not that of another module on the class path. */
    static InputStream moduleDescriptor() throws IOException {
        URI classes = URI.create(ShmException.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString());
        return classes.resolve("module-info.class").toURL().openStream();
    }

    @Test
    void shouldHaveThePublicTypesThatAreListedAndNoOthers() throws IOException {
        Set<String> exported;
        try (InputStream in = moduleDescriptor()) {
            exported = ModuleDescriptor.read(in).exports().stream()
                    .filter(exports -> !exports.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet());
        }
        Set<String> found = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_PACKAGE_INFOS)
                .importPackages("org.shmrt")) {
            boolean topLevel = type.getEnclosingClass().isEmpty();
            if (topLevel
                    && type.getModifiers().contains(JavaModifier.PUBLIC)
                    && exported.contains(type.getPackageName())) {
                found.add(type.getName());
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

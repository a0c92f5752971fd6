package org.shmrt;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between the packages, read from the compiled classes. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_PACKAGE_INFOS)
            .importPackages("org.shmrt")
            .that(not(resideInAPackage("org.shmrt.bindings..")));

    private static final String JAVA = "java..";

    /** A package may import these of ShmRT and nothing else of it. */
    private static void assertMayImport(String importer, String... imported) {
        String[] allowed =
                Stream.concat(Stream.of(importer), Stream.of(imported)).toArray(String[]::new);
        ArchRule rule = noClasses()
                .that()
                .resideInAPackage(importer)
                .should()
                .dependOnClassesThat(resideInAPackage("org.shmrt..").and(not(resideInAnyPackage(allowed))))
                .allowEmptyShould(true);

        rule.check(CLASSES);
    }

    @Test
    void shouldSeeTheClassesOfTheLibrary() {
        assertTrue(CLASSES.contain("org.shmrt.stream.ImageStream"));
        assertTrue(CLASSES.contain("org.shmrt.posix.PosixFile"));
    }

    @Test
    void shouldLetErrorsImportNothing() {
        assertMayImport("org.shmrt.error");
        noClasses()
                .that()
                .resideInAPackage("org.shmrt.error")
                .should()
                .dependOnClassesThat(not(resideInAnyPackage(JAVA, "org.shmrt.error")))
                .check(CLASSES);
    }

    @Test
    void shouldLetPosixImportTheBindingsFileNamesAndErrorsOnly() {
        assertMayImport("org.shmrt.posix", "org.shmrt.bindings.posix", "org.shmrt.files", "org.shmrt.error");
    }

    @Test
    void shouldLetMemoryImportPosixAndErrorsOnly() {
        assertMayImport("org.shmrt.memory", "org.shmrt.posix", "org.shmrt.error");
    }

    @Test
    void shouldLetBlocksImportNoStreamAndNoArray() {
        assertMayImport("org.shmrt.block", "org.shmrt.memory", "org.shmrt.posix", "org.shmrt.error");
    }

    @Test
    void shouldLetArraysImportNoStreamAndNoBlock() {
        assertMayImport("org.shmrt.array", "org.shmrt.memory", "org.shmrt.posix", "org.shmrt.error");
    }

    @Test
    void shouldLetStreamImportNoFormatAndNoBindings() {
        assertMayImport("org.shmrt.stream.layout", "org.shmrt.memory", "org.shmrt.posix", "org.shmrt.error");
        assertMayImport(
                "org.shmrt.stream",
                "org.shmrt.stream.layout",
                "org.shmrt.memory",
                "org.shmrt.posix",
                "org.shmrt.error");
    }

    @Test
    void shouldLetFormatsImportTheStreamTheyAreOf() {
        assertMayImport(
                "org.shmrt.stream.dao",
                "org.shmrt.stream",
                "org.shmrt.stream.layout",
                "org.shmrt.memory",
                "org.shmrt.error");
        assertMayImport(
                "org.shmrt.stream.milk",
                "org.shmrt.stream",
                "org.shmrt.stream.layout",
                "org.shmrt.memory",
                "org.shmrt.posix",
                "org.shmrt.error");
    }

    @Test
    void shouldReachFormatsThroughTheServiceOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.shmrt.stream.dao", "org.shmrt.stream.milk")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.shmrt.stream.dao", "org.shmrt.stream.milk")
                .check(CLASSES);
    }

    @Test
    void shouldLetImageFilesImportMemoryAndErrorsOnly() {
        assertMayImport("org.shmrt.files", "org.shmrt.error");
        assertMayImport("org.shmrt.image", "org.shmrt.memory", "org.shmrt.files", "org.shmrt.error");
    }

    @Test
    void shouldLetFitsImportMemoryAndFilesOnly() {
        assertMayImport("org.shmrt.fits", "org.shmrt.image", "org.shmrt.memory", "org.shmrt.files", "org.shmrt.error");
    }

    @Test
    void shouldReachFitsThroughTheServiceOnly() {
        noClasses()
                .that()
                .resideInAnyPackage("org.shmrt.image", "org.shmrt.stream..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.shmrt.fits")
                .check(CLASSES);
    }

    @Test
    void shouldLetCacaoImportStreamsAndFitsButNoFormat() {
        assertMayImport(
                "org.shmrt.cacao",
                "org.shmrt.stream",
                "org.shmrt.stream.layout",
                "org.shmrt.fits",
                "org.shmrt.memory",
                "org.shmrt.files",
                "org.shmrt.posix",
                "org.shmrt.error");
        noClasses()
                .that()
                .resideOutsideOfPackages("org.shmrt.cacao", "org.shmrt.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.shmrt.cacao")
                .check(CLASSES);
    }

    @Test
    void shouldNeedTheLibraryForTilesInTheirCodecOnly() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("org.shmrt.fits.tile.LibraryCodec")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("nom.tam..")
                .check(CLASSES);
    }

    @Test
    void shouldPutTheCommandLineOnTop() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.shmrt.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.shmrt.cli..")
                .check(CLASSES);
    }

    @Test
    void shouldCallNativeFunctionsInPosixOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.shmrt.posix")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.shmrt.bindings.posix")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("org.shmrt.posix")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(CLASSES);
    }

    @Test
    void shouldNeedTheCommandLinesLibrariesInTheCommandLineOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.shmrt.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "com.google.gson..", "org.HdrHistogram..")
                .check(CLASSES);
    }

    @Test
    void shouldHaveNoCycles() {
        slices().matching("org.shmrt.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void shouldThrowShmExceptionsOnly() {
        classes()
                .that()
                .areAssignableTo(Throwable.class)
                .should()
                .beAssignableTo("org.shmrt.error.ShmException")
                .check(CLASSES);
    }

    @Test
    void shouldSayInEachPackageWhatLivesThere() throws IOException {
        Path sources = Path.of(System.getProperty("basedir", "."), "src", "main", "java");
        List<Path> silent;
        try (Stream<Path> tree = Files.walk(sources)) {
            silent = tree.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .filter(directory -> !directory.equals(sources))
                    .filter(directory -> !Files.exists(directory.resolve("package-info.java")))
                    .toList();
        }

        assertEquals(List.of(), silent);
    }
}

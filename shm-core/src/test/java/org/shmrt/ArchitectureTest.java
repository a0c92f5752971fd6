package org.shmrt;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The packages of the library, and the arrows between them, read from the compiled classes. */
class ArchitectureTest {
    private static final String ROOT = "org.shmrt.";

    /**
     * Each package with all that it may use, from the top to the bottom. An arrow that is not in this table is an
     * error, and so is one in the table that nobody uses. A package in brackets is hidden: the module does not export
     * it. Every package may also use {@code error}.
     */
    private static final String ARROWS = """
        (cli)                  -> cli.camera cli.record cli.latency cli.metrics cli.list cli.loop cli.doctor cli.fits cli.monitor cli.show cli.stream cli.array cli.block cli.guide cli.verb demo text cli.view cli.top cli.relay
        (cli.guide)            -> cli.verb
        (cli.list)             -> cli.report cli.verb stream.inspect stream.format array block memory posix text
        (cli.view)             -> cli.loop cli.report cli.verb web web.frame telemetry stream.inspect text
        (cli.top)              -> cli.loop cli.monitor cli.report cli.verb monitor screen telemetry stream stream.inspect array block text
        (cli.loop)             -> cli.verb telemetry text
        (cli.relay)            -> cli.verb relay.service relay.link relay.status relay stream.inspect memory text
        (cli.doctor)           -> cli.verb doctor.object doctor stream.inspect text
        (cli.fits)             -> cli.frame cli.verb cacao stream fits.provider fits fits.card memory text
        (cli.monitor)          -> cli.verb screen stream stream.inspect text
        (cli.camera)           -> cli.verb camera stream stream.inspect stream.format memory text
        (cli.latency)          -> cli.verb telemetry stream stream.inspect stream.format image.plot text
        (cli.metrics)          -> cli.verb telemetry stream.inspect
        (cli.record)           -> cli.verb record.service record stream.inspect memory text
        (cli.show)             -> cli.frame cli.picture cli.verb stream stream.inspect stream.format image.colour image.picture image.pixel image.terminal memory text
        (cli.stream)           -> cli.frame cli.picture cli.report cli.verb stream.convert stream stream.inspect stream.keyword stream.format image image.input image.pixel memory posix text
        (cli.array)            -> cli.picture cli.report cli.verb image image.pixel array memory text
        (cli.block)            -> cli.report cli.verb stream.inspect image block memory posix text
        (cli.frame)            -> cli.verb stream stream.inspect stream.format memory posix text
        (cli.picture)          -> cli.frame cli.verb camera stream stream.inspect stream.keyword stream.format image image.colour image.picture image.pixel memory
        (cli.report)           -> cli.verb stream.inspect stream.keyword stream.format array block memory text
        (cli.verb)             -> stream.inspect image array memory posix text
        (web)                  -> web.frame stream.format image image.colour memory posix text
        (web.frame)            -> stream stream.inspect stream.format memory posix text
        (relay.service)        -> relay.dao relay.wire relay.link relay.status relay stream stream.inspect posix text
        (relay.dao)            -> relay.wire relay.link relay stream.keyword stream.format.dao memory text
        (relay.aeron)          -> relay.link posix text
        (relay.wire)           -> relay.link relay.status relay stream.keyword memory posix
        (relay.link)           -> posix
        (relay)                -> relay.status stream stream.engine stream.inspect stream.keyword stream.format memory posix text
        (relay.status)         -> posix text
        (monitor)              -> array block telemetry stream.inspect stream.engine stream.format posix text memory
        (screen)               ->
        (demo)                 -> demo.optics camera.sim process runtime telemetry math doctor jvm stream stream.inspect stream.format image image.plot memory posix.thread posix text
        (demo.optics)          -> camera.sim math
        (process)              ->
        (camera.sim)           -> camera memory stream.format
        (camera.packet)        -> camera stream stream.format memory posix text
        (camera.program)       -> camera camera.file image.input stream.format memory
        (camera.aravis)        -> camera memory stream posix
        (camera.file)          -> camera image image.input files memory posix text
        record.service         -> record posix text
        record                 -> record.chunk cacao camera stream stream.engine stream.inspect stream.keyword stream.format fits.card memory posix.thread posix text
        (record.chunk)         -> fits.tile fits.pixel fits.header fits.card files memory posix text
        camera                 -> stream stream.engine stream.keyword stream.format memory posix text
        runtime                -> telemetry.milk telemetry doctor stream stream.engine stream.format jvm posix.thread posix text
        telemetry              -> stream stream.format posix text
        (doctor.object)        -> doctor stream stream.inspect stream.engine stream.format array block posix text
        (doctor)               -> posix.thread posix text
        cacao                  -> stream stream.inspect stream.keyword stream.format fits fits.card files memory posix text
        stream.convert         -> stream stream.inspect stream.keyword.table stream.keyword stream.engine stream.format memory posix text
        stream                 -> stream.inspect stream.keyword.table stream.keyword stream.engine stream.format memory posix text
        stream.inspect         -> stream.keyword.table stream.keyword stream.engine stream.format posix text
        (stream.keyword.table) -> stream.keyword stream.engine stream.format posix text
        stream.keyword         ->
        (stream.engine)        -> stream.format posix text
        (stream.format.dao)    -> stream.format memory text
        (stream.format.milk)   -> stream.format memory posix text
        stream.format          -> memory posix
        (fits.provider)        -> fits image memory
        fits                   -> fits.tile fits.pixel fits.header fits.card image.pixel files memory posix text
        (fits.tile)            -> fits.pixel fits.header fits.card files memory
        (fits.pixel)           -> fits.header fits.card memory posix
        (fits.header)          -> fits.card files posix text
        fits.card              -> memory
        image                  -> image.plot image.pixel files memory posix text
        (image.input)          -> memory
        (image.picture)        -> image.colour image.plot image.pixel memory
        (image.terminal)       -> image.plot image.pixel memory
        (image.colour)         -> image.pixel memory
        (image.plot)           -> files text
        (image.pixel)          -> memory
        (telemetry.milk)       -> posix text
        array                  -> memory posix text
        block                  -> memory posix text
        (files)                -> posix text
        math                   -> math.kernel jvm
        (math.kernel)          ->
        (jvm)                  ->
        memory                 ->
        (posix.thread)         -> posix text
        (posix)                -> text
        error                  -> text
        (text)                 ->
        """;

    /** Their bulk copies are between memory of this process, or of a new file that has no name yet. */
    private static final Set<String> COPIES_PRIVATE_MEMORY = Set.of(
            "ArrayMetadata",
            "DaoFormat",
            "DaoLayouts",
            "FrameRing",
            "ImageStream",
            "KeywordEdit",
            "KeywordRecord",
            "KeywordRecords",
            "LatencyHistogram",
            "MilkFormat");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_PACKAGE_INFOS)
            .importPackages("org.shmrt")
            .that(not(resideInAPackage("org.shmrt.bindings..")));

    private static final Map<String, Set<String>> ALLOWED = new TreeMap<>();
    private static final Set<String> HIDDEN = new TreeSet<>();

    static {
        ARROWS.lines().forEach(line -> {
            String[] sides = line.split("->", 2);
            String name = sides[0].strip();
            if (name.startsWith("(")) {
                name = name.substring(1, name.length() - 1);
                HIDDEN.add(name);
            }
            ALLOWED.put(
                    name,
                    Arrays.stream(sides[1].strip().split(" +"))
                            .filter(to -> !to.isEmpty())
                            .collect(Collectors.toCollection(TreeSet::new)));
        });
    }

    private static String room(JavaClass of) {
        return of.getPackageName().substring(ROOT.length());
    }

    /** What each package uses, except {@code error}. */
    private static Map<String, Set<String>> arrows() {
        Map<String, Set<String>> found = new TreeMap<>();
        for (JavaClass from : CLASSES) {
            Set<String> used = found.computeIfAbsent(room(from), key -> new TreeSet<>());
            for (Dependency arrow : from.getDirectDependenciesFromSelf()) {
                JavaClass to = arrow.getTargetClass().getBaseComponentType();
                if (to.getPackageName().startsWith(ROOT)
                        && !room(to).equals(room(from))
                        && !room(to).equals("error")
                        && !room(to).startsWith("bindings")) {
                    used.add(room(to));
                }
            }
        }
        return found;
    }

    @Test
    void shouldHaveTheArrowsOfTheTableAndNoOthers() {
        Map<String, Set<String>> found = arrows();

        assertTrue(found.containsKey("stream") && found.containsKey("posix"), "no classes found");
        assertEquals(lines(ALLOWED), lines(found));
    }

    @Test
    void shouldStateInEachPackageWhatItMayImport() throws IOException {
        for (Map.Entry<String, Set<String>> entry : ALLOWED.entrySet()) {
            String name = entry.getKey();
            Path file = Path.of("src/main/java/org/shmrt", name.replace('.', '/'), "package-info.java");
            String text = Files.readString(file);
            String statement = "// May import: ";
            int from = text.indexOf(statement);
            assertTrue(from > 0, file + " does not state it");
            assertTrue(from > text.indexOf("\npackage "), file + " states it in the javadoc, which is for users");
            String stated = text.substring(from + statement.length()).replace("//", " ");
            Set<String> packages = Arrays.stream(stated.strip().split("[\\s,.]*[\\s,]+|\\.$"))
                    .filter(word -> !word.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));

            Set<String> expected = new TreeSet<>(entry.getValue());
            if (!Set.of("error", "text").contains(name)) {
                expected.add("error");
            }
            assertEquals(expected.isEmpty() ? Set.of("nothing", "of", "ShmRT") : expected, packages, name);
        }
    }

    /** One line for each package, so that a difference can be read. */
    private static String lines(Map<String, Set<String>> arrows) {
        return arrows.entrySet().stream()
                .map(entry -> entry.getKey() + " -> " + String.join(" ", entry.getValue()))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void shouldHaveNoCycles() {
        slices().matching("org.shmrt.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /**
     * On aarch64 a bulk copy from or to a file that another process truncates would crash the JVM. In these packages nearly
     * all memory is mapped.
     */
    @Test
    void shouldCopyMappedMemoryByGuardedCopies() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "org.shmrt.stream..",
                        "org.shmrt.array",
                        "org.shmrt.block",
                        "org.shmrt.telemetry..",
                        "org.shmrt.relay..",
                        "org.shmrt.monitor",
                        "org.shmrt.record",
                        "org.shmrt.record.service",
                        "org.shmrt.camera")
                .and(DescribedPredicate.describe(
                        "copy mapped memory", from -> !COPIES_PRIVATE_MEMORY.contains(from.getSimpleName())))
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "it is a bulk copy or comparison",
                        (JavaMethodCall call) -> call.getTargetOwner().isEquivalentTo(MemorySegment.class)
                                && Set.of("copy", "copyFrom", "toArray", "mismatch")
                                        .contains(call.getName())))
                .check(CLASSES);
    }

    @Test
    void shouldExportThePackagesThatAreNotHidden() throws IOException {
        Set<String> exported = new TreeSet<>();
        try (InputStream in = PublicApiTest.moduleDescriptor()) {
            for (ModuleDescriptor.Exports exports : ModuleDescriptor.read(in).exports()) {
                if (!exports.isQualified()) {
                    exported.add(exports.source().substring(ROOT.length()));
                }
            }
        }
        Set<String> visible = new TreeSet<>(ALLOWED.keySet());
        visible.removeAll(HIDDEN);

        assertEquals(visible, exported);
    }

    @Test
    void shouldKeepPackagesSmallEnoughToKnow() throws IOException {
        for (Map.Entry<Path, List<Path>> files : sources().entrySet()) {
            int most = files.getKey().endsWith(Path.of("org", "shmrt", "stream")) ? 25 : 30;
            assertTrue(
                    files.getValue().size() <= most,
                    files.getKey() + " has " + files.getValue().size() + " files");
        }
    }

    @Test
    void shouldSayInEachPackageWhatLivesThere() throws IOException {
        List<Path> silent = sources().entrySet().stream()
                .filter(files -> files.getValue().stream().noneMatch(file -> file.endsWith("package-info.java")))
                .map(Map.Entry::getKey)
                .toList();

        assertEquals(List.of(), silent);
    }

    private static Map<Path, List<Path>> sources() throws IOException {
        Path sources = Path.of(System.getProperty("basedir", "."), "src", "main", "java", "org");
        try (Stream<Path> tree = Files.walk(sources)) {
            return tree.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.groupingBy(Path::getParent, TreeMap::new, Collectors.toList()));
        }
    }

    @Test
    void shouldCallNativeFunctionsInPosixAravisAndOpenBlasOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.shmrt.posix..", "org.shmrt.camera.aravis")
                .and()
                .doNotHaveFullyQualifiedName("org.shmrt.math.kernel.OpenBlas")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.shmrt.bindings..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(CLASSES);
    }

    @Test
    void shouldNeedOptionalLibrariesInTheirAdaptersOnly() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("org.shmrt.fits.tile.LibraryCodec")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("nom.tam..")
                .check(CLASSES);
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("org.shmrt.screen.TerminalDevice")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.jline..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages("org.shmrt.cli..", "org.shmrt.demo..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "org.HdrHistogram..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages("org.shmrt.cli..", "org.shmrt.web")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.gson..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("org.shmrt.web")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.jetty..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("org.shmrt.relay.aeron")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.aeron..")
                .check(CLASSES);
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
}

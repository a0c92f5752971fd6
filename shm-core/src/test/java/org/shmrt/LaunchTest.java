package org.shmrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.IdleStrategy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.array.SharedArray;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileId;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ArrayViewChild;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.MapChild;
import org.shmrt.testing.ModuleChild;
import org.shmrt.testing.Scratch;
import org.shmrt.testing.StreamChild;
import org.shmrt.testing.VectorChild;

/** The ways to start programs with ShmRT: on the module path, on the class path, with and without flags. */
@Timeout(600)
@Tag("slow")
class LaunchTest {
    private static final List<String> NO_FLAGS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private static String home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String modulePath() throws ClassNotFoundException {
        return String.join(File.pathSeparator, home(ImageStream.class), bindings(), home(IdleStrategy.class));
    }

    private static String bindings() throws ClassNotFoundException {
        return home(Class.forName("org.shmrt.bindings.posix.Posix", false, LaunchTest.class.getClassLoader()));
    }

    /** The command that runs a class of the class path with ShmRT on the module path. */
    private static List<String> asModule(List<String> options, Class<?> main, String... arguments)
            throws ClassNotFoundException {
        List<String> command = new ArrayList<>();
        command.add(ChildJvm.java());
        command.addAll(NO_FLAGS);
        command.addAll(List.of("--module-path", modulePath()));
        command.addAll(options);
        command.addAll(List.of("-cp", home(main), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    @Test
    void shouldRunAsAModuleWithNativeAccessForItsTwoModulesOnly() throws ClassNotFoundException {
        List<String> command = asModule(
                List.of(
                        "--add-modules",
                        "org.shmrt.core",
                        "--enable-native-access=org.shmrt.core,org.shmrt.bindings",
                        "--illegal-native-access=deny"),
                ModuleChild.class,
                scratch.stream("module").toString());
        try (ChildProcess child = ChildProcess.start(command)) {
            assertEquals(List.of("org.shmrt.core FRESH"), child.finish());
            assertEquals("", child.errors());
        }
        assertEquals(List.of(), scratch.files());
    }

    @Test
    void shouldUseTheVectorApiAsAModule() throws ClassNotFoundException {
        List<String> command =
                asModule(List.of("--add-modules", "org.shmrt.core,jdk.incubator.vector"), VectorChild.class);
        try (ChildProcess child = ChildProcess.start(command)) {
            assertEquals(List.of("org.shmrt.core 11.0"), child.finish());
        }
    }

    @Test
    void shouldExplainTheFlagWhereNativeAccessIsDenied() throws ClassNotFoundException {
        List<String> flags = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--illegal-native-access=deny");
        try (ChildProcess child = ChildProcess.start(ChildJvm.command(
                flags, StreamChild.class, "create", scratch.stream("denied").toString()))) {
            String said = String.join("\n", child.rest());

            assertEquals(1, child.exitCode(), child.errors());
            assertTrue(said.contains("--enable-native-access=ALL-UNNAMED"), said);
        }
    }

    private static StreamSpec spec(String format) {
        return StreamSpec.of(format, DataType.UINT8, Shape.of(2, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldReadWithoutFlagsAndWithoutWarnings(String format) {
        Path path = scratch.stream("viewed");
        try (ImageStream stream = ImageStream.create(path, spec(format));
                FrameWriter writer = stream.writer();
                ChildProcess child =
                        ChildProcess.start(ChildJvm.command(NO_FLAGS, StreamChild.class, "view", path.toString()))) {
            assertEquals("ready", child.line());

            writer.write(MemorySegment.ofArray(new byte[4]));

            assertEquals(List.of("FRESH 1 1 0"), child.finish());
            assertEquals("", child.errors());
        }
    }

    /** Everything that a viewer may request; exact times of milk's clock would need native access. */
    @ParameterizedTest
    @CsvSource({"dao,true", "dao,false", "milk,true", "milk,false"})
    void shouldReportAStreamWithoutFlagsAndWithoutWarnings(String format, boolean denied) {
        Path path = scratch.stream("looked");
        StreamSpec spec = spec(format);
        try (ImageStream stream = ImageStream.create(
                        path, format.equals("dao") ? spec.withDepth(3) : spec.withCircularBuffer(3));
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(new byte[4]));
            writer.write(MemorySegment.ofArray(new byte[4]));
            List<String> flags = denied ? List.of("--illegal-native-access=deny") : NO_FLAGS;
            try (ChildProcess child =
                    ChildProcess.start(ChildJvm.command(flags, StreamChild.class, "look", path.toString()))) {
                assertEquals(
                        List.of(format + " 2 findings 0 known age true history FRESH 2 semaphores 10"), child.finish());
                assertEquals("", child.errors());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldReadWhereNativeAccessIsDenied(String format) {
        Path path = scratch.stream("viewed");
        try (ImageStream stream = ImageStream.create(path, spec(format));
                ChildProcess child = ChildProcess.start(ChildJvm.command(
                        List.of("--illegal-native-access=deny"),
                        StreamChild.class,
                        "open",
                        path.toString(),
                        Access.READ_ONLY.name()))) {
            assertEquals(List.of(format + " " + stream.shape()), child.finish());
            assertEquals("", child.errors());
            assertEquals(path, stream.path());
            assertTrue(FileId.exists(path));
        }
    }

    @Test
    void shouldInspectAndDeleteArraysWhereNativeAccessIsDenied() {
        Path path = scratch.directory().resolve("array");
        try (SharedArray array = SharedArray.create("file://" + path, Shape.of(3))) {
            array.setDouble(1.5, 0);
            try (ChildProcess child = ChildProcess.start(
                    ChildJvm.command(List.of("--illegal-native-access=deny"), ArrayViewChild.class, array.name()))) {
                assertEquals(List.of("3 1.5 true"), child.finish());
                assertEquals("", child.errors());
            }
        }
        assertEquals(List.of(), scratch.files());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReportFailuresWithoutNativeAccessAndWithoutWarnings(boolean denied) throws IOException {
        Path missing = scratch.stream("missing");
        Path circle = scratch.stream("circle");
        Files.createSymbolicLink(circle, circle);
        Path longName = scratch.directory().resolve("x".repeat(300));
        Path below = Path.of("/dev/null/x");

        assertEquals("NotFoundException: there is no " + missing, failure(denied, missing));
        assertEquals(
                "ShmException: cannot look up " + circle + ": its links lead in a circle", failure(denied, circle));
        assertEquals(
                "ShmException: cannot look up " + longName + ": File name too long: choose a shorter name",
                failure(denied, longName));
        assertEquals("NotFoundException: there is no directory /dev/null for x", failure(denied, below));
    }

    private static String failure(boolean denied, Path path) {
        List<String> flags = denied ? List.of("--illegal-native-access=deny") : NO_FLAGS;
        List<String> command = new ArrayList<>(List.of("env", "LC_ALL=C.UTF-8"));
        command.addAll(ChildJvm.command(flags, MapChild.class, path.toString()));
        try (ChildProcess child = ChildProcess.start(command)) {
            String line = String.join("\n", child.finish());
            assertEquals("", child.errors());
            return line;
        }
    }

    /** The bindings are another module, and the functions that they call need access for it too. */
    @Test
    void shouldReportFailuresWhereOnlyTheModuleOfShmRtHasNativeAccess() throws Exception {
        Path circle = scratch.stream("circle");
        Files.createSymbolicLink(circle, circle);
        List<String> command = new ArrayList<>(List.of("env", "LC_ALL=C.UTF-8"));
        command.addAll(asModule(
                List.of(
                        "--add-modules",
                        "org.shmrt.core",
                        "--add-exports",
                        "org.shmrt.core/org.shmrt.posix=ALL-UNNAMED",
                        "--enable-native-access=org.shmrt.core",
                        "--illegal-native-access=deny"),
                MapChild.class,
                circle.toString()));
        try (ChildProcess child = ChildProcess.start(command)) {
            assertEquals(
                    List.of("ShmException: cannot look up " + circle + ": its links lead in a circle"), child.finish());
            assertEquals("", child.errors());
        }
    }
}

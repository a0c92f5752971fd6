package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Isolation;
import org.shmrt.testing.Scratch;

/** {@code shm doctor} as another user, and where processes are hidden. */
@Tag("slow")
@Timeout(600)
class DoctorRightsTest {
    @RegisterExtension
    static final InstalledJars JARS = new InstalledJars();

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private static List<String> prefix(String user) {
        return switch (user) {
            case "nobody" -> Isolation.AS_NOBODY;
            case "hidden" -> Isolation.HIDEPID;
            case "container" -> Isolation.PID_NAMESPACE;
            default -> List.of();
        };
    }

    private record Output(int status, String text) {
        List<JsonObject> findings() {
            return StreamSupport.stream(
                            JsonParser.parseString(text)
                                    .getAsJsonObject()
                                    .getAsJsonArray("findings")
                                    .spliterator(),
                            false)
                    .map(JsonElement::getAsJsonObject)
                    .toList();
        }

        List<String> ids() {
            return findings().stream()
                    .map(finding -> finding.get("id").getAsString())
                    .toList();
        }
    }

    /** Runs the verb; its standard error must stay empty. */
    private Output doctor(String user, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix(user));
        command.add(ChildJvm.java());
        command.addAll(ChildJvm.QUICK);
        command.addAll(List.of("-cp", JARS.classPath(), "org.shmrt.cli.Shm", "doctor"));
        command.addAll(List.of(arguments));
        File out = scratch.directory().resolve("out").toFile();
        File err = scratch.directory().resolve("err").toFile();
        Process process = new ProcessBuilder(command)
                .redirectOutput(out)
                .redirectError(err)
                .start();
        assertTrue(process.waitFor(200, TimeUnit.SECONDS));
        assertEquals("", Files.readString(err.toPath(), StandardCharsets.ISO_8859_1));
        return new Output(process.exitValue(), Files.readString(out.toPath(), StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"self", "nobody", "hidden", "container"})
    void shouldExamineTheMachineWithAnyRights(String user) throws Exception {
        if (!user.equals("self")) {
            Isolation.assumePermitted(prefix(user));
        }

        Output report = doctor(user, "--json", "--all", "--wake-up", "20ms");

        assertTrue(report.status() == 0 || report.status() == 1, report::toString);
        assertTrue(report.ids().size() >= 30, report::toString);
        assertTrue(report.ids().contains("rtprio-limit"), report::toString);
    }

    @Test
    void shouldReportWhatNobodyMayNotReadAndChangeNothing() throws Exception {
        Isolation.assumePermitted(Isolation.AS_NOBODY);
        Path path = scratch.stream("cam");
        ImageStream.create(path, StreamSpec.dao(DataType.UINT8, Shape.of(2, 2)).withPermissions(0600))
                .close();
        Path gone = scratch.stream("gone");
        ImageStream.create(gone, StreamSpec.dao(DataType.UINT8, Shape.of(2, 2))).close();
        Files.delete(gone);
        for (String name : scratch.semaphores()) {
            Files.setLastModifiedTime(
                    Semaphore.file(name), FileTime.fromMillis(System.currentTimeMillis() - 3_600_000));
        }
        assertTrue(scratch.directory().toFile().setExecutable(true, false));
        assertTrue(scratch.directory().toFile().setReadable(true, false));

        Output found = doctor("nobody", path.toString(), gone.toString(), "--json");
        Output fixed = doctor("nobody", gone.toString(), "--fix", "orphaned-semaphores");

        assertEquals(List.of("no-stream", "unreadable", "orphaned-semaphores"), found.ids());
        assertTrue(found.text().contains("of the processes that this user may see"), found::text);
        assertEquals(1, fixed.status());
        assertTrue(fixed.text().contains("permission denied"), fixed::text);
        assertFalse(scratch.semaphores().isEmpty());
        scratch.semaphores().stream()
                .filter(name -> name.startsWith(scratch.prefix() + "gone"))
                .forEach(Semaphore::unlink);
    }
}

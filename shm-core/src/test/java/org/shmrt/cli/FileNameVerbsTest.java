package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cacao.FitsLoader;
import org.shmrt.cacao.LoadReport;
import org.shmrt.cacao.LoadRequest;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;

/** Verbs on a stream whose file name is Latin-1 and not UTF-8. */
@Timeout(600)
class FileNameVerbsTest {
    private static final String STREAM = "DIR/caf\\xe9.im.shm";

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    @BeforeEach
    void create() throws IOException, InterruptedException {
        ImageStream.create(shm.stream(), StreamSpec.milk(DataType.UINT8, Shape.of(2, 3)))
                .close();
        bash("mv " + shm.stream() + " " + shm.directory() + "/$'caf\\xe9.im.shm'");
        Files.write(shm.file("f.raw"), new byte[6]);
    }

    private void bash(String line) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("bash", "-c", line).start().waitFor());
    }

    @Test
    void shouldListTheNameAndTakeItAgain() {
        assertTrue(shm.runLine("list DIR").succeeded().out().contains("caf\\xe9 "));
        assertEquals(
                shm.directory() + "/caf\\xe9.im.shm",
                shm.runLine("list DIR --json")
                        .jsonArray()
                        .get(0)
                        .getAsJsonObject()
                        .get("path")
                        .getAsString());
        assertTrue(shm.runLine("info " + STREAM).succeeded().out().contains("caf\\xe9.im.shm"));
        shm.runLine("write " + STREAM + " --in DIR/f.raw").succeeded();
        assertEquals(
                1, shm.runLine("read " + STREAM + " --json").json().get("cnt0").getAsInt());
        shm.runLine("read " + STREAM + " --out DIR/\\xff.npy").succeeded();
        shm.runLine("write " + STREAM + " --in DIR/\\xff.npy").succeeded();
        shm.runLine("rm " + STREAM).succeeded();
        assertEquals("", shm.runLine("list DIR").succeeded().out());
    }

    /** A name that exists, and one that does not. */
    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldCreateAStreamOfTheName(String format) {
        String created = "DIR/n\\xe9.im.shm";
        String path = shm.directory() + "/n\\xe9.im.shm";

        shm.runLine("create " + created + " --shape 2x3 --dtype u8 --format " + format)
                .succeeded();

        assertTrue(shm.runLine("list DIR").succeeded().out().contains("n\\xe9 "));
        shm.runLine("create " + created + " --shape 2x3 --dtype u8 --format " + format)
                .refused(1, "exists already");
        shm.runLine("create " + created + " --shape 3x2 --dtype u8 --force --format " + format)
                .succeeded();
        shm.runLine("write " + created + " --in DIR/f.raw").succeeded();
        assertEquals(path, text("watch " + created + " --once --json", "path"));
        assertEquals(path, text("shm2fits --json " + created + " DIR/\\xe8.fits", "stream"));
        assertEquals(shm.directory() + "/\\xe8.fits", text("shm2fits --json " + created + " DIR/\\xe8.fits", "file"));
        assertEquals(path, text("convert " + created + " DIR/o\\xe9.im.shm --format milk --force --json", "source"));
        assertEquals(
                shm.directory() + "/o\\xe9.im.shm",
                text("convert " + created + " DIR/o\\xe9.im.shm --format milk --force --json", "path"));
        shm.runLine("rm DIR/o\\xe9.im.shm").succeeded();
        shm.runLine("shm2fits " + created + " DIR/\\xea.fits").succeeded();
        load("\\xea.fits", "p\\xe9.im.shm");
        load("\\xea.fits[0][0,:]", "q\\xe9.im.shm");
        shm.runLine("rm DIR/p\\xe9.im.shm DIR/q\\xe9.im.shm").succeeded();
        shm.runLine("rm " + created).succeeded();
        assertEquals(1, shm.runLine("list DIR --json").jsonArray().size(), "only the one that the test began with");
    }

    /** As {@code fits2shm}, whose files about the stream would be in the current directory. */
    private void load(String fits, String stream) {
        LoadReport report = FitsLoader.load(LoadRequest.builder(shm.directory() + "/" + stream)
                .fits(fits)
                .directory(shm.directory())
                .build());
        assertEquals(LoadReport.Outcome.CREATED, report.outcome());
    }

    /** DAO's programs open the semaphores by the bytes of the file's name, and find the same in the header. */
    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldStoreTheBytesOfTheName(String format) throws Exception {
        String handle = format + ProcessHandle.current().pid();
        String created = "DIR/" + handle + "\\xe9.im.shm";

        shm.runLine("create " + created + " --shape 2x3 --dtype u8 --format " + format)
                .succeeded();

        assertEquals(format.equals("dao") ? 11 : 0, semaphores(handle));
        bash("LC_ALL=C grep -qaF $'" + handle + "\\xe9' " + shm.directory() + "/" + handle + "?.im.shm");
        assertEquals(
                0,
                shm.runLine("info " + created + " --json")
                        .json()
                        .get("findings")
                        .getAsJsonArray()
                        .size());
        assertEquals(
                (format.equals("dao") ? shm.directory() + "/" : "") + handle + "\\xe9"
                        + (format.equals("dao") ? ".im.shm" : ""),
                text("info " + created + " --json", "stored_name"));
        shm.runLine("write " + created + " --in DIR/f.raw").succeeded();
        shm.runLine("read " + created + " --wait sem --timeout 1ms").refused(3, handle + "\\xe9.im.shm");
        shm.runLine("rm " + created).succeeded();
        assertEquals(0, semaphores(handle));
    }

    /** The number of semaphores of a handle with the byte 0xe9 at its end. */
    private static long semaphores(String handle) throws Exception {
        Process list = new ProcessBuilder(
                        "bash", "-c", "LC_ALL=C; printf '%s\\n' /dev/shm/sem." + handle + "$'\\xe9_sem'*")
                .start();
        return new String(list.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> !line.endsWith("*"))
                .count();
    }

    /** Java's own text of such a name contains U+FFFD, and nobody can give it to a command. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "info DIR/x\\xe9",
                "info DIR/x\\xe9/cam.im.shm",
                "list DIR/x\\xe9",
                "read DIR/x\\xe9.im.shm",
                "read DIR/caf\\xe9.im.shm --slot 7",
                "read DIR/caf\\xe9.im.shm --out DIR/x\\xe9/f.npy",
                "write DIR/caf\\xe9.im.shm --in DIR/x\\xe9.raw",
                "write DIR/caf\\xe9.im.shm --in DIR/y\\xe9.raw",
                "write DIR/y\\xe9.raw --in DIR/f.raw",
                "create DIR/caf\\xe9.im.shm --shape 2x3 --dtype u8",
                "create DIR/x\\xe9/cam.im.shm --shape 2x3 --dtype u8",
                "keyword DIR/caf\\xe9.im.shm GAIN",
                "keyword DIR/caf\\xe9.im.shm A=1 --remove B",
                "show DIR/y\\xe9.raw",
                "create DIR/o.im.shm --in DIR/y\\xe9.raw",
                "create DIR/o.im.shm --in DIR/x\\xe9.fits",
                "create DIR/o.im.shm --in DIR/x\\xe9.fits[1]",
                "shm2fits DIR/caf\\xe9.im.shm DIR/y\\xe9.raw",
                "convert DIR/y\\xe9.raw DIR/o.im.shm --format milk",
                "convert DIR/caf\\xe9.im.shm DIR/caf\\xe9.im.shm --format dao",
                "repair DIR/caf\\xe9.im.shm",
                "rm DIR/x\\xe9.im.shm",
                "replay DIR/x\\xe9",
                "record DIR/x\\xe9.im.shm --out DIR --count 1",
                "array export DIR/x\\xe9 DIR/f.npy",
                "grab file:DIR/x\\xe9.npy DIR/o.im.shm",
                "watch DIR/x\\xe9.im.shm --once",
            })
    void shouldNameFilesInMessagesSoThatACommandTakesThem(String line) throws IOException, InterruptedException {
        bash("printf 1234 > " + shm.directory() + "/$'y\\xe9.raw'");

        CommandRun run = shm.runLine(line);

        assertNotEquals(0, run.status());
        assertFalse(run.err().contains("\ufffd"), run.err());
        assertTrue(run.err().contains("\\xe9"), run.err());
        shm.runLine("rm " + STREAM).succeeded();
    }

    private String text(String line, String key) {
        return shm.runLine(line).json().get(key).getAsString();
    }

    @Test
    void shouldTakeTheNameThatTheShellCompletes() throws Exception {
        List<String> java = ChildJvm.command(ChildJvm.QUICK, Shm.class, "info");
        StringBuilder line = new StringBuilder("LC_ALL=C.UTF-8 exec");
        java.forEach(word -> line.append(" '").append(word).append('\''));
        line.append(' ').append(shm.directory()).append("/caf?.im.shm --json");

        try (ChildProcess child = ChildProcess.start(List.of("bash", "-c", "shopt -s nullglob; LC_ALL=C; " + line))) {
            String out = String.join("", child.finish());
            assertTrue(out.contains("caf\\\\xe9.im.shm"), out);
            assertEquals("", child.errors());
        }
        shm.runLine("rm " + STREAM).succeeded();
    }
}

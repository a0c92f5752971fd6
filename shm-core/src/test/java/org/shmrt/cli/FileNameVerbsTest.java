package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;

/** Verbs on a stream whose file name is Latin-1 and not UTF-8. */
@Timeout(120)
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
        shm.runLine("rm " + created).succeeded();
        assertEquals(1, shm.runLine("list DIR --json").jsonArray().size(), "only the one that the test began with");
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

package org.shmrt.cli.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.testing.Golden;

/** The command on every layout: creating, writing in packets, sharing, repairing. */
class LayoutVerbsTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private CommandRun run(String verb, String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = verb;
        arguments[1] = "STREAM";
        System.arraycopy(options, 0, arguments, 2, options.length);
        return shm.run(arguments);
    }

    private JsonObject info() {
        return run("info", "--json").json();
    }

    @ParameterizedTest
    @CsvSource({
        "dao, fifo, 1",
        "dao, fifo, 3",
        "dao, pre-fifo, 1",
        "dao, wide, 2",
        "milk, 2.00, 1",
        "milk, 2.00-dao-compat, 1",
        "milk, 2.00-writehistory, 1"
    })
    void shouldCreateAndUseEachLayout(String format, String layout, String depth) throws IOException {
        Path raw = Files.write(shm.file("two.raw"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});

        CommandRun created = run(
                "create",
                "--format",
                format,
                "--layout",
                layout,
                "--shape",
                "2x3",
                "--dtype",
                "u8",
                "--depth",
                depth,
                "--keywords",
                "2");

        created.succeeded();
        assertEquals(format, info().get("kind").getAsString());
        assertEquals(layout, info().get("variant").getAsString());
        assertEquals(0, run("write", "--in", raw.toString()).status());
        assertEquals(2, info().get("cnt0").getAsLong());
        Path out = shm.file("out.raw");
        assertEquals(0, run("read", "--out", out.toString()).status());
        assertArrayEquals(new byte[] {7, 8, 9, 10, 11, 12}, Files.readAllBytes(out));
    }

    @Test
    void shouldCreateMilksBufferAndCube() {
        assertEquals(
                0,
                run("create", "--format", "milk", "--shape", "4x2x3", "--dtype", "f16", "--circular", "5", "--rolling")
                        .status());

        assertEquals("milk", info().get("kind").getAsString());
        assertEquals("float16", info().get("dtype").getAsString());
        try (ImageStream opened = ImageStream.open(shm.stream())) {
            assertEquals(5, opened.layout().circular().size());
            assertEquals(4, opened.layout().cube().slices());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--layout pre-fifo --depth 2 | keep one frame",
                "--layout wid | 'wid'",
                "--circular 3 | no circular buffer",
                "--rolling | rolling cube",
                "--format milk --depth 3 | --circular 3",
                "--format milk --layout fifo | no layout 'fifo'",
                "--format milk --rolling | three axes",
                "--circular -1 | is invalid",
                "--format cacao | knows"
            })
    void shouldRefuseWhatALayoutDoesNotSupportInOneLine(String options, String reason) {
        CommandRun refused = run("create", ("--shape 2x3 --dtype u8 " + options).split(" "));

        assertTrue(refused.status() == 1 || refused.status() == 2, refused.err());
        refused.refused(refused.status(), reason);
        assertTrue(Files.notExists(shm.stream()));
    }

    @Test
    void shouldWriteEachFrameInPackets() throws IOException {
        Path raw = Files.write(shm.file("two.raw"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14});
        assertEquals(0, run("create", "--shape", "7x1", "--dtype", "u8").status());
        assertTrue(info().get("packets").isJsonNull());

        CommandRun written = run("write", "--in", raw.toString(), "--packets", "3");

        written.succeeded();
        JsonObject packets = info().getAsJsonObject("packets");
        assertEquals(2, packets.get("frame_number").getAsLong());
        assertEquals(3, packets.get("total").getAsLong());
        assertEquals(2, packets.get("last").getAsLong());
        assertEquals("[]", packets.get("missing").toString());
        assertTrue(run("info").out().contains("frame number 2 in 3 packets, last packet 2, none missing"));
        assertEquals(2, info().get("cnt0").getAsLong());
        Path out = shm.file("out.raw");
        assertEquals(0, run("read", "--out", out.toString()).status());
        assertArrayEquals(new byte[] {8, 9, 10, 11, 12, 13, 14}, Files.readAllBytes(out));

        assertEquals(2, run("write", "--in", raw.toString(), "--packets", "0").status());
        assertTrue(run("write", "--in", raw.toString(), "--packets", "8").err().contains("7 elements"));
    }

    @Test
    void shouldWriteBesideAnotherWriterOnlyIfToldToShare() throws IOException {
        Path raw = Files.write(shm.file("one.raw"), new byte[] {1, 2, 3, 4, 5, 6});
        assertEquals(0, run("create", "--shape", "2x3", "--dtype", "u8").status());
        try (ImageStream opened = ImageStream.open(shm.stream());
                FrameWriter writer = opened.writer()) {
            writer.frameId(1);
            CommandRun refused = run("write", "--in", raw.toString());
            refused.refused(1, "");
            assertTrue(
                    refused.err().contains("process " + ProcessHandle.current().pid())
                            && refused.err().contains("--share"),
                    refused.err());

            assertEquals(0, run("write", "--in", raw.toString(), "--share").status());
            assertEquals(1, opened.status().cnt0());
        }
    }

    @Test
    void shouldRepairOnlyWhenAskedAndSayWhatItChanged() {
        Golden.named("dao", "mixed_new_then_old_float32").copyTo(shm.stream());
        assertTrue(run("write", "--in", "-").err().contains("shm repair"));
        assertTrue(run("info").out().contains("shm repair"));

        CommandRun planned = run("repair", "--dry-run");
        planned.succeeded();
        assertTrue(planned.out().contains("fifo_size (offset 4296) was 0, should be 1"), planned.out());
        assertTrue(planned.err().contains("8 bytes too low"), planned.err());

        JsonObject repaired = run("repair", "--json").json();
        assertTrue(repaired.get("changed").getAsBoolean());
        assertEquals(
                1,
                repaired.getAsJsonArray("words")
                        .get(0)
                        .getAsJsonObject()
                        .get("wanted")
                        .getAsInt());

        CommandRun again = run("repair");
        again.refused(1, "needs no repair");
        assertEquals("[]", info().get("findings").toString().replaceAll("\\[\"semaphores .* are missing.*\"]", "[]"));
    }
}

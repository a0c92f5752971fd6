package org.shmrt.cli.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.Shm;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Golden;

@Timeout(600)
class BlockVerbsTest {
    private static final List<String> DOCUMENTED_KEYS =
            List.of("name", "kind", "dtype", "shape", "bytes", "layout", "path", "findings");

    @RegisterExtension
    final BlockScratch scratch = new BlockScratch();

    @TempDir
    private Path directory;

    static Stream<Golden> golden() {
        return Golden.of("pyshm", "pyshm/manifest.json");
    }

    static Stream<Golden> corrupt() {
        return Golden.of("corrupt", "pyshm/manifest.json");
    }

    private static CommandRun block(String... words) {
        String[] all = Stream.concat(Stream.of("block"), Arrays.stream(words)).toArray(String[]::new);
        return CommandRun.of(all);
    }

    private static CommandRun done(String... words) {
        return block(words).succeeded();
    }

    private static JsonObject json(String... words) {
        return block(words).json();
    }

    private static void assertRefused(int status, String reason, String... command) {
        block(command).refused(status, reason);
    }

    @Test
    void shouldCreateWriteReadAndRemoveABlock() throws IOException {
        String name = scratch.name("cycle");
        Path in = Files.write(directory.resolve("in"), new byte[] {1, 2, 'x'});
        Path out = directory.resolve("out.bin");

        assertEquals(
                name + ": block of 4096 bytes\n",
                done("create", name, "--size", "4k").out());
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(BlockScratch.file(name))));
        assertEquals(
                name + ": 3 bytes written at offset 4093\n",
                done("write", name, "--in", in.toString(), "--offset", "4093").out());
        done("read", name, "--out", out.toString());
        assertArrayEquals(BlockScratch.bytes(name), Files.readAllBytes(out));
        done("read", name, "--out", out.toString(), "--offset", "4094", "--length", "2");
        assertArrayEquals(new byte[] {2, 'x'}, Files.readAllBytes(out));
        assertEquals(
                "00000ffd  01 02 78                                         |..x|\n",
                done("read", name, "--offset", "4093").out());
        assertEquals(
                "010278",
                json("read", name, "--offset", "4093", "--json").get("hex").getAsString());
        assertEquals("", done("rm", name).out());
        assertEquals(List.of(), scratch.names());
    }

    @Test
    void shouldPrintOnlyTheGeneratedName() {
        String name = done("create", "--size", "1").out().strip();

        assertTrue(name.matches("psm_[0-9a-f]{8}"), name);
        done("rm", name);
    }

    @Test
    void shouldSetThePermissionsAskedFor() throws IOException {
        String name = scratch.name("open");

        JsonObject made = json("create", name, "--size", "10", "--mode", "0664", "--json");

        assertEquals(DOCUMENTED_KEYS, List.copyOf(made.keySet()));
        assertEquals(
                "rw-rw-r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(BlockScratch.file(name))));
        done("rm", name);
    }

    @Test
    void shouldShowTheFirstBytesAndReportThatThereAreMore() {
        String name = scratch.put("long", new byte[1000]);

        CommandRun run = done("read", name);

        assertEquals(16, run.out().lines().count());
        assertEquals("shm block read: 744 more bytes: use --offset, --length or --out to read them\n", run.err());
        done("rm", name);
    }

    @ParameterizedTest
    @MethodSource("golden")
    void shouldShowWhatTheManifestSays(Golden golden) {
        String name = scratch.put("golden", golden.bytes());

        JsonObject shown = json("show", name, "--json");

        boolean isList = golden.text("kind").contains("list");
        assertEquals(name, shown.get("name").getAsString());
        assertEquals(isList ? "list" : "block", shown.get("kind").getAsString());
        assertEquals(golden.bytes().length, shown.get("bytes").getAsLong());
        assertEquals(
                isList ? golden.text("kind").replaceFirst(".*-", "") : "raw",
                shown.get("layout").getAsString());
        assertEquals(isList ? "object" : "uint8", shown.get("dtype").getAsString());
        long length = isList ? golden.entry().get("count").getAsLong() : golden.bytes().length;
        assertEquals("[" + length + "]", shown.get("shape").toString());
        assertEquals(isList, shown.has("items"));
        if (isList) {
            assertEquals(texts(golden.entry().getAsJsonArray("items")), texts(shown.getAsJsonArray("items")));
        }
        assertEquals(0, done("show", name).status());
        assertArrayEquals(golden.bytes(), BlockScratch.bytes(name), "showing changes nothing");
        done("rm", name);
    }

    /** The manifest stores numbers as text; null is a value. */
    private static List<String> texts(Iterable<JsonElement> items) {
        return Stream.of(items)
                .flatMap(all -> java.util.stream.StreamSupport.stream(all.spliterator(), false))
                .map(JsonElement::getAsJsonObject)
                .map(item -> item.get("type").getAsString() + " "
                        + (item.has("hex")
                                ? item.get("hex").getAsString()
                                : item.has("value") && !item.get("value").isJsonNull()
                                        ? item.get("value").getAsString()
                                        : "-"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("corrupt")
    void shouldTreatADamagedListAsABlock(Golden golden) {
        String name = scratch.put("corrupt", golden.bytes());

        assertEquals("block", json("show", name, "--json").get("kind").getAsString());

        assertArrayEquals(golden.bytes(), BlockScratch.bytes(name));
        done("rm", name);
    }

    @Test
    void shouldShowItemsOfAnyContentWithoutControllingTheTerminal() {
        byte[] list = Golden.of("pyshm", "pyshm/manifest.json")
                .filter(golden -> golden.name().startsWith("list_utf8"))
                .findFirst()
                .orElseThrow()
                .bytes();
        byte[] cut = list.clone();
        cut[24] = 'x';
        byte[] escape = list.clone();
        System.arraycopy("\u001b[31mab".getBytes(StandardCharsets.UTF_8), 0, escape, 24, 7);
        escape[31] = 0;
        String cutName = scratch.put("cut", cut);
        String escapeName = scratch.put("escape", escape);

        assertTrue(done("show", cutName).out().contains("0x78a9"), "half a character as digits");
        assertTrue(json("show", cutName, "--json")
                .getAsJsonArray("items")
                .get(0)
                .getAsJsonObject()
                .has("finding"));
        assertTrue(done("show", escapeName).out().contains("\\u001b[31mab"));
        done("rm", cutName, escapeName);
    }

    @Test
    void shouldListBlocksAndRecogniseListsByTheirContents() {
        String block = scratch.put("a", new byte[5]);
        String list = scratch.put(
                "b",
                golden().filter(any -> any.name().equals("list_mixed.bin"))
                        .findFirst()
                        .orElseThrow()
                        .bytes());
        String empty = scratch.put("c", new byte[0]);

        List<JsonObject> found = json("list", "--json").getAsJsonArray("items").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .filter(item -> item.get("name").getAsString().startsWith(scratch.name("")))
                .toList();

        assertEquals(
                List.of(block + " block 5", list + " list 506", empty + " block 0"),
                found.stream()
                        .map(item -> item.get("name").getAsString() + " "
                                + item.get("kind").getAsString() + " " + item.get("bytes"))
                        .toList());
        found.forEach(item -> assertEquals(DOCUMENTED_KEYS, List.copyOf(item.keySet())));
        assertTrue(found.get(2).get("findings").toString().contains("0 bytes"));
        String text = done("list").out();
        assertTrue(
                text.contains("18 items")
                        && text.lines().findFirst().orElseThrow().startsWith("NAME"),
                text);
        done("rm", block, list, empty);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "create X                     | --size",
                "create X --size 0            | at least 1",
                "create X --size -1           | is not a number of bytes",
                "create X --size many         | is not a number of bytes",
                "create X --size 99999999999999999999 | is not a number of bytes",
                "create X --size 99999999999G | is too large",
                "create a/X --size 4          | without slash",
                "create sem.X --size 4        | the names of semaphores",
                "create X --size 4 --mode 999 | is not a file mode",
                "read a/X                     | without slash",
                "read X --out x --json        | give only one of them",
                "read                         | NAME",
                "write X                      | --in",
                "rm                           | NAME",
                "rm X a/X                     | without slash",
                "frob X                       | there is no verb 'frob': use one of create, read, write, show, export,"
                        + " list, rm",
            })
    void shouldRejectWrongUsageInOneLine(String line, String reason) {
        assertRefused(
                ExitStatus.USAGE, reason, line.replace("X", scratch.name("x")).split(" "));
        assertEquals(List.of(), scratch.names());
    }

    @Test
    void shouldRefuseImpossibleNames() {
        for (String name : new String[] {"", "a\0b", "x".repeat(256), "..", "/x"}) {
            for (String verb : new String[] {"read", "show", "rm"}) {
                assertEquals(ExitStatus.USAGE, block(verb, name).status(), verb + " '" + name + "'");
            }
            assertRefused(ExitStatus.USAGE, "", "create", name, "--size", "1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"read X", "show X", "rm X", "write X --in /dev/null"})
    void shouldReportWhatIsMissing(String line) {
        String name = scratch.name("nobody");

        assertRefused(
                ExitStatus.FAILED,
                "there is no /dev/shm/" + name,
                line.replace("X", name).split(" "));
    }

    @Test
    void shouldRefuseInputThatDoesNotFitAndWriteNothing() throws IOException {
        String name = scratch.put("small", new byte[] {7, 7, 7});
        Path big = Files.write(directory.resolve("big"), new byte[4]);
        Path fits = Files.write(directory.resolve("fits"), new byte[2]);

        assertRefused(1, "has 4 bytes: block " + name + " has room for 3", "write", name, "--in", big.toString());
        assertRefused(1, "has room for 1 from offset 2", "write", name, "--in", fits.toString(), "--offset", "2");
        assertRefused(2, "cannot write any from offset 3", "write", name, "--in", fits.toString(), "--offset", "3");
        assertRefused(
                1,
                "there is no file",
                "write",
                name,
                "--in",
                directory.resolve("no").toString());
        assertRefused(1, "is a directory", "write", name, "--in", directory.toString());
        assertRefused(2, "cannot read 4 bytes from offset 0", "read", name, "--length", "4");
        assertRefused(2, "cannot read any from offset 9", "read", name, "--offset", "9");
        assertRefused(1, "nowhere", "read", name, "--out", "/nowhere/x");
        assertRefused(1, "exists already", "create", name, "--size", "3");

        assertArrayEquals(new byte[] {7, 7, 7}, BlockScratch.bytes(name));
        done("rm", name);
    }

    @Test
    void shouldRefuseAnObjectOfNoBytesAndKeepIt() {
        String name = scratch.put("empty", new byte[0]);

        assertRefused(1, "0 bytes", "read", name);
        assertRefused(1, "0 bytes", "write", name, "--in", "/dev/null");
        assertTrue(done("show", name).out().contains("warning: it has 0 bytes"));

        assertEquals(List.of(name), scratch.names());
        done("rm", name);
    }

    @Test
    void shouldReportFreeMemoryIfSharedMemoryIsTooSmall() {
        assertRefused(1, "mount -o remount,size=", "create", scratch.name("huge"), "--size", "1000000G");
        assertEquals(List.of(), scratch.names());
    }

    @Test
    void shouldRemoveTheOthersWhereOneIsMissing() {
        String first = scratch.put("first", new byte[1]);
        String last = scratch.put("last", new byte[1]);

        assertRefused(1, "there is no", "rm", first, scratch.name("nobody"), last);

        assertEquals(List.of(), scratch.names());
    }

    @Test
    void shouldRefuseToRemoveAStream() {
        String name = scratch.name("cam.im.shm");
        String path = BlockScratch.file(name).toString();
        assertEquals(
                0,
                CommandRun.of("create", path, "--shape", "2x2", "--dtype", "u8").status());

        assertRefused(1, "is a stream, not a block: remove it with shm rm " + path, "rm", name);

        assertEquals(0, CommandRun.of("rm", path).status());
    }

    @Test
    void shouldPipeBytesThroughStandardInputAndOutput() {
        String name = scratch.name("pipe");
        done("create", name, "--size", "6");
        try (ChildProcess writer = shm("write", name, "--in", "-")) {
            writer.send("hello");
            writer.closeInput();
            assertEquals(List.of(name + ": 6 bytes written at offset 0"), writer.finish());
        }
        try (ChildProcess reader = shm("read", name, "--out", "-", "--length", "6")) {
            assertEquals(List.of("hello"), reader.finish());
            assertEquals("", reader.errors());
        }
        try (ChildProcess writer = shm("write", name, "--in", "-", "--offset", "3")) {
            writer.send("longer");
            writer.closeInput();
            assertEquals(1, writer.exitCode());
            assertTrue(
                    writer.errors().contains("the input has more than the 3 bytes that were written"), writer.errors());
        }
        assertEquals("hellon", new String(BlockScratch.bytes(name), StandardCharsets.US_ASCII));
        done("rm", name);
    }

    private static ChildProcess shm(String... words) {
        String[] all = Stream.concat(Stream.of("block"), Arrays.stream(words)).toArray(String[]::new);
        return ChildProcess.start(ChildJvm.command(ChildJvm.QUICK, Shm.class, all));
    }

    @Test
    void shouldWarnOfPythonsResourceTrackerInTheHelp() {
        CommandRun help = block("--help");

        assertEquals(0, help.status());
        assertTrue(
                help.out().contains("track=False") && help.out().contains("resource_tracker.unregister"), help.out());
        assertEquals(help.out(), block().out());
        assertTrue(CommandRun.of("--help").out().contains("block"));
        assertTrue(block("create", "--help").out().startsWith("Usage: shm block create"));
    }

    /** A line of JSON is one text of Java, which has at most 2^31 characters. */
    @Test
    void shouldRefuseToPrintABlockThatDoesNotFitIntoALine() throws IOException {
        String name = scratch.name("large");
        try (FileChannel sparse =
                FileChannel.open(BlockScratch.file(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            sparse.write(ByteBuffer.allocate(1), 3L << 30);
        }

        assertRefused(2, "--json can print at most 1073739775 bytes", "read", name, "--json", "--length", "3G");
        assertEquals(256, json("read", name, "--json").get("length").getAsLong());
        Files.delete(BlockScratch.file(name));
    }

    @Test
    void shouldRemoveABlockWhoseNameLooksLikeAnOption() throws IOException {
        Path block = Files.createFile(BlockScratch.file("-" + scratch.name("option")));

        done("rm", "--", block.getFileName().toString());

        assertFalse(Files.exists(block));
    }
}

package org.shmrt.cli.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.array.ArraySpec;
import org.shmrt.array.ArrayType;
import org.shmrt.array.SharedArray;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.image.NpyFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Golden;

/** The verbs of {@code shm array}. */
class ArrayVerbsTest {
    private static final List<String> DOCUMENTED_KEYS = List.of(
            "name", "kind", "dtype", "shape", "bytes", "layout", "path", "data_offset", "data_bytes", "findings");

    @RegisterExtension
    final BlockScratch shared = new BlockScratch();

    @TempDir
    private Path directory;

    static Stream<Golden> golden() {
        return Golden.of("sharedarray", "sharedarray/manifest.json");
    }

    static Stream<Golden> corrupt() {
        return Golden.of("corrupt", "sharedarray/manifest.json");
    }

    private static CommandRun done(String... args) {
        CommandRun run = CommandRun.of(args);
        run.succeeded();
        return run;
    }

    private static JsonObject json(String... args) {
        return done(args).json();
    }

    private static void assertRefused(int status, String reason, String... args) {
        CommandRun.of(args).refused(status, reason);
    }

    private Path ramp(String file, DataType type) {
        byte[] bytes = new byte[6 * type.itemBytes()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        Path path = directory.resolve(file);
        NpyFile.write(path, new MemoryImage(type, Shape.of(2, 3), MemorySegment.ofArray(bytes)));
        return path;
    }

    @Test
    void shouldCreateShowListAndRemove() {
        String name = shared.name("a");

        JsonObject made = json("array", "create", "shm://" + name, "--shape", "4x3", "--dtype", "u16", "--json");
        JsonObject shown = json("array", "show", name, "--json");
        String text = done("array", "show", name).out();
        JsonObject listed = json("array", "list", "--json").getAsJsonArray("items").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .filter(entry -> entry.get("name").getAsString().equals(name))
                .findFirst()
                .orElseThrow();

        assertEquals(DOCUMENTED_KEYS, List.copyOf(made.keySet()));
        assertEquals(made, shown);
        assertEquals(made, listed);
        assertEquals("array", made.get("kind").getAsString());
        assertEquals("uint16", made.get("dtype").getAsString());
        assertEquals("[4,3]", made.get("shape").toString());
        assertEquals(24 + 292, made.get("bytes").getAsLong());
        assertEquals("trailer-292", made.get("layout").getAsString());
        assertTrue(text.contains("4x3 uint16") && text.contains("min 0  max 0"), text);
        assertTrue(done("array", "list").out().contains(name));
        done("array", "rm", name);
        assertFalse(done("array", "list").out().contains(name));
    }

    @Test
    void shouldCreateFloat64ByDefaultInAnyLayout() throws IOException {
        String file = "file://" + directory.resolve("a");

        assertEquals(
                "float64",
                json("array", "create", file, "--shape", "3", "--json")
                        .get("dtype")
                        .getAsString());
        done("array", "rm", file);
        for (String layout : new String[] {"548", "288", "trailer-160", "header-160"}) {
            JsonObject made =
                    json("array", "create", file, "--shape", "3", "--layout", layout, "--mode", "0640", "--json");
            assertTrue(made.get("layout").getAsString().endsWith(layout));
            assertEquals(
                    "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("a"))));
            done("array", "rm", file);
        }
    }

    @Test
    void shouldListTheArraysOfADirectory() throws IOException {
        Files.writeString(directory.resolve("text"), "no array");
        done("array", "create", "file://" + directory.resolve("a"), "--shape", "3");

        assertEquals(
                1,
                json("array", "list", directory.toString(), "--json")
                        .getAsJsonArray("items")
                        .size());
        assertRefused(
                1, "there is no", "array", "list", directory.resolve("none").toString());
        assertEquals(
                "",
                done(
                                "array",
                                "list",
                                Files.createDirectory(directory.resolve("empty"))
                                        .toString())
                        .out());
    }

    @ParameterizedTest
    @MethodSource("golden")
    void shouldReportWhatTheManifestSays(Golden golden) {
        Path file = golden.copyTo(directory.resolve("golden"));

        JsonObject shown = json("array", "show", "file://" + file, "--json");

        assertEquals(golden.entry().get("numpy_shape"), shown.get("shape"));
        assertEquals(golden.bytes().length, shown.get("bytes").getAsLong());
        assertEquals(golden.number("data", "bytes"), shown.get("data_bytes").getAsLong());
        assertEquals(
                golden.entry().has("exotic") || golden.name().contains("pagepadded"),
                !shown.getAsJsonArray("findings").isEmpty()
                        || golden.text("dtype").startsWith("<U"));
        assertNotNull(done("array", "show", "file://" + file).out());
    }

    @ParameterizedTest
    @MethodSource("corrupt")
    void shouldRefuseADamagedFileInOneLine(Golden golden) throws IOException {
        Path file = golden.copyTo(directory.resolve("broken"));
        for (String[] verb : new String[][] {{"show"}, {"show", "--json"}, {"rm"}, {"sync"}}) {
            String[] args = Stream.concat(
                            Stream.of("array", verb[0], "file://" + file),
                            Stream.of(verb).skip(1))
                    .toArray(String[]::new);
            assertRefused(1, file.toString(), args);
        }
        assertRefused(
                1,
                file.toString(),
                "array",
                "export",
                "file://" + file,
                directory.resolve("x.npy").toString());
        assertArrayEquals(golden.bytes(), Files.readAllBytes(file));
        assertFalse(Files.exists(directory.resolve("x.npy")));
    }

    @ParameterizedTest
    @CsvSource({"UINT16", "FLOAT64", "BOOL", "FLOAT16", "COMPLEX128", "UINT64"})
    void shouldExportTheFileItImported(DataType type) throws IOException {
        String name = shared.name("a");
        Path in = ramp("in.npy", type);
        Path out = directory.resolve("out.npy");

        JsonObject made = json("array", "import", name, in.toString(), "--json");
        done("array", "export", name, out.toString());

        assertEquals(type.numpyName(), made.get("dtype").getAsString());
        assertArrayEquals(Files.readAllBytes(in), Files.readAllBytes(out));
        SharedArray.delete(name);
    }

    @Test
    void shouldExportPicturesAndRawBytesAndImportRawOnes() throws IOException {
        String name = shared.name("a");
        Path raw = Files.write(directory.resolve("in.raw"), new byte[] {1, 2, 3, 4, 5, 6});
        done("array", "import", name, raw.toString(), "--shape", "2x3", "--dtype", "u8");
        Path png = directory.resolve("out.png");
        Path back = directory.resolve("out.raw");

        CommandRun picture = done("array", "export", name, png.toString());
        done("array", "export", name, back.toString());

        assertEquals(3, ImageIO.read(png.toFile()).getWidth());
        assertTrue(picture.err().contains("2x3 uint8"), picture.err());
        assertArrayEquals(Files.readAllBytes(raw), Files.readAllBytes(back));
        SharedArray.delete(name);
    }

    @Test
    void shouldUpdateAnArrayThatOthersHaveAttached() {
        String name = shared.name("a");
        Path in = ramp("in.npy", DataType.UINT8);
        Path other = ramp("other.npy", DataType.INT16);
        try (SharedArray array = SharedArray.create(name, DataType.UINT8, Shape.of(2, 3))) {
            assertRefused(1, "exists already", "array", "import", name, in.toString());
            done("array", "import", name, in.toString(), "--update");
            assertEquals(5, array.getInt(1, 2));
            assertRefused(1, "is 2x3 uint8", "array", "import", name, other.toString(), "--update");
            assertRefused(
                    2, "--layout and --mode", "array", "import", name, in.toString(), "--update", "--mode", "0600");
        }
        SharedArray.delete(name);
        assertRefused(1, "there is no", "array", "import", name, in.toString(), "--update");
    }

    @Test
    void shouldSyncInEveryWay() {
        String name = "file://" + directory.resolve("a");
        done("array", "create", name, "--shape", "1000");
        for (String how : new String[] {"sync", "async", "invalidate"}) {
            done("array", "sync", name, "--how", how);
        }
        done("array", "sync", name);
        assertRefused(2, "--how", "array", "sync", name, "--how", "maybe");
    }

    @Test
    void shouldContinueRemovingAfterAMissingArray() {
        String first = shared.name("first");
        String last = shared.name("last");
        List.of(first, last)
                .forEach(name -> SharedArray.create(name, Shape.of(2)).close());

        CommandRun run = CommandRun.of("array", "rm", first, shared.name("missing"), last);

        run.refused(1, "");
        assertEquals(List.of(), shared.names());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "array frob                              | there is no verb 'frob'",
                "array create X                          | --shape",
                "array create X --shape 4x               | is not a shape",
                "array create X --shape -3               | cannot be negative",
                "array create X --shape 4 --dtype object | unknown type 'object'",
                "array create X --shape 4 --layout 293   | unknown array layout '293'",
                "array create X --shape 4 --mode 999     | is not a file mode",
                "array create X --shape 4 --dtype U3 --layout 288 | does not store how long",
                "array create X --shape 4294967296x4294967296 | more elements than 63 bits",
                "array create X --shape 2147483648x1073741824 --dtype c128 | more bytes than 63 bits",
                "array create a/b --shape 4              | no slash inside",
                "array create http://X --shape 4         | only shm://NAME and file://PATH",
                "array show a/b                          | no slash inside",
                "array rm X a/b                          | no slash inside",
                "array show                              | NAME",
                "array show X --frob                     | --frob",
                "array export X                          | FILE",
                "array export X out.jpeg                 | .npy",
            })
    void shouldRejectWrongUsageInOneLine(String line, String reason) {
        assertRefused(
                ExitStatus.USAGE, reason, line.replace("X", shared.name("x")).split(" "));
        assertEquals(List.of(), shared.names());
    }

    @Test
    void shouldRefuseNamesThatAreEmptyTooLongOrHaveANul() {
        for (String name : new String[] {"", "x".repeat(256), "a\0b", "shm://", "file://"}) {
            for (String[] args : new String[][] {
                {"array", "create", name, "--shape", "3"},
                {"array", "show", name},
                {"array", "rm", name},
                {"array", "sync", name}
            }) {
                assertRefused(2, "", args);
            }
        }
        assertRefused(1, "there is no", "array", "show", shared.name("missing"));
        assertRefused(1, "is a directory", "array", "show", "file://" + directory);
    }

    @Test
    void shouldExportOtherTypesToNpyFiles() {
        String python = System.getenv().getOrDefault("SHMRT_SHAREDARRAY_PYTHON", "python3");
        Assumptions.assumeTrue(
                ExternalCommand.succeeds(python, "-c", "import numpy"), python + " has no numpy to read them");
        String[] types = {"S3", "U2", "V12", "datetime64", "timedelta64", "longdouble", "clongdouble"};
        for (String type : types) {
            String name = shared.name(type);
            Path out = directory.resolve(type + ".npy");
            ArraySpec spec = ArraySpec.of(ArrayType.parse(type), Shape.of(2, 3));
            byte[] bytes = new byte[6 * spec.type().itemBytes()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (type.equals("U2") ? i % 4 == 0 ? 'a' + i % 20 : 0 : i % 100 + 1);
            }
            SharedArray.create(name, spec, MemorySegment.ofArray(bytes)).close();

            CommandRun run = done("array", "export", name, out.toString());
            SharedArray.delete(name);

            String load = "import numpy, sys; a = numpy.load(sys.argv[1]); "
                    + "print(a.dtype == numpy.dtype(sys.argv[2]), a.shape, a.tobytes().hex())";
            try (ChildProcess numpy = ChildProcess.start(List.of(python, "-c", load, out.toString(), type))) {
                assertEquals("True (2, 3) " + HexFormat.of().formatHex(bytes), numpy.line(), type);
            }
            assertEquals(type.startsWith("V") || type.endsWith("64"), run.err().contains("does not record"), run.err());
        }
    }

    @Test
    void shouldNotExportTypesWithoutNumbersAsPictures() {
        String name = shared.name("a");
        SharedArray.create(name, ArraySpec.of(ArrayType.unicode(3), Shape.of(2)))
                .close();
        Path raw = directory.resolve("out.raw");

        assertRefused(
                1,
                "export it to .npy or .raw",
                "array",
                "export",
                name,
                directory.resolve("x.png").toString());
        done("array", "export", name, raw.toString());

        assertEquals(24, raw.toFile().length());
        SharedArray.delete(name);
    }

    @Test
    void shouldNotLetANameControlTheTerminal() throws IOException {
        Path file = directory.resolve("a\u001b[31mb");
        done("array", "create", "file://" + file, "--shape", "2");

        String text = done("array", "list", directory.toString()).out()
                + done("array", "show", "file://" + file).out();

        assertTrue(text.indexOf('\u001b') < 0 && text.contains("a\\u001b[31mb"), text);
    }

    @Test
    void shouldShowTheVerbsOfTheGroup() {
        String help = done("array", "--help").out();

        for (String verb : new String[] {"create", "show", "list", "rm", "sync", "export", "import"}) {
            assertTrue(help.contains("  " + verb + " "), help);
            assertTrue(done("array", verb, "--help").out().contains("Usage: shm array " + verb));
        }
        assertTrue(done("--help").out().contains("  array "), help);
    }
}

package org.shmrt.fits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.image.ImageFiles;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.FaultRun;
import org.shmrt.testing.Golden;

/** Malformed files, and files that change while they are read: no crash, no hang, no memory for missing data. */
@Timeout(600)
@Tag("slow")
class MalformedFitsTest {
    private static final int MUTANTS_A_FILE = 150;
    private static final String[] VALUES = {
        "0",
        "1",
        "-1",
        "2147483647",
        "2147483648",
        "9223372036854775807",
        "-9223372036854775808",
        "99999999999999999999",
        "1E308",
        "T",
        "'x'",
        "",
        "65535",
        "1000000000",
        "3"
    };

    @TempDir
    Path directory;

    private static String card(String name, String value) {
        return String.format("%-8s= %20s%50s", name, value, "");
    }

    private Path file(String name, int dataBytes, String... cards) throws IOException {
        StringBuilder header = new StringBuilder();
        for (String card : cards) {
            header.append(String.format("%-80s", card));
        }
        header.append(String.format("%-80s", "END"));
        header.append(" ".repeat((2880 - header.length() % 2880) % 2880));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(header.toString().getBytes(StandardCharsets.US_ASCII));
        all.write(new byte[dataBytes]);
        return Files.write(directory.resolve(name), all.toByteArray());
    }

    private IncompatibleException refused(Path file, String... words) {
        IncompatibleException failure = assertThrows(IncompatibleException.class, () -> FitsFile.read(file));
        TestImages.assertOneLine(failure, words);
        return failure;
    }

    @Test
    void shouldRefuseOtherFiles() throws IOException {
        refused(Files.write(directory.resolve("empty.fits"), new byte[0]), "it is empty");
        refused(Files.write(directory.resolve("short.fits"), new byte[7]), "does not start with a SIMPLE card");
        refused(Files.writeString(directory.resolve("text.fits"), "P5 640 480\n"), "does not start");
        refused(directory, "is a directory");
        refused(Files.write(directory.resolve("magic.fits"), new byte[] {0x1f, (byte) 0x8b}), "gzip data is damaged");
        TestImages.assertOneLine(
                assertThrows(NotFoundException.class, () -> FitsFile.read(directory.resolve("none.fits"))),
                "there is no file");
    }

    @ParameterizedTest
    @CsvSource({
        "bz2, 425a6839314159, bzip2, bzip2 -dk",
        "Z, 1f9d90004100, compress, gzip -dk",
        "xz, fd377a585a000004, xz, xz -dk",
        "zst, 28b52ffd04, zstd, zstd -d",
        "zip, 504b0304, zip, unzip"
    })
    void shouldSayHowAFileIsCompressedAndHowToUnpackIt(String ending, String start, String name, String command)
            throws IOException {
        Path file = directory.resolve("x.fits." + ending);
        Files.write(file, HexFormat.of().parseHex(start));

        refused(file, "it is compressed by " + name, "unpack it first: " + command + " " + file);
        TestImages.assertOneLine(
                assertThrows(IncompatibleException.class, () -> ImageFiles.read(file)), "compressed by " + name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "8;  1000000;    1000000;  truncated",
                "16; 4294967296; 4294967296; 63 bits",
                "64; 1152921504606846975; 1; truncated",
                "64; 1152921504606846976; 1; 63 bits",
                "-32; 2147483647; 2147483647; 63 bits",
                "8; 9223372036854775807; 1; truncated"
            })
    void shouldCheckClaimedSizesAgainstTheFile(int bitpix, String columns, String rows, String reason)
            throws IOException {
        refused(
                file(
                        "x.fits",
                        2880,
                        card("SIMPLE", "T"),
                        card("BITPIX", "" + bitpix),
                        card("NAXIS", "2"),
                        card("NAXIS1", columns),
                        card("NAXIS2", rows)),
                reason);
    }

    @Test
    void shouldCheckClaimedSizesAgainstAGzipFile() throws IOException {
        Path plain = file(
                "x.fits",
                2880,
                card("SIMPLE", "T"),
                card("BITPIX", "-64"),
                card("NAXIS", "2"),
                card("NAXIS1", "1000000"),
                card("NAXIS2", "1000000"));
        Path zipped = directory.resolve("x.fits.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            Files.copy(plain, out);
        }
        refused(zipped, "more than a gzip file of this size");

        Path plausible = file(
                "y.fits", 100, card("SIMPLE", "T"), card("BITPIX", "8"), card("NAXIS", "1"), card("NAXIS1", "40000"));
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            Files.copy(plausible, out);
        }
        refused(zipped, "truncated, expected 40000 bytes, found 100");
    }

    @Test
    void shouldRefuseTooManyAxes() throws IOException {
        List<String> cards = new ArrayList<>(List.of(card("SIMPLE", "T"), card("BITPIX", "8"), card("NAXIS", "100")));
        for (int axis = 1; axis <= 100; axis++) {
            cards.add(card("NAXIS" + axis, "1"));
        }
        refused(file("x.fits", 2880, cards.toArray(String[]::new)), "NAXIS is 100");
    }

    @Test
    void shouldRefuseAHeaderWithoutEnd() throws IOException {
        Path file = directory.resolve("x.fits");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(card("SIMPLE", "T").getBytes(StandardCharsets.US_ASCII));
            sparse.setLength(1L << 33);
        }
        refused(file, "no card END in its first 10000 blocks");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"BSCALE; 'x'; BSCALE is 'x', not a number", "BZERO; T; not a number"})
    void shouldRefuseInvalidScaling(String name, String value, String reason) throws IOException {
        refused(
                file(
                        "x.fits",
                        2880,
                        card("SIMPLE", "T"),
                        card("BITPIX", "16"),
                        card("NAXIS", "1"),
                        card("NAXIS1", "4"),
                        card(name, value)),
                reason);
    }

    private Path tiles(String... changes) throws IOException {
        List<String> cards = new ArrayList<>(List.of(
                card("XTENSION", "'BINTABLE'"),
                card("BITPIX", "8"),
                card("NAXIS", "2"),
                card("NAXIS1", "8"),
                card("NAXIS2", "4"),
                card("PCOUNT", "100"),
                card("GCOUNT", "1"),
                card("TFIELDS", "1"),
                card("TTYPE1", "'COMPRESSED_DATA'"),
                card("TFORM1", "'1PB(9)'"),
                card("ZIMAGE", "T"),
                card("ZBITPIX", "16"),
                card("ZNAXIS", "2"),
                card("ZNAXIS1", "5"),
                card("ZNAXIS2", "4"),
                card("ZCMPTYPE", "'RICE_1'")));
        for (String change : changes) {
            String[] parts = change.split("=");
            cards.removeIf(card -> card.startsWith(String.format("%-8s", parts[0])));
            if (parts.length > 1) {
                cards.add(card(parts[0], parts[1]));
            }
        }
        Path primary = file("p.fits", 0, card("SIMPLE", "T"), card("BITPIX", "8"), card("NAXIS", "0"));
        Path extension = file("e.fits", 2880, cards.toArray(String[]::new));
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(Files.readAllBytes(primary));
        both.write(Files.readAllBytes(extension));
        return Files.write(directory.resolve("t.fits"), both.toByteArray());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ZNAXIS1=5;                         tile 0 is empty",
                "ZNAXIS1=1000000,ZNAXIS2=4;         cannot hold",
                "ZNAXIS2=4000000000000,NAXIS2=4000000000000; truncated",
                "ZNAXIS2=5;                         5 tiles, but its table has 4 rows",
                "ZNAXIS1=4294967296,ZNAXIS2=4294967296; 63 bits",
                "ZNAXIS1=-5;                        ZNAXIS1 is -5",
                "ZTILE1=0;                          ZTILE1 is 0",
                "ZNAXIS=65;                         ZNAXIS is 65",
                "ZNAXIS;                            it has no card ZNAXIS",
                "ZBITPIX=12;                        ZBITPIX is 12",
                "ZCMPTYPE='LZ4';                    compressed by 'LZ4'",
                "ZCMPTYPE;                          does not name",
                "ZMASKCMP='RICE_1';                 mask of undefined pixels",
                "TFORM1='1Z';                       not a column format",
                "TFORM1='2PB';                      have 16 bytes per row",
                "TFORM1='8B';                       no column COMPRESSED_DATA",
                "TTYPE1='OTHER';                    no column COMPRESSED_DATA",
                "NAXIS1=700,PCOUNT=0;               have 8 bytes per row",
                "GCOUNT=2;                          GCOUNT is 2",
                "THEAP=7;                           THEAP is 7",
                "ZNAME1='BLOCKSIZE',ZVAL1=17;       blocks have 17 pixels",
                "ZBITPIX=-32;                       tile 0 is empty",
                "ZDITHER0=0;                        ZDITHER0 is 0"
            })
    void shouldRefuseInvalidTables(String changes, String reason) throws IOException {
        refused(tiles(changes.strip().split(",")), reason);
    }

    @Test
    void shouldRefuseTilesOutsideTheHeap() throws IOException {
        byte[] file = Files.readAllBytes(tiles());
        Path damaged = directory.resolve("d.fits");
        for (int[] descriptor : new int[][] {{101, 0}, {1, 100}, {-1, 0}, {50, 51}, {Integer.MAX_VALUE, 0}, {2, -1}}) {
            ByteBuffer.wrap(file, 2 * 2880, 8).putInt(descriptor[0]).putInt(descriptor[1]);
            Files.write(damaged, file);
            refused(damaged, "of a heap of 100 bytes");
        }
        ByteBuffer.wrap(file, 2 * 2880, 8).putInt(3).putInt(0);
        Files.write(damaged, file);
        refused(damaged, "tile 0 cannot be decompressed, its RICE_1 data is damaged");
    }

    private static boolean tryToRead(Path file) {
        try {
            FitsFile.read(file);
            return true;
        } catch (IncompatibleException e) {
            TestImages.assertOneLine(e);
            return false;
        }
    }

    /** Every golden file with random damage: bytes, numbers in cards, truncation. It is either read or refused. */
    @Test
    void shouldReadOrRefuseRandomlyDamagedFiles() throws IOException {
        Random random = new Random(20261121);
        Path file = directory.resolve("m.fits");
        int read = 0;
        for (Golden golden : Golden.fits("fits").toList()) {
            byte[] original = golden.bytes();
            for (int mutant = 0; mutant < MUTANTS_A_FILE; mutant++) {
                byte[] bytes = original.clone();
                switch (random.nextInt(4)) {
                    case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                    case 1 -> {
                        for (int i = 0; i < 20; i++) {
                            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                        }
                    }
                    case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
                    default -> {
                        for (int i = 0; i <= random.nextInt(3); i++) {
                            replaceValue(bytes, random);
                        }
                    }
                }
                Files.write(file, bytes);
                read += tryToRead(file) ? 1 : 0;
            }
        }
        assertTrue(read > 0, "some damage is in pixels only");
    }

    /** Sets a card to an extreme value. */
    private static void replaceValue(byte[] bytes, Random random) {
        int card = random.nextInt(Math.max(1, Math.min(40, bytes.length / 80))) * 80;
        byte[] value =
                String.format("%20s", VALUES[random.nextInt(VALUES.length)]).getBytes(StandardCharsets.US_ASCII);
        if (card + 80 <= bytes.length && bytes[card + 8] == '=') {
            System.arraycopy(value, 0, bytes, card + 10, 20);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "source, -Xint, 12, 100",
        "source, -Xmixed, 60, 2000",
        "target, -Xint, 12, 100",
        "target, -Xmixed, 60, 2000",
        "target, -XX:TieredStopAtLevel=1, 40, 2000"
    })
    void shouldSurviveTruncationOfFileOrMemory(String which, String mode, int rounds, int columns) {
        FaultRun.assertSurvives(mode, FitsChild.class, which, directory.resolve("x.fits"), rounds, columns);
    }

    private static void setLength(Path file, long bytes) throws IOException {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            opened.setLength(bytes);
        }
    }

    /** A large image is read by several threads, some of which fail at once: the others have to end, too. */
    @Test
    void shouldNotWriteIntoTheMemoryAfterAFailure() throws Exception {
        Shape shape = Shape.of(4096, 4096);
        Path file = directory.resolve("x.fits");
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(shape.byteSize(DataType.INT32));
            FitsFile.write(file, new MemoryImage(DataType.INT32, shape, memory), FitsOptions.defaults());
            long fileBytes = Files.size(file);
            for (int round = 0; round < 10; round++) {
                setLength(file, fileBytes);
                memory.fill((byte) 1);
                try (FitsInput input = FitsInput.open(file)) {
                    setLength(file, fileBytes / 10 * (round + 1) - 10_000);

                    assertThrows(IncompatibleException.class, () -> input.readInto(memory));

                    List<Integer> written = readChunks(memory);
                    Thread.sleep(50);
                    assertEquals(written, readChunks(memory));
                }
            }
        }
    }

    /** The numbers of the mebibytes that were filled with zeros, as seen in a few microseconds. */
    private static List<Integer> readChunks(MemorySegment memory) {
        List<Integer> read = new ArrayList<>();
        for (int chunk = 0; chunk < memory.byteSize() >> 20; chunk++) {
            if (memory.get(ValueLayout.JAVA_BYTE, (long) chunk << 20) == 0) {
                read.add(chunk);
            }
        }
        return read;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReportThatThereIsNotEnoughMemory(boolean compressed) {
        Path file = directory.resolve("x.fits");
        FitsOptions options = FitsOptions.defaults();
        FitsFile.write(
                file,
                TestImages.random(DataType.INT32, Shape.of(3000, 4000), new Random(1)),
                compressed ? options.withCompression() : options);
        try (ChildProcess child =
                ChildProcess.start(ChildJvm.command(List.of("-Xmx24m"), FitsChild.class, "say", file.toString()))) {
            String output = child.finish().get(0);
            assertTrue(output.startsWith("ShmException: ") && output.contains("not enough memory"), output);
        }
    }

    @Test
    void shouldNeedTheLibraryForRiceOnly() {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("nom-tam-fits"))
                .collect(Collectors.joining(File.pathSeparator));
        for (Golden golden :
                Golden.fits("fits").filter(g -> g.entry().has("dtype")).toList()) {
            Path file = golden.copyTo(directory.resolve(golden.text("file").replaceFirst(".*/", "")));
            List<String> command = List.of(
                    ChildJvm.java(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    classPath,
                    FitsChild.class.getName(),
                    "say",
                    file.toString());
            if (golden.name().startsWith("tile_") || golden.name().startsWith("bitpix8")) {
                try (ChildProcess child = ChildProcess.start(command)) {
                    String output = child.finish().get(0);
                    assertTrue(
                            golden.name().startsWith("tile_rice")
                                    ? output.contains("compressed tiles need the library nom-tam-fits")
                                    : output.matches("\\d+x\\d+"),
                            output);
                    assertEquals("", child.errors());
                }
            }
        }
    }

    @Test
    void shouldReadMoreThanFourGigabytes() throws IOException {
        Path file = file(
                "x.fits",
                0,
                card("SIMPLE", "T"),
                card("BITPIX", "16"),
                card("NAXIS", "3"),
                card("NAXIS1", "1048576"),
                card("NAXIS2", "1024"),
                card("NAXIS3", "3"));
        long at = 2880 + 2L * (2L * 1024 * 1048576 + 5L * 1048576 + 7);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(2880 + 2L * 3 * 1024 * 1048576);
            sparse.seek(at);
            sparse.writeShort(-12345);
        }
        assertEquals(Shape.of(3, 1024, 1048576), FitsFile.header(file).shape());
        assertEquals(
                List.of("0", "-12345", "0"),
                Golden.elements(
                        DataType.INT16,
                        FitsFile.read(Path.of(file + "[0][2,5,6:9]")).image().data()));
        assertEquals(
                "-12345",
                Golden.elements(
                                DataType.INT16,
                                FitsFile.read(Path.of(file + "[0][2,5:6]"))
                                        .image()
                                        .data())
                        .get(7));
    }

    @Test
    void shouldRefuseUseAfterCloseAndMemoryOfAWrongSize() {
        Path file = directory.resolve("x.fits");
        FitsFile.write(file, TestImages.random(DataType.INT32, Shape.of(3, 4), new Random(1)), FitsOptions.defaults());
        FitsInput input = FitsInput.open(file);
        TestImages.assertOneLine(
                assertThrows(IllegalArgumentException.class, () -> input.readInto(MemorySegment.ofArray(new byte[47]))),
                "3x4 int32, 48 bytes");
        assertThrows(
                IllegalArgumentException.class,
                () -> input.readInto(MemorySegment.ofArray(new byte[48]).asReadOnly()));
        input.close();
        input.close();
        assertThrows(ClosedException.class, input::read);
        assertTrue(assertThrows(ShmException.class, input::read).getMessage().contains("is closed"));
    }
}

package org.shmrt.fits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/** What compressed tiles decode to, and which headers compressed images get. */
class FitsCompressionTest {
    private static final int SIDE = 24;
    private static final FitsOptions COMPRESSED = FitsOptions.defaults().withCompression();

    @TempDir
    Path directory;

    /** A file of the test resources, written by cfitsio's fpack. */
    private MemoryImage resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(name))) {
            Path file = Files.write(directory.resolve(name), in.readAllBytes());
            return FitsFile.read(file).image();
        }
    }

    private static int pixel(MemoryImage image, int x, int y) {
        return Short.toUnsignedInt(image.data().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * (y * SIDE + x)));
    }

    /** The image was compressed by {@code fpack -h -s 4}; decompression takes saturated pixels to more than 65535. */
    @Test
    void shouldKeepSaturatedPixelsOfLossyHcompressAtTheEndOfTheRange() throws IOException {
        MemoryImage image = resource("saturated_hcompress.fits.fz");

        assertEquals(DataType.UINT16, image.type());
        int saturated = 0;
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                int noise = (x * 7919 + y * 104_729) % 97 * 30;
                int original =
                        Math.clamp(90_000 - 600 * ((x - 12) * (x - 12) + (y - 12) * (y - 12)) + noise, 0, 65_535);
                assertTrue(Math.abs(pixel(image, x, y) - original) < 3000, "pixel " + x + ", " + y);
                saturated += original == 65_535 && pixel(image, x, y) == 65_535 ? 1 : 0;
            }
        }
        assertTrue(saturated > 20, "only " + saturated + " pixels are saturated");
    }

    /** cfitsio compresses uint16 without the offset, unlike all other types and algorithms. */
    @Test
    void shouldReadUnsignedPixelsThatCfitsioCompressedByPlio() throws IOException {
        MemoryImage image = resource("steps_plio.fits.fz");

        assertEquals(DataType.UINT16, image.type());
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                assertEquals(Math.min(65_535, x / 4 * 13_107 + y / 8), pixel(image, x, y));
            }
        }
    }

    /** {@code (x / 4) * 3000000 + y / 8}, compressed by astropy 8.0: the library that ShmRT used lost the high bits. */
    @Test
    void shouldReadLargePixelsThatWereCompressedByPlio() throws IOException {
        MemoryImage image = resource("large_plio.fits.fz");

        assertEquals(DataType.INT32, image.type());
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                assertEquals(
                        x / 4 * 3_000_000 + y / 8,
                        image.data().get(ValueLayout.JAVA_INT_UNALIGNED, 4L * (y * SIDE + x)));
            }
        }
    }

    private static List<String> cards(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        return IntStream.range(0, text.length() / 80)
                .mapToObj(i -> text.substring(i * 80, i * 80 + 80))
                .filter(card -> card.matches("[A-Z0-9-]+ *= .*"))
                .collect(Collectors.toList());
    }

    private static long count(Path file, String start) throws IOException {
        return cards(file).stream().filter(card -> card.startsWith(start)).count();
    }

    private Path written(DataType type, FitsCard... cards) {
        Path file = directory.resolve("x.fits.fz");
        FitsFile.write(
                file, TestImages.random(type, Shape.of(9, 11), new Random(1)), COMPRESSED.withCards(List.of(cards)));
        return file;
    }

    @Test
    void shouldWriteOneNameOfTheExtension() throws IOException {
        Path file = written(DataType.UINT16, FitsCard.of("EXTNAME", "SCI", ""));

        assertEquals(1, count(file, "EXTNAME ="));
        assertEquals(DataType.UINT16, FitsFile.header(Path.of(file + "[SCI]")).type());
        assertEquals(1, count(written(DataType.UINT16), "EXTNAME = 'COMPRESSED_IMAGE'"));
    }

    /** Without this card, astropy 5.2 takes the pixels for integers. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "FLOAT32", "FLOAT64", "INT32"})
    void shouldSayThatFloatsAreNotRounded(DataType type) throws IOException {
        assertEquals(type == DataType.INT32 ? 0 : 1, count(written(type), "ZQUANTIZ= 'NONE"));
    }

    @ParameterizedTest
    @EnumSource(names = {"INT64", "UINT64"})
    void shouldWrite64BitIntegersWithoutCompressionAndSaySo(DataType type) throws IOException {
        Path file = directory.resolve("x.fits.fz");
        MemoryImage image = TestImages.random(type, Shape.of(9, 11), new Random(1));

        Optional<String> remark = FitsFile.write(file, image, COMPRESSED);

        assertTrue(remark.orElse("").contains(type + " written without compression"), remark.toString());
        assertEquals(0, count(file, "ZIMAGE"));
        TestImages.assertSame(image, FitsFile.read(file).image());
        MemorySegment cube = image.data();
        assertTrue(FitsFile.writeCube(file, type, image.shape(), 2, i -> cube, COMPRESSED)
                .isPresent());
        assertEquals(Shape.of(2, 9, 11), FitsFile.header(file).shape());
    }

    @Test
    void shouldWriteTheFirstOfCardsWithTheSameName() throws IOException {
        Path file = directory.resolve("x.fits");
        MemoryImage image = TestImages.random(DataType.UINT8, Shape.of(4, 5), new Random(1));

        Optional<String> remark = FitsFile.write(
                file,
                image,
                FitsOptions.defaults()
                        .withCards(List.of(
                                FitsCard.of("DUP", 1L, "first"),
                                FitsCard.commentary("HISTORY", "one"),
                                FitsCard.commentary("HISTORY", "two"),
                                FitsCard.of("DUP", 2L, "second"))));

        assertTrue(remark.orElse("").contains("keyword DUP left out: it occurs again"), remark.toString());
        assertEquals(1, count(file, "DUP "));
        List<FitsCard> cards = FitsFile.header(file).cards();
        assertEquals(FitsCard.of("DUP", 1L, "first"), cards.get(0));
        assertEquals(3, cards.size());
        assertFalse(cards.contains(FitsCard.of("DUP", 2L, "second")));
    }
}

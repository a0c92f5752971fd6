package org.shmrt.fits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.fits.header.Header;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.testing.Golden;

/** Files written by astropy have the values of their manifest; damaged files are refused with their reason. */
class FitsGoldenTest {
    @TempDir
    Path directory;

    static Stream<Golden> withValues() {
        return Golden.fits("fits")
                .filter(golden -> golden.entry().has("data")
                        && golden.entry().getAsJsonObject("data").has("values")
                        && !golden.name().startsWith("scaled"));
    }

    private Path copy(Golden golden) {
        return golden.copyTo(directory.resolve(golden.text("file").replaceFirst(".*/", "")));
    }

    private Path copy(String name) {
        return copy(Golden.fits("fits")
                .filter(golden -> golden.name().equals(name))
                .findFirst()
                .orElseThrow());
    }

    private static Shape shape(Golden golden) {
        return Shape.of(golden.numbers("numpy_shape").stream()
                .mapToLong(Long::longValue)
                .toArray());
    }

    @ParameterizedTest
    @MethodSource("withValues")
    void shouldReadTheValuesOfTheManifest(Golden golden) {
        FitsImage read = FitsFile.read(copy(golden));

        assertEquals(golden.type(), read.image().type());
        assertEquals(shape(golden), read.image().shape());
        assertEquals(
                golden.expectedElements(golden.entry().getAsJsonObject("data")),
                Golden.elements(read.image().type(), read.image().data()));
    }

    @ParameterizedTest
    @MethodSource("withValues")
    void shouldReadTheCardsOfTheManifest(Golden golden) {
        List<String> expected = new ArrayList<>();
        for (JsonElement card : golden.entry().getAsJsonArray("header")) {
            JsonArray parts = card.getAsJsonArray();
            String name = parts.get(0).getAsString();
            if (!name.isEmpty() && !Header.isStructure(name)) {
                expected.add(name + "|"
                        + (parts.get(1).isJsonNull() ? null : parts.get(1).getAsString()) + "|"
                        + parts.get(2).getAsString());
            }
        }

        List<String> found = FitsFile.header(copy(golden)).cards().stream()
                .map(card -> card.name() + "|" + card.value() + "|" + card.comment())
                .toList();

        assertEquals(expected.toString().replace("1.25e-300", "1.25E-300"), found.toString());
    }

    @Test
    void shouldScaleAndConvertBlankPixelsToNan() {
        MemoryImage image = FitsFile.read(copy("scaled_blank_int16.fits")).image();

        assertEquals(DataType.FLOAT32, image.type());
        assertEquals(Shape.of(2, 4), image.shape());
        assertEquals(
                List.of("100.0", "100.5", "101.0", "NaN", "105.0", "110.0", "115.0", "120.0"),
                Golden.elements(image.type(), image.data()));
    }

    @ParameterizedTest
    @CsvSource({
        "tile_rice_int16.fits, INT16, 0",
        "tile_rice_int32_tiles8x8.fits, INT32, 1",
        "tile_gzip1_uint8.fits, UINT8, 2",
        "tile_rice_uint16_bzero.fits, UINT16, 3"
    })
    void shouldReadCompressedTiles(String name, DataType type, int rule) {
        IntBinaryOperator pixel = List.<IntBinaryOperator>of(
                        (x, y) -> 3 * x + 7 * y - 50,
                        (x, y) -> 1000 * x + 70000 * y,
                        (x, y) -> (x + y) & 0xff,
                        (x, y) -> (3000 * x + y) & 0xffff)
                .get(rule);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 16 * 20; i++) {
            expected.add(Integer.toString(pixel.applyAsInt(i % 20, i / 20)));
        }

        FitsImage read = FitsFile.read(copy(name));

        assertEquals(type, read.image().type());
        assertEquals(Shape.of(16, 20), read.image().shape());
        assertEquals(expected, Golden.elements(type, read.image().data()));
        assertEquals(List.of(), read.cards());
    }

    @Test
    void shouldReadExtensionsByNumberAndByName() {
        Path file = copy("multi_ext.fits");
        List<String> science =
                Golden.elements(DataType.INT16, FitsFile.read(file).image().data());

        for (String address : List.of("[1]", "[SCI]", "[sci]", "[SCI,1]")) {
            MemoryImage image = FitsFile.read(Path.of(file + address)).image();
            assertEquals(science, Golden.elements(image.type(), image.data()), address);
            assertEquals(1, FitsFile.header(Path.of(file + address)).hdu());
        }
        for (String address : List.of("[2]", "[VAR]", "[VAR,2]")) {
            MemoryImage image = FitsFile.read(Path.of(file + address)).image();
            assertEquals(DataType.FLOAT32, image.type());
            assertEquals("-60000.0", Golden.elements(image.type(), image.data()).get(0), address);
        }
        TestImages.assertOneLine(
                assertThrows(IncompatibleException.class, () -> FitsFile.read(Path.of(file + "[0]"))),
                "has no image in HDU 0",
                "header without pixels");
        TestImages.assertOneLine(
                assertThrows(NotFoundException.class, () -> FitsFile.read(Path.of(file + "[3]"))),
                "there is no HDU 3",
                "has 3 HDUs");
        TestImages.assertOneLine(
                assertThrows(NotFoundException.class, () -> FitsFile.read(Path.of(file + "[VAR,7]"))),
                "there is no extension VAR of version 7");
    }

    @Test
    void shouldReportThatAFileHasNoImage() {
        Path file = copy("naxis0.fits");

        TestImages.assertOneLine(
                assertThrows(IncompatibleException.class, () -> FitsFile.read(file)),
                "there is no image in",
                "has 1 HDU");
    }

    @ParameterizedTest
    @MethodSource("withValues")
    void shouldFillMemoryOfAnyKind(Golden golden) {
        Path file = copy(golden);
        MemoryImage image = FitsFile.read(file).image();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment unaligned =
                    arena.allocate(image.data().byteSize() + 1).asSlice(1);
            MemorySegment heap =
                    MemorySegment.ofArray(new byte[(int) image.data().byteSize()]);
            MemorySegment longs = MemorySegment.ofArray(
                            new long[(int) image.data().byteSize() / 8 + 1])
                    .asSlice(0, image.data().byteSize());
            for (MemorySegment target : List.of(unaligned, heap, longs)) {
                FitsFile.readInto(file, target);
                assertEquals(-1, image.data().mismatch(target));
            }
        }
    }

    static Stream<Golden> corrupt() {
        return Golden.fits("corrupt");
    }

    @ParameterizedTest
    @MethodSource("corrupt")
    void shouldRefuseDamagedFilesWithTheReason(Golden golden) {
        Path file = copy(golden);
        assertTimeoutPreemptively(Duration.ofSeconds(100), () -> {
            if (golden.text("expect").startsWith("accept")) {
                assertEquals(Shape.of(3, 4), FitsFile.read(file).image().shape());
                return;
            }
            ShmException failure = assertThrows(IncompatibleException.class, () -> FitsFile.read(file));
            TestImages.assertOneLine(failure, file.toString(), reason(golden.name()));
            assertFalse(failure.getMessage().chars().anyMatch(c -> c < ' ' || c > '~'));
        });
    }

    private static String reason(String name) {
        return switch (name.replaceFirst("\\.fits.*", "")) {
            case "fits_trunc_in_header" -> "truncated, expected 24 bytes, found 0";
            case "fits_no_end" -> "before the card END";
            case "fits_trunc_in_data" -> "truncated, expected 24 bytes, found 10";
            case "fits_simple_f" -> "SIMPLE is not T";
            case "fits_bitpix_17" -> "BITPIX is 17";
            case "fits_naxis_1000" -> "NAXIS is 1000, but must be between 0 and 999";
            case "fits_naxis_negative" -> "NAXIS is -1";
            case "fits_naxis1_negative" -> "NAXIS1 is -4";
            case "fits_naxis1_text" -> "not an integer";
            case "fits_naxis_product_overflow" -> "63 bits";
            case "fits_naxis3_missing" -> "it has no card NAXIS3";
            case "fits_gzip_truncated", "fits_gzip_bad_crc" -> "gzip data is damaged";
            default -> throw new IllegalArgumentException("no reason is known for " + name);
        };
    }
}

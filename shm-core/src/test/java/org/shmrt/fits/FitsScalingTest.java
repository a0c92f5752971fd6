package org.shmrt.fits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;

/** BSCALE, BZERO and BLANK for every BITPIX. */
class FitsScalingTest {
    /** More than one chunk, and not a multiple of the chunk size. */
    private static final int PIXELS = 300_001;

    @TempDir
    Path directory;

    /** A file with random stored elements; every hundredth element is {@code special}. */
    private Path file(int bitpix, long special, FitsCard... cards) throws IOException {
        CardWriter header = new CardWriter();
        header.add(FitsCard.of("SIMPLE", true, ""));
        header.add(FitsCard.of("BITPIX", bitpix, ""));
        header.add(FitsCard.of("NAXIS", 1, ""));
        header.add(FitsCard.of("NAXIS1", PIXELS, ""));
        for (FitsCard card : cards) {
            header.add(card);
        }
        Random random = new Random(bitpix);
        ByteBuffer data = ByteBuffer.allocate(PIXELS * Math.abs(bitpix) / 8);
        for (int i = 0; i < PIXELS; i++) {
            long raw = i % 100 == 0 ? special : random.nextLong();
            switch (bitpix) {
                case 8 -> data.put((byte) raw);
                case 16 -> data.putShort((short) raw);
                case 32 -> data.putInt((int) raw);
                case 64 -> data.putLong(raw);
                case -32 -> data.putFloat(raw * 1e-9f);
                default -> data.putDouble(raw * 1e-9);
            }
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(header.end());
        all.write(data.array());
        return Files.write(directory.resolve("x.fits"), all.toByteArray());
    }

    private static double stored(int bitpix, ByteBuffer file, int i) {
        int at = 2880 + i * Math.abs(bitpix) / 8;
        return switch (bitpix) {
            case 8 -> Byte.toUnsignedInt(file.get(at));
            case 16 -> file.getShort(at);
            case 32 -> file.getInt(at);
            case 64 -> file.getLong(at);
            case -32 -> file.getFloat(at);
            default -> file.getDouble(at);
        };
    }

    private static double pixel(MemoryImage image, int i) {
        return image.type() == DataType.FLOAT32
                ? image.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4L)
                : image.data().get(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8L);
    }

    @ParameterizedTest
    @CsvSource({"8, FLOAT32, 7", "16, FLOAT32, -32768", "32, FLOAT64, 99", "64, FLOAT64, -9223372036854775808"})
    void shouldScaleIntegersAndConvertBlankOnesToNan(int bitpix, DataType type, long blank) throws IOException {
        Path path = file(
                bitpix,
                blank,
                FitsCard.of("BSCALE", 0.37, ""),
                FitsCard.of("BZERO", -1234.5, ""),
                FitsCard.of("BLANK", blank, ""));

        MemoryImage image = FitsFile.read(path).image();

        assertEquals(type, image.type());
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path));
        for (int i = 0; i < PIXELS; i++) {
            double raw = stored(bitpix, file, i);
            // a 64-bit integer may round to the same double as BLANK, but only BLANK itself is undefined
            boolean isBlank = raw == blank && (bitpix < 64 || file.getLong(2880 + i * 8) == blank);
            double expected = isBlank ? Double.NaN : raw * 0.37 - 1234.5;
            assertEquals(type == DataType.FLOAT32 ? (float) expected : expected, pixel(image, i));
        }
    }

    @ParameterizedTest
    @CsvSource({"-32, FLOAT32", "-64, FLOAT64"})
    void shouldScaleFloatingPointNumbersAndIgnoreBlank(int bitpix, DataType type) throws IOException {
        Path path = file(
                bitpix, 5, FitsCard.of("BSCALE", 3L, ""), FitsCard.of("BZERO", 0.25, ""), FitsCard.of("BLANK", 0, ""));

        MemoryImage image = FitsFile.read(path).image();

        assertEquals(type, image.type());
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path));
        for (int i = 0; i < PIXELS; i++) {
            double expected = stored(bitpix, file, i) * 3 + 0.25;
            assertEquals(type == DataType.FLOAT32 ? (float) expected : expected, pixel(image, i));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "8, 0, UINT8",
        "8, -128, INT8",
        "8, 128, FLOAT32",
        "16, 32768, UINT16",
        "16, -32768, FLOAT32",
        "16, 1, FLOAT32",
        "32, 2147483648, UINT32",
        "32, 32768, FLOAT64",
        "64, 9.223372036854775808E18, UINT64",
        "64, 2147483648, FLOAT64",
        "-32, 1, FLOAT32",
        "-64, 1, FLOAT64"
    })
    void shouldDeriveTypesFromOffsets(int bitpix, double zero, DataType type) throws IOException {
        assertEquals(
                type,
                FitsFile.header(file(bitpix, 0, FitsCard.of("BZERO", zero, ""))).type());
        // as other programs write it: an integer, together with BSCALE
        if (zero < 1e18) {
            assertEquals(
                    type,
                    FitsFile.header(file(
                                    bitpix, 0, FitsCard.of("BSCALE", 1.0, ""), FitsCard.of("BZERO", (long) zero, "")))
                            .type());
        }
        if (bitpix > 0) {
            DataType floating = bitpix <= 16 ? DataType.FLOAT32 : DataType.FLOAT64;
            assertEquals(
                    floating,
                    FitsFile.header(file(bitpix, 0, FitsCard.of("BZERO", zero, ""), FitsCard.of("BLANK", 0, "")))
                            .type());
            assertEquals(
                    floating,
                    FitsFile.header(file(bitpix, 0, FitsCard.of("BZERO", zero, ""), FitsCard.of("BSCALE", 2.0, "")))
                            .type());
        }
    }

    @Test
    void shouldDeriveTheTypeFromTheHeaderAndNotFromPixels() throws IOException {
        // no pixel has the BLANK value
        assertEquals(
                DataType.FLOAT32,
                FitsFile.read(file(16, 5, FitsCard.of("BLANK", 70_000, "")))
                        .image()
                        .type());
        assertEquals(
                DataType.INT16,
                FitsFile.read(file(16, 5, FitsCard.of("BSCALE", 1, ""))).image().type());
    }
}

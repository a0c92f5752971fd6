package org.shmrt.fits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.card.FitsHeader;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/** Which cards describe an image or a section of it, and which are ignored. */
class FitsHeaderCardsTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Appends an HDU of 16-bit integers; {@code lengths} are NAXIS1, NAXIS2 and so on. */
    private void hdu(List<Integer> lengths, FitsCard... cards) throws IOException {
        CardWriter header = new CardWriter();
        header.add(bytes.size() == 0 ? FitsCard.of("SIMPLE", true, "") : FitsCard.of("XTENSION", "IMAGE", ""));
        header.add(FitsCard.of("BITPIX", 16, ""));
        header.add(FitsCard.of("NAXIS", lengths.size(), ""));
        int pixels = lengths.isEmpty() ? 0 : 1;
        for (int i = 0; i < lengths.size(); i++) {
            header.add(FitsCard.of("NAXIS" + (i + 1), lengths.get(i), ""));
            pixels *= lengths.get(i);
        }
        for (FitsCard card : cards) {
            header.add(card);
        }
        bytes.write(header.end());
        bytes.write(new byte[(pixels * 2 + 2879) / 2880 * 2880]);
    }

    private FitsHeader header(String brackets) throws IOException {
        return FitsFile.header(Path.of(Files.write(directory.resolve("x.fits"), bytes.toByteArray()) + brackets));
    }

    private static List<String> text(FitsHeader header) {
        return header.cards().stream()
                .map(card -> card.name() + "=" + card.value())
                .toList();
    }

    static Stream<FitsCard> invalidBlanks() {
        return Stream.of(
                FitsCard.of("BLANK", -3.0, ""),
                FitsCard.of("BLANK", "none", ""),
                FitsCard.of("BLANK", true, ""),
                FitsCard.undefined("BLANK", ""));
    }

    @ParameterizedTest
    @MethodSource("invalidBlanks")
    void shouldIgnoreABlankThatIsNoIntegerAndSaySo(FitsCard blank) throws IOException {
        hdu(List.of(4, 3), blank);

        FitsHeader header = header("");

        assertEquals(DataType.INT16, header.type());
        assertEquals(1, header.remarks().size());
        assertTrue(header.remarks().get(0).matches("BLANK is .*, not an integer, and was ignored"), header.toString());
        assertEquals(
                header.remarks(), FitsFile.read(directory.resolve("x.fits")).remarks());
    }

    @Test
    void shouldUseTheFirstOfTwoCardsThatDescribeThePixels() throws IOException {
        hdu(List.of(4, 3), FitsCard.of("BZERO", 32_768, ""), FitsCard.of("BZERO", 7, ""));

        assertEquals(DataType.UINT16, header("").type());
    }

    private static FitsCard[] coordinates() {
        List<FitsCard> cards = new ArrayList<>();
        cards.add(FitsCard.of("WCSAXES", 4, ""));
        for (int axis = 1; axis <= 4; axis++) {
            cards.add(FitsCard.of("CTYPE" + axis, "AXIS" + axis, ""));
            cards.add(FitsCard.of("CRPIX" + axis, 10.5, ""));
        }
        cards.add(FitsCard.of("CRVAL4A", 1, ""));
        cards.add(FitsCard.of("PC1_4", 1, ""));
        cards.add(FitsCard.of("PC4_1", 1, ""));
        cards.add(FitsCard.of("CD1_2", 5, ""));
        cards.add(FitsCard.of("PV4_1", 1, ""));
        cards.add(FitsCard.of("OBJECT", "M31", ""));
        return cards.toArray(FitsCard[]::new);
    }

    @Test
    void shouldLeaveOutTheCardsOfAnAxisThatIsDropped() throws IOException {
        hdu(List.of(5, 4, 3, 1), coordinates());

        FitsHeader header = header("");

        assertEquals(Shape.of(3, 4, 5), header.shape());
        assertEquals(
                List.of(
                        "WCSAXES=3",
                        "CTYPE1=AXIS1",
                        "CRPIX1=10.5",
                        "CTYPE2=AXIS2",
                        "CRPIX2=10.5",
                        "CTYPE3=AXIS3",
                        "CRPIX3=10.5",
                        "CD1_2=5",
                        "OBJECT=M31"),
                text(header));
    }

    @Test
    void shouldNumberTheAxesOfASectionAndMoveTheReferencePixel() throws IOException {
        hdu(List.of(5, 4, 3, 2), coordinates());

        FitsHeader header = header("[0][:,1,2:4,:]");

        assertEquals(Shape.of(2, 2, 5), header.shape());
        assertEquals(
                List.of(
                        "WCSAXES=3",
                        "CTYPE1=AXIS1",
                        "CRPIX1=10.5",
                        "CTYPE2=AXIS2",
                        "CRPIX2=8.5",
                        "CTYPE3=AXIS4",
                        "CRPIX3=10.5",
                        "CRVAL3A=1",
                        "PC1_3=1",
                        "PC3_1=1",
                        "CD1_2=5",
                        "PV3_1=1",
                        "OBJECT=M31"),
                text(header));
    }

    @Test
    void shouldInheritTheCardsOfThePrimaryHeaderIfTheExtensionAsksForIt() throws IOException {
        hdu(
                List.of(),
                FitsCard.of("EXTNAME", "PRIMARY", ""),
                FitsCard.of("OBJECT", "M31", ""),
                FitsCard.of("EXPTIME", 2.5, ""),
                FitsCard.commentary("HISTORY", "of the primary"));
        hdu(List.of(4, 3), FitsCard.of("INHERIT", true, ""), FitsCard.of("EXPTIME", 0.5, ""));
        hdu(List.of(4, 3), FitsCard.of("INHERIT", false, ""), FitsCard.of("EXPTIME", 0.5, ""));

        assertEquals(List.of("EXPTIME=0.5", "OBJECT=M31"), text(header("[1]")));
        assertEquals(List.of("EXPTIME=0.5"), text(header("[2]")));
    }

    @Test
    void shouldNotInheritTheCoordinatesOfThePixelsOfThePrimaryHeader() throws IOException {
        hdu(List.of(2, 2), FitsCard.of("CRPIX1", 1, ""), FitsCard.of("OBJECT", "M31", ""));
        hdu(List.of(4, 3), FitsCard.of("INHERIT", true, ""));

        assertEquals(List.of("OBJECT=M31"), text(header("[1]")));
    }
}

package org.shmrt.fits.card;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.fits.header.CardReader;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.fits.header.Header;

/** Encodes cards as lines of a header and parses them. */
class FitsCardTest {
    private static final int CARD = 80;

    private static List<FitsCard> read(byte[] header) {
        int end = new String(header, StandardCharsets.US_ASCII).indexOf("END" + " ".repeat(CARD - 3));
        return CardReader.cards(header, end / CARD);
    }

    private static byte[] written(FitsCard... cards) {
        CardWriter writer = new CardWriter();
        for (FitsCard card : cards) {
            writer.add(card);
        }
        byte[] header = writer.end();
        assertEquals(0, header.length % 2880);
        for (byte b : header) {
            assertTrue(b >= ' ' && b <= '~');
        }
        return header;
    }

    private static FitsCard through(FitsCard card) {
        List<FitsCard> found = read(written(card));
        assertEquals(1, found.size(), found.toString());
        return found.get(0);
    }

    private static String line(String text) {
        return text + " ".repeat(CARD - text.length());
    }

    private static FitsCard parsed(String... lines) {
        StringBuilder header = new StringBuilder();
        for (String line : lines) {
            header.append(line(line));
        }
        return CardReader.cards(header.toString().getBytes(StandardCharsets.ISO_8859_1), lines.length)
                .getFirst();
    }

    @Test
    void shouldWriteValuesInTheFixedFormat() {
        String header = new String(
                written(
                        FitsCard.of("NAXIS1", 640, "columns"),
                        FitsCard.of("SIMPLE", true, ""),
                        FitsCard.of("XTENSION", "IMAGE", "kind"),
                        FitsCard.of("GAIN", -2.5, "")),
                StandardCharsets.US_ASCII);

        assertEquals(
                line("NAXIS1  =                  640 / columns")
                        + line("SIMPLE  =                    T")
                        + line("XTENSION= 'IMAGE   '           / kind")
                        + line("GAIN    =                 -2.5")
                        + line("END"),
                header.substring(0, 5 * CARD));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GAIN",
                "DATE-OBS",
                "A_1",
                "gain",
                "loop gain",
                "abcdefghijklmnop",
                "Exposure",
                "A.B.C",
                "END",
                "COMMENT",
                "HISTORY",
                "CONTINUE",
                "HIERARCH",
                "a'b",
                "x/y",
                "NAXIS1x"
            })
    void shouldPreserveNames(String name) {
        for (FitsCard card : List.of(
                FitsCard.of(name, 42, "of it"),
                FitsCard.of(name, "x", ""),
                FitsCard.of(name, -0.1, "a / b"),
                FitsCard.of(name, false, ""))) {
            assertEquals(card, through(card));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1_234_567_890_123L})
    void shouldPreserveIntegers(long value) {
        assertEquals(value, through(FitsCard.of("abcdefghijklmnop", value, "")).value());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0, 0.1, 1e300, -4.9e-324, Double.MAX_VALUE, 1.0 / 3, 1e7, 123456789})
    void shouldPreserveFloatingPointNumbers(double value) {
        assertEquals(FitsCard.of("abcdefghijklmnop", value, ""), through(FitsCard.of("abcdefghijklmnop", value, "")));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void shouldWriteNanAndInfinitiesAsTexts(double value) {
        assertEquals(FitsCard.of("X", Double.toString(value), "c"), through(FitsCard.of("X", value, "c")));
    }

    @Test
    void shouldPreserveTextsOfAnyLength() {
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(300);
            for (int k = 0; k < length; k++) {
                text.append("'' &/ab=".charAt(random.nextInt(8)));
            }
            String name = random.nextBoolean() ? "TEXT" : "a long lower name";
            String comment = random.nextBoolean() ? "" : "why / how";
            FitsCard card = FitsCard.of(name, text.toString().stripTrailing(), comment);

            FitsCard found = through(card);

            assertEquals(card.name(), found.name());
            assertEquals(card.value(), found.value());
            // a comment that does not fit is truncated
            assertTrue(comment.startsWith(found.comment()), found.toString());
        }
    }

    @Test
    void shouldPreserveKeywordsOfStreams() {
        // the limits of a stream are 16 bytes for names and texts, and 80 bytes for comments
        FitsCard text = FitsCard.of("abcdefghijklmnop", "0123456789abcdef", "c".repeat(80));
        FitsCard found = through(text);

        assertEquals(text.name(), found.name());
        assertEquals(text.value(), found.value());
        assertTrue(found.comment().matches("c{31,80}"), found.comment());
    }

    @Test
    void shouldReplaceCharactersThatFitsDoesNotAllow() {
        FitsCard found = through(FitsCard.of("gr\u00f6\u00dfe=", "z\u00fcrich\n", "\u00b5m\u0000"));

        assertEquals(FitsCard.of("gr??e?", "z?rich?", "?m?"), found);
    }

    @Test
    void shouldSplitLongCommentary() {
        List<FitsCard> found = read(written(
                FitsCard.commentary("COMMENT", "0123456789".repeat(15)),
                FitsCard.commentary("", "no name"),
                FitsCard.commentary("HISTORY", "")));

        assertEquals(
                List.of("COMMENT", "COMMENT", "COMMENT", "", "HISTORY"),
                found.stream().map(FitsCard::name).toList());
        assertEquals(
                "0123456789".repeat(15),
                found.get(0).value() + "" + found.get(1).value() + found.get(2).value());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "A       =                   12 / c  | INTEGER | 12 | c",
                "A       = +7                        | INTEGER | 7 | ``",
                "A       = 1.5D3/tight               | REAL | 1500.0 | tight",
                "A       = .5                        | REAL | 0.5 | ``",
                "A       = 5.                        | REAL | 5.0 | ``",
                "A       = 1E400                     | REAL | Infinity | ``",
                "A       = 92233720368547758080      | REAL | 9.223372036854776E19 | ``",
                "A       = (1.0, 2.0) / complex      | TEXT | (1.0, 2.0) | complex",
                "A       = nonsense                  | TEXT | nonsense | ``",
                "A       = 'it''s' / quote           | TEXT | it's | quote",
                "A       = 'open end                 | TEXT | open end | ``",
                "A       = ' lead'                   | TEXT | ` lead` | ``",
                "A       =                           | UNDEFINED | | ``",
                "A       = / only a comment          | UNDEFINED | | only a comment",
                "A         no equals sign            | COMMENTARY | `  no equals sign` | ``",
                "A       =1                          | COMMENTARY | `=1` | ``",
                "COMMENT = 5                         | COMMENTARY | `= 5` | ``",
                "HIERARCH ESO TEL = 3 / tel          | INTEGER | 3 | tel",
                "HIERARCH nothing here               | COMMENTARY | ` nothing here` | ``"
            })
    void shouldReadCardsOfOtherPrograms(String line, FitsCard.Type type, String value, String comment) {
        FitsCard card = parsed(line);

        assertEquals(type, card.type());
        assertEquals(value, card.value() == null ? null : card.value().toString());
        assertEquals(comment, card.comment());
    }

    @Test
    void shouldJoinContinuedTextsOnly() {
        assertEquals("abcdef", parsed("A       = 'abc&'", "CONTINUE  'def' / c").value());
        assertEquals("abc&", parsed("A       = 'abc&'", "B       = 1").value());
        assertEquals("abc&", parsed("A       = 'abc&'").value());
        assertEquals("abc&", parsed("A       = 'abc&'", "CONTINUE  no quote").value());
    }

    @Test
    void shouldParseAnyLine() {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            byte[] line = new byte[CARD];
            random.nextBytes(line);
            if (random.nextBoolean()) {
                System.arraycopy(
                        "A       = '&/HIERARCH CONTINUE".getBytes(StandardCharsets.US_ASCII),
                        random.nextInt(9),
                        line,
                        0,
                        10 + random.nextInt(10));
            }
            for (FitsCard read : CardReader.cards(line, 1)) {
                assertTrue(read.name().chars().allMatch(c -> c >= ' ' && c <= '~'));
            }
        }
    }

    @Test
    void shouldRefuseValuesOfAnotherType() {
        assertThrows(IllegalArgumentException.class, () -> new FitsCard("A", FitsCard.Type.INTEGER, "1", ""));
        assertThrows(IllegalArgumentException.class, () -> new FitsCard("A", FitsCard.Type.UNDEFINED, 1L, ""));
        assertThrows(IllegalArgumentException.class, () -> FitsCard.of(" ", 1, ""));
        assertThrows(IllegalArgumentException.class, () -> FitsCard.of("A", 1, null));
        assertThrows(IllegalArgumentException.class, () -> written(FitsCard.of("n".repeat(80), 1, "")));
    }

    @Test
    void shouldWriteTimesWithNanoseconds() {
        assertEquals(
                "2026-01-02T03:04:05.678000001",
                FitsCard.ofTime("DATE-OBS", 1_767_323_045_678_000_001L, "").value());
        assertEquals(
                "1969-12-31T23:59:59.999999999",
                FitsCard.ofTime("DATE-OBS", -1, "").value());
        assertEquals(
                "2262-04-11T23:47:16.854775807",
                FitsCard.ofTime("DATE-OBS", Long.MAX_VALUE, "").value());
    }

    @Test
    void shouldLeaveOutStructureCards() {
        List<String> kept = new ArrayList<>();
        for (String name : List.of(
                "NAXIS",
                "NAXIS12",
                "BZERO",
                "TFORM3",
                "ZTILE1",
                "CHECKSUM",
                "GAIN",
                "NAXISX",
                "ZOOM",
                "TEMP",
                "EXTNAME")) {
            if (!Header.isStructure(name)) {
                kept.add(name);
            }
        }
        assertEquals(List.of("GAIN", "NAXISX", "ZOOM", "TEMP", "EXTNAME"), kept);
    }
}

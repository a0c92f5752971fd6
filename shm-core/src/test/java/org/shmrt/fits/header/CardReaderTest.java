package org.shmrt.fits.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.shmrt.fits.card.FitsCard;

/** Finding and parsing a single card of a header. */
class CardReaderTest {
    private static CardReader reader(String... lines) {
        StringBuilder header = new StringBuilder();
        for (String line : lines) {
            header.append(line).append(" ".repeat(FitsBlock.CARD_BYTES - line.length()));
        }
        return new CardReader(header.toString().getBytes(StandardCharsets.ISO_8859_1), lines.length);
    }

    @Test
    void shouldFindTheFirstOrdinaryCardOfExactlyThatName() {
        CardReader reader = reader(
                "HIERARCH A = 1",
                "A        = 2", // the equals sign must be in column 9
                "AB      = 3",
                " A      = 4",
                "A       =5",
                "A       = 6 / first",
                "A       = 7",
                "NAXIS999= 8",
                "");

        assertEquals(FitsCard.of("A", 6, "first"), reader.first("A"));
        assertEquals(FitsCard.of("AB", 3, ""), reader.first("AB"));
        assertEquals(FitsCard.of("NAXIS999", 8, ""), reader.first("NAXIS999"));
        assertNull(reader.first("NAXIS9990"), "longer than a name can be");
        assertNull(reader.first("ABC"));
        assertNull(reader.first("B"));
        assertSame(reader.first("A"), reader.first("A"), "parsed once");
    }

    @Test
    void shouldReadALongTextToItsEndWithoutTheOtherCards() {
        CardReader reader = reader(
                "X       = 'one &'",
                "CONTINUE  'two &'",
                "CONTINUE  'three' / done",
                "CONTINUE= 'no continuation'",
                "Y       = 'last &'");

        assertEquals(FitsCard.of("X", "one two three", "done"), reader.first("X"));
        assertEquals(FitsCard.of("Y", "last &", ""), reader.first("Y"));
        assertEquals(
                List.of(
                        FitsCard.of("X", "one two three", "done"),
                        FitsCard.of("CONTINUE", "no continuation", ""),
                        FitsCard.of("Y", "last &", "")),
                reader.all());
    }
}

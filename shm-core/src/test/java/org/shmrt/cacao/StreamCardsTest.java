package org.shmrt.cacao;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/** Keywords of streams are converted to cards, written to a file and converted back. */
class StreamCardsTest {
    private static final MemoryImage IMAGE = TestImages.random(DataType.UINT16, Shape.of(3, 4), new Random(1));

    @TempDir
    Path directory;

    private List<FitsCard> through(List<FitsCard> cards) {
        Path file = directory.resolve("x.fits");
        for (boolean compressed : new boolean[] {false, true}) {
            FitsOptions options = FitsOptions.defaults().withCards(cards);
            FitsFile.write(file, IMAGE, compressed ? options.withCompression() : options);
            TestImages.assertSame(IMAGE, FitsFile.read(file).image());
        }
        return FitsFile.header(file).cards();
    }

    @Test
    void shouldPreserveKeywordsOfStreams() {
        Random random = new Random(3);
        List<FitsCard> keywords = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            // names of every length up to 16, in both cases
            String name = ("k" + i + "abcdefghijklmno").substring(0, 5 + i % 12);
            name = i % 2 == 0 ? name.toUpperCase(Locale.ROOT) : name;
            String comment = i % 3 == 0 ? "" : "comment " + i;
            keywords.add(
                    switch (i % 4) {
                        case 0 -> FitsCard.of(name, random.nextLong(), comment);
                        case 1 -> FitsCard.of(name, Double.longBitsToDouble(random.nextLong() & ~(1L << 62)), comment);
                        case 2 ->
                            FitsCard.of(
                                    name,
                                    "it's 16 bytes lo".substring(0, 1 + i % 16).stripTrailing(),
                                    comment);
                        default -> FitsCard.of(name, (double) i, comment);
                    });
        }

        StreamCards.Selection back = StreamCards.forStream(through(keywords));

        assertEquals(keywords, back.keywords());
        assertEquals(List.of(), back.leftOut());
    }

    @Test
    void shouldSelectCardsThatAStreamCanStore() {
        FitsCard fits = FitsCard.of("GAIN", 2.5, "c".repeat(100));
        List<FitsCard> others = List.of(
                FitsCard.of("n".repeat(17), 1, ""),
                FitsCard.of("OBJECT", "t".repeat(17), ""),
                FitsCard.commentary("HISTORY", "made"),
                FitsCard.undefined("UNDEF", ""));
        List<FitsCard> cards = new ArrayList<>(others);
        cards.add(fits);
        cards.add(FitsCard.of("OPEN", true, "shutter"));

        StreamCards.Selection chosen = StreamCards.forStream(cards);

        assertEquals(
                List.of(FitsCard.of("GAIN", 2.5, "c".repeat(80)), FitsCard.of("OPEN", 1, "shutter")),
                chosen.keywords());
        assertEquals(others, chosen.leftOut());
    }

    @Test
    void shouldDescribeCountersAndTimeOfAFrame() {
        List<String> found = through(StreamCards.ofFrame(42, 1, 99, 1_767_323_045_678_000_001L)).stream()
                .map(card -> card.name() + "=" + card.value())
                .toList();

        assertEquals(
                List.of(
                        "DATE-OBS=2026-01-02T03:04:05.678000001",
                        "ACQTIME=1767323045678000001",
                        "CNT0=42",
                        "CNT1=1",
                        "CNT2=99"),
                found);
        assertEquals(3, StreamCards.ofFrame(1, 0, 0, 0).size());
    }

    @Test
    void shouldLeaveOutKeywordsThatWouldChangeTheStructure() {
        List<FitsCard> malicious = List.of(
                FitsCard.of("NAXIS1", 7, ""),
                FitsCard.of("BZERO", 5.0, ""),
                FitsCard.of("END", 1, ""),
                FitsCard.of("naxis2", 9, ""),
                FitsCard.of("BLANK", 0, ""));
        Path file = directory.resolve("x.fits");

        String note = FitsFile.write(file, IMAGE, FitsOptions.defaults().withCards(malicious))
                .orElseThrow();

        assertTrue(note.contains("NAXIS1") && note.contains("BZERO") && note.contains("BLANK"), note);
        TestImages.assertSame(IMAGE, FitsFile.read(file).image());
        assertEquals(
                List.of("naxis2"),
                FitsFile.header(file).cards().stream().map(FitsCard::name).toList());
    }
}

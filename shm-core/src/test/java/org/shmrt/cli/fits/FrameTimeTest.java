package org.shmrt.cli.fits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cli.ShmCommand;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;

/** The times of frames in reports and FITS files, if a writer stores those of another clock or unit. */
class FrameTimeTest {
    private static final long NS_PER_S = 1_000_000_000L;

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inSharedMemory();

    private void publishAt(String format, long timeNs) {
        shm.run("create", "STREAM", "--shape", "2x2", "--dtype", "u8", "--format", format)
                .succeeded();
        try (ImageStream stream = ImageStream.open(shm.stream());
                FrameWriter writer = stream.writer()) {
            writer.claim();
            writer.publish(timeNs);
        }
    }

    private Optional<Object> card(String name) {
        List<FitsCard> cards = FitsFile.header(shm.file("out.fits")).cards();
        return cards.stream()
                .filter(card -> card.name().equals(name))
                .findFirst()
                .map(FitsCard::value);
    }

    private static long timeNs(String kind) {
        long nowUs = System.currentTimeMillis() * 1000;
        return switch (kind) {
            case "monotonic" -> System.nanoTime();
            case "microseconds" -> nowUs;
            case "day ahead" -> (nowUs / 1_000_000 + 86_400) * NS_PER_S;
            default -> throw new IllegalArgumentException(kind);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "dao, monotonic, monotonic clock",
        "milk, monotonic, monotonic clock",
        "dao, microseconds, microseconds",
        "milk, microseconds, microseconds",
        "dao, day ahead, ahead of this machine's clock"
    })
    void shouldReportATimeThatCannotBeThatOfAFrameAndWriteNoDate(String format, String kind, String cause) {
        long timeNs = timeNs(kind);
        publishAt(format, timeNs);

        String findings =
                shm.run("info", "STREAM", "--json").json().get("findings").toString();
        String remark =
                shm.run("shm2fits", "STREAM", "DIR/out.fits").succeeded().out();

        assertTrue(findings.contains("the time of the newest frame is ") && findings.contains(cause), findings);
        assertTrue(remark.contains("no DATE-OBS, because the time of the frame is ") && remark.contains(cause), remark);
        assertFalse(card("DATE-OBS").isPresent());
        assertEquals(Optional.of(timeNs), card("ACQTIME"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--count 1", "--history 1"})
    void shouldWriteNoFalseDateForACube(String options) {
        publishAt("dao", System.nanoTime());

        JsonObject report =
                shm.runLine("shm2fits STREAM DIR/out.fits --json " + options).json();

        assertTrue(report.get("remark").getAsString().startsWith("no DATE-OBS"), report.toString());
        assertFalse(card("DATE-OBS").isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldWriteTheDateOfAFrameOfToday(String format) {
        long nowNs = System.currentTimeMillis() * 1_000_000;
        publishAt(format, nowNs);

        JsonObject report =
                shm.run("shm2fits", "STREAM", "DIR/out.fits", "--json").json();

        assertTrue(report.get("remark").isJsonNull(), report.toString());
        assertTrue(card("DATE-OBS").isPresent());
        assertEquals(
                "[]", shm.run("info", "STREAM", "--json").json().get("findings").toString());
    }
}

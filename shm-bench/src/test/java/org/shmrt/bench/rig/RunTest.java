package org.shmrt.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RunTest {
    private static RunBooks books(long sent, long received, long bad, int times) {
        Histogram roundTrips = RunBooks.newHistogram();
        for (int i = 0; i < times; i++) {
            roundTrips.recordValue(100 + 1000L * i);
        }
        return new RunBooks(sent, received, bad, 5, roundTrips);
    }

    @Test
    void shouldAcceptBooksThatAgree() {
        assertTrue(Run.of(books(12, 12, 0, 10), books(12, 12, 0, 0), 2, 10).isGood());
    }

    @Test
    void shouldRefuseALostMessage() {
        assertFalse(Run.of(books(12, 12, 0, 10), books(12, 11, 0, 0), 2, 10).isGood());
        assertFalse(Run.of(books(12, 11, 0, 10), books(12, 12, 0, 0), 2, 10).isGood());
        assertFalse(Run.of(books(13, 12, 0, 10), books(12, 12, 0, 0), 2, 10).isGood());
    }

    @Test
    void shouldRefuseAWrongContent() {
        assertFalse(Run.of(books(12, 12, 0, 10), books(12, 12, 1, 0), 2, 10).isGood());
    }

    @Test
    void shouldRefuseTimesThatAreMissing() {
        assertFalse(Run.of(books(12, 12, 0, 9), books(12, 12, 0, 0), 2, 10).isGood());
    }

    @Test
    void shouldReadBooksAsTheyWereWritten() throws RunFailedException {
        RunBooks written = books(12, 11, 3, 40);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        written.printTo(new PrintStream(bytes, true, StandardCharsets.US_ASCII));
        Iterator<String> lines = bytes.toString(StandardCharsets.US_ASCII).lines().iterator();
        RunBooks read = RunBooks.parse(lines::next);

        assertEquals(written, read);
    }

    @Test
    void shouldPassOnWhatAPeerSaysOfItsFailure() {
        RunFailedException e = assertThrows(RunFailedException.class, () -> RunBooks.parse(() -> "failed no message"));
        assertEquals("failed no message", e.getMessage());
    }

    @Test
    void shouldResolveAMedianBetweenTheStepsOfTheClock() {
        Histogram times = RunBooks.newHistogram();
        times.recordValueWithCount(100, 25);
        times.recordValueWithCount(110, 50);
        times.recordValueWithCount(111, 25);

        assertEquals(110 + 10.0 * 25 / 75, Percentiles.of(times, 50, 10), 1e-9);
        assertEquals(120, Percentiles.of(times, 100, 10), 1e-9);
        assertEquals(0, Percentiles.of(RunBooks.newHistogram(), 50, 10));
    }

    @Test
    void shouldTakeTheMedianOfThePairs() {
        assertEquals(2, Outcome.median(List.of(3.0, 1.0, 2.0)));
        assertEquals(1.5, Outcome.median(List.of(2.0, 1.0)));
        assertEquals(0, Outcome.median(List.of()));
    }
}

package org.shmrt.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.error.ShmException;
import org.shmrt.stream.ImageStream;
import org.shmrt.telemetry.TelemetryWriter;

@Tag("slow")
@Timeout(600)
class RehearsalTest extends LoopFixture {
    private List<String> scratchStreams() {
        return scratch.files().stream().filter(file -> file.contains("-warmup")).toList();
    }

    /** The scratch camera comes before the scratch mirror. */
    @Test
    void shouldRemoveTheOtherScratchStreamsIfOneIsGone() {
        try (ControlLoop loop = builder()
                .trigger(Trigger.frame(camera))
                .step((frame, command, none) -> {
                    scratchStreams().stream()
                            .filter(file -> file.contains("cam"))
                            .forEach(file ->
                                    ImageStream.remove(scratch.directory().resolve(file)));
                    twice(frame, command);
                })
                .build()) {
            assertThrows(ShmException.class, () -> loop.warmUp(Duration.ofMillis(1)));
        }
        assertEquals(List.of(), scratchStreams());
    }

    /**
     * A wait ends after 10 ms, so there are twenty for each step. On a busy machine there may be too few, so a longer run
     * follows.
     */
    @Test
    void shouldCountTheWaitsForFramesThatComeLate() {
        LoopParts<Void> parts = builder()
                .trigger(Trigger.frame(camera).semaphore())
                .rateHz(5)
                .step(LoopFixture::twice)
                .parts();
        try (TelemetryWriter page = TelemetryWriter.create(name);
                Rehearsal<Void> rehearsal = new Rehearsal<>(parts, page)) {
            Rehearsal.Outcome outcome = new Rehearsal.Outcome(0, 0, 0);
            for (int s = 1; s <= 64 && outcome.waits() <= outcome.steps() + 5; s *= 2) {
                outcome = rehearsal.run(s * 1_000_000_000L, Rehearsal.Pace.STEADY);
            }

            assertTrue(outcome.waits() > outcome.steps() + 5, outcome.toString());
        }
    }

    /** The bytes and steps of a loop on a busy machine, where each sleep allocated 40 bytes. */
    @Test
    void shouldNotTakeTheBytesOfSleepsForThoseOfTheStep() {
        assertFalse(new Rehearsal.Outcome(13_360, 188, 334).hasStepAllocated(64));
        assertTrue(new Rehearsal.Outcome(13_360, 188, 188).hasStepAllocated(64));
        assertTrue(new Rehearsal.Outcome(13_360, 188, 334).hasStepAllocated(0));
    }
}

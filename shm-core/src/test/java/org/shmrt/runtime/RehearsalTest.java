package org.shmrt.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.error.ShmException;
import org.shmrt.stream.ImageStream;

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
}

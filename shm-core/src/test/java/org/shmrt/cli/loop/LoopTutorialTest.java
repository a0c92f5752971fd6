package org.shmrt.cli.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.Shm;
import org.shmrt.testing.GuideShell;
import org.shmrt.testing.Scratch;

/** The tutorial of control loops runs as it is written. The times on it are measured, so its numbers may differ. */
@Tag("slow")
@Timeout(900)
class LoopTutorialTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    @Test
    void shouldRunTheTutorialAsWritten() throws IOException {
        new GuideShell(Files.readString(Path.of("docs/loop-tutorial.md")), GuideShell.Numbers.ANY)
                .run(Shm.class, scratch);

        Path work = scratch.directory().resolve("work");
        List<Double> errors = Files.readAllLines(work.resolve("camera.txt")).stream()
                .map(line -> Double.valueOf(line.split(" ")[4]))
                .toList();
        assertEquals(2, errors.get(0), 0.001, "without a loop");
        assertTrue(errors.stream().anyMatch(error -> error < 1), () -> "the loop corrected nothing: " + errors);
        List<String> watched = Files.readAllLines(work.resolve("watch.txt"));
        assertTrue(watched.get(watched.size() - 1).startsWith("killed "), watched::toString);
        assertTrue(watched.stream().allMatch(line -> line.length() <= 80), watched::toString);
    }
}

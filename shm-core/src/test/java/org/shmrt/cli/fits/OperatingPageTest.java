package org.shmrt.cli.fits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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

/** The commands of the operator's page run and print what the page shows. */
@Tag("slow")
@Timeout(600)
class OperatingPageTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @Test
    void shouldRunTheSessionAsWritten() throws IOException {
        new GuideShell(Files.readString(Path.of("docs/operating.md"))).run(Shm.class, scratch);

        try (var left = Files.list(scratch.directory().resolve("streams"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void shouldFailIfAPageShowsAnotherOutputOrACommandFails() {
        assertThrows(
                AssertionError.class,
                () -> new GuideShell("```sh\necho one\n```\n\n```text\ntwo\n```\n").run(Shm.class, scratch));
        assertThrows(IOException.class, () -> new GuideShell("```sh\nfalse\n```\n").run(Shm.class, scratch));
    }
}

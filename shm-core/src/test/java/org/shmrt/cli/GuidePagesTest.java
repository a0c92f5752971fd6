package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.GuideShell;
import org.shmrt.testing.Scratch;

/** The quick start and the tutorials run as they are written. */
@Tag("slow")
@Timeout(600)
class GuidePagesTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private void run(String page, GuideShell.Numbers numbers) throws IOException {
        new GuideShell(Files.readString(Path.of("docs", page)), numbers).run(Shm.class, scratch);

        try (var left = Files.list(scratch.directory().resolve("streams"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void shouldRunTheQuickStart() throws IOException {
        run("quick-start.md", GuideShell.Numbers.ANY);
    }

    @Test
    void shouldRunTheTutorialForUsersOfNumpy() throws IOException {
        assumeTrue(ExternalCommand.succeeds("python3", "-c", "import numpy"), "needs python3 with numpy");
        run("tutorial-numpy.md", GuideShell.Numbers.EXACT);
    }

    @Test
    void shouldRunTheTutorialForUsersOfDao() throws IOException {
        run("tutorial-dao.md", GuideShell.Numbers.EXACT);
    }

    @Test
    void shouldRunTheTutorialOnRecordings() throws IOException {
        run("tutorial-recording.md", GuideShell.Numbers.ANY);
    }

    @Test
    void shouldRunTheTutorialForUsersOfMilk() throws IOException {
        run("tutorial-milk.md", GuideShell.Numbers.EXACT);
    }
}

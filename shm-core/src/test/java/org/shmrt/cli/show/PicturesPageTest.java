package org.shmrt.cli.show;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.Shm;
import org.shmrt.testing.GuideShell;
import org.shmrt.testing.Scratch;

/** The commands on the page about pictures print what the page shows. */
@Timeout(600)
class PicturesPageTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @Test
    void shouldPrintWhatThePageShows() throws IOException {
        new GuideShell(Files.readString(Path.of("docs/pictures.md"))).run(Shm.class, scratch);
    }
}

package org.shmrt.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.Shm;
import org.shmrt.testing.GuideShell;
import org.shmrt.testing.Scratch;

/** The commands on the page about {@code shm doctor} print what the page shows. */
@Tag("slow")
@Timeout(600)
class DoctorPageTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @Test
    void shouldPrintWhatThePageShows() throws IOException {
        new GuideShell(Files.readString(Path.of("docs/doctor.md"))).run(Shm.class, scratch);
    }
}

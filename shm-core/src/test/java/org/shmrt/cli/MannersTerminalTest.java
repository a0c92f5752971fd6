package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Tmux;

/** Colours and progress in a real terminal, that of tmux. */
@Tag("slow")
@Timeout(600)
class MannersTerminalTest {
    private static final String BOLD_NAME = "\u001b[1mNAME";
    private static final String RED = "\u001b[31m";

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    @BeforeEach
    void createStream() {
        Tmux.require();
        shm.runLine("create STREAM --shape 3x4 --dtype u8").succeeded();
    }

    /** A script in which {@code SHM} stands for the command. */
    private Tmux start(String script, String... environment) throws IOException {
        String command = ChildJvm.command(ChildJvm.QUICK, Shm.class).stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        Path file = shm.file("script");
        Files.writeString(file, String.join(" ", shm.expand(script)).replace("SHM", command) + "\n");
        return Tmux.start(
                shm.directory(),
                120,
                24,
                environment.length == 0 ? List.of("-u", "NO_COLOR") : List.of(environment),
                List.of("sh", file.toString()));
    }

    @Test
    void shouldColourTitlesAndErrorsOnATerminal() throws Exception {
        try (Tmux tmux = start("SHM list DIR; SHM info DIR/nothing.im.shm")) {
            tmux.await("THE END");

            String screen = tmux.colours();
            assertTrue(screen.contains(BOLD_NAME), screen);
            assertTrue(screen.contains(RED + "shm info:"), screen);
        }
    }

    @Test
    void shouldObeyNoColorAndTheOption() throws Exception {
        try (Tmux tmux = start("SHM list DIR; SHM info DIR/nothing.im.shm", "NO_COLOR=1")) {
            tmux.await("THE END");

            assertFalse(tmux.colours().contains(BOLD_NAME) || tmux.colours().contains(RED), tmux.colours());
        }
        try (Tmux tmux = start("SHM list DIR --color always", "NO_COLOR=1")) {
            tmux.await("THE END");

            assertTrue(tmux.colours().contains(BOLD_NAME), tmux.colours());
        }
        try (Tmux tmux = start("SHM list DIR --color never")) {
            tmux.await("THE END");

            assertFalse(tmux.colours().contains(BOLD_NAME), tmux.colours());
        }
    }

    @Test
    void shouldShowProgressIfInputAndOutputAreNoTerminal() throws Exception {
        // the pipe has frames until the test has seen the line
        String script = "(while [ ! -e DIR/seen ]; do echo abcdefghijk; sleep 0.05; done)"
                + " | SHM write STREAM --in - >DIR/written";
        try (Tmux tmux = start(script)) {
            tmux.await("progress", rows -> rows.stream().anyMatch(row -> row.matches("\\d+ frames, \\d+/s *")));
            Files.createFile(shm.file("seen"));
            List<String> rows = tmux.await("THE END");

            assertEquals(0, tmux.status());
            assertTrue(rows.stream().noneMatch(row -> row.contains("frames,")), () -> String.join("\n", rows));
        }
        String written = Files.readString(shm.file("written"));
        assertTrue(written.contains(" frames written at "), written);
    }

    @Test
    void shouldShowTheProgressOfARecording() throws Exception {
        String script = "(while [ ! -e DIR/seen ]; do echo abcdefghijk; sleep 0.05; done) | SHM write STREAM --in -"
                + " >DIR/written 2>DIR/errors & SHM read STREAM --next --timeout 100s --out DIR/first.npy </dev/null"
                + " >DIR/first && SHM read STREAM --count 100000 --next --timeout 8s --out DIR/frames.npy </dev/null"
                + " >DIR/read; wait";
        try (Tmux tmux = start(script)) {
            tmux.await("progress", rows -> rows.stream().anyMatch(row -> row.contains("/100000 frames,")));
            Files.createFile(shm.file("seen"));
            tmux.await("THE END");
        }
        assertTrue(Files.size(shm.file("frames.npy")) > 0, "what came is kept");
    }
}

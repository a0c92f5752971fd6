package org.shmrt.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.Shm;
import org.shmrt.cli.ShmCommand;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Tmux;

/** {@code shm show} in a real terminal, that of tmux. */
@Tag("slow")
@Timeout(600)
class ShowTerminalTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    @BeforeEach
    void createStream() {
        Tmux.require();
        shm.runLine("create STREAM --shape 40x40 --dtype u16").succeeded();
        shm.runLine("grab sim:ramp STREAM --count 1 --shape 40x40").succeeded();
    }

    private Tmux show(String... options) {
        List<String> arguments = new ArrayList<>(List.of("show", shm.stream().toString()));
        arguments.addAll(List.of(options));
        return Tmux.start(
                shm.directory(),
                80,
                24,
                List.of("-u", "NO_COLOR", "LC_ALL=C.UTF-8"),
                ChildJvm.command(ChildJvm.QUICK, Shm.class, arguments.toArray(String[]::new)));
    }

    /** Waits for the end, and asserts that the settings of the terminal are as they were. */
    private static String screenAtTheEnd(Tmux tmux) throws IOException, InterruptedException {
        assertEquals(0, tmux.status());
        String screen = String.join("\n", tmux.await("THE END"));
        assertEquals(tmux.read("before"), tmux.read("after"));
        return screen;
    }

    private static long blocks(List<String> rows) {
        return rows.stream().filter(row -> row.contains("\u2580")).count();
    }

    @Test
    void shouldFitTheTerminalAndLeaveItAsItWas() throws IOException, InterruptedException {
        try (Tmux tmux = show("--graphics", "blocks")) {
            String screen = screenAtTheEnd(tmux);

            List<String> lines = screen.lines().toList();
            assertTrue(screen.contains("frame 1  40x40 uint16  min "), screen);
            assertEquals(20, blocks(lines), screen);
            assertTrue(
                    lines.stream()
                            .filter(line -> line.contains("\u2580"))
                            .allMatch(line -> line.strip().length() == 40),
                    screen);
            assertFalse(screen.contains("31;OK"), "the answer of the terminal is not on the screen");
        }
    }

    @Test
    void shouldAskTheTerminalWhatItShows() throws IOException, InterruptedException {
        try (Tmux tmux = show()) {
            String screen = screenAtTheEnd(tmux);

            assertTrue(screen.contains("frame 1  40x40 uint16"), screen);
            assertFalse(screen.contains("?"), "answers of the terminal are read: " + screen);
        }
    }

    @Test
    void shouldRedrawInPlaceUntilCtrlC() throws IOException, InterruptedException {
        try (Tmux tmux = show("--follow", "--graphics", "blocks")) {
            tmux.await("frame 1  ");
            shm.runLine("grab sim:ramp STREAM --count 1 --shape 40x40").succeeded();
            List<String> rows = tmux.await("frame 2  ");
            assertTrue(rows.stream().noneMatch(row -> row.contains("frame 1  ")), rows.toString());

            tmux.resize(60, 14);
            tmux.await("an empty screen", all -> all.stream().allMatch(String::isBlank));
            shm.runLine("grab sim:ramp STREAM --count 1 --shape 40x40").succeeded();
            rows = tmux.await("frame 3  ");
            assertTrue(blocks(rows) <= 11, rows.toString());

            tmux.press("C-c");
            assertEquals(130, tmux.status());
            tmux.await("THE END");
            assertEquals(tmux.read("before"), tmux.read("after"));
            assertTrue(tmux.isCursorVisible());
        }
    }
}

package org.shmrt.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.Shm;
import org.shmrt.cli.ShmCommand;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.ExternalCommand;

/** {@code shm show} in a real terminal, that of tmux. */
@Tag("slow")
@Timeout(180)
class ShowTerminalTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private Path socket;

    @BeforeEach
    void startTerminal() throws IOException, InterruptedException {
        Assumptions.assumeTrue(ExternalCommand.succeeds("tmux", "-V"), "tmux is not installed");
        socket = shm.file("tmux");
        String show = ChildJvm.command(
                        ChildJvm.QUICK, Shm.class, "show", shm.stream().toString())
                .stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        Files.writeString(shm.file("show"), "#!/bin/sh\nexec env -u NO_COLOR LC_ALL=C.UTF-8 " + show + " \"$@\"\n");
        tmux("-u", "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "env", "PS1=$ ", "sh");
        shm.runLine("create STREAM --shape 40x40 --dtype u16").succeeded();
        shm.runLine("grab sim:ramp STREAM --count 1 --shape 40x40").succeeded();
    }

    @AfterEach
    void stopTerminal() throws IOException, InterruptedException {
        if (socket != null) {
            tmux("kill-server");
            Files.deleteIfExists(socket);
        }
    }

    private String tmux(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tmux", "-S", socket.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("TMUX");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    private void type(String line) throws IOException, InterruptedException {
        tmux("send-keys", "-l", line);
        tmux("send-keys", "Enter");
    }

    private String screen() throws IOException, InterruptedException {
        return tmux("capture-pane", "-p");
    }

    private String awaitScreen(String text) throws IOException, InterruptedException {
        while (true) {
            String screen = screen();
            if (screen.contains(text)) {
                return screen;
            }
            Thread.sleep(50);
        }
    }

    /** Runs a command, and asserts that it leaves the settings of the terminal as they were. */
    private String run(String command) throws IOException, InterruptedException {
        type("clear; stty -g > before; " + command + "; stty -g > after; echo en''d");
        String screen = awaitScreen("end");
        assertEquals(Files.readString(shm.file("before")), Files.readString(shm.file("after")));
        return screen;
    }

    @Test
    void shouldFitTheTerminalAndLeaveItAsItWas() throws IOException, InterruptedException {
        type("cd " + shm.directory());
        String screen = run("sh ./show --graphics blocks");

        List<String> lines = screen.lines().toList();
        assertTrue(screen.contains("frame 1  40x40 uint16  min "), screen);
        long drawn = lines.stream().filter(line -> line.contains("\u2580")).count();
        assertEquals(20, drawn, screen);
        assertTrue(
                lines.stream()
                        .filter(line -> line.contains("\u2580"))
                        .allMatch(line -> line.strip().length() == 40),
                screen);
        assertFalse(screen.contains("31;OK"), "the answer of the terminal is not on the screen");
    }

    @Test
    void shouldAskTheTerminalWhatItShows() throws IOException, InterruptedException {
        type("cd " + shm.directory());
        String screen = run("sh ./show");

        assertTrue(screen.contains("frame 1  40x40 uint16"), screen);
        assertFalse(screen.contains("?"), "answers of the terminal are read: " + screen);
    }

    @Test
    void shouldRedrawInPlaceUntilCtrlC() throws IOException, InterruptedException {
        type("cd " + shm.directory());
        type("clear; stty -g > before; sh ./show --follow --graphics blocks; stty -g > after; echo en''d");
        awaitScreen("frame 1  ");
        shm.runLine("grab sim:ramp STREAM --count 1 --shape 40x40").succeeded();
        String screen = awaitScreen("frame 2  ");
        assertFalse(screen.contains("frame 1  "), screen);

        tmux("resize-window", "-x", "60", "-y", "14");
        shm.runLine("grab sim:ramp STREAM --count 2 --rate 2 --shape 40x40").succeeded();
        screen = awaitScreen("frame 4  ");
        assertTrue(screen.lines().filter(line -> line.contains("\u2580")).count() <= 11, screen);

        tmux("send-keys", "C-c");
        awaitScreen("end");
        assertEquals(Files.readString(shm.file("before")), Files.readString(shm.file("after")));
        assertEquals("1", tmux("display-message", "-p", "#{cursor_flag}").strip(), "the cursor is visible");
    }
}

package org.shmrt.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.cli.Shm;
import org.shmrt.cli.ShmCommand;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Tmux;

/** {@code shm top} in a terminal: keys, sizes, colours, and the terminal afterwards. */
@Tag("slow")
@Timeout(600)
class TopTerminalTest {
    private static final StreamSpec SPEC = StreamSpec.dao(DataType.UINT16, Shape.of(4, 3));

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private String name;

    @BeforeEach
    void requireTmux() {
        Tmux.require();
        name = shm.scratch().prefix() + "s";
    }

    private Tmux top(int width, int height, String... environment) {
        return top(shm.directory(), width, height, environment);
    }

    /** Without the loops that others run on this machine. */
    private Tmux top(Path streams, int width, int height, String... environment) {
        List<String> all = new ArrayList<>(List.of(environment));
        all.add("SHMRT_LOOP_DIR=" + shm.directory());
        return Tmux.start(
                shm.directory(),
                width,
                height,
                all,
                ChildJvm.command(ChildJvm.QUICK, Shm.class, "top", streams.toString(), "--every", "100ms"));
    }

    private void create(String... names) {
        for (String other : names) {
            ImageStream.create(shm.scratch().stream(other), SPEC).close();
        }
    }

    private static void assertFits(List<String> rows, int width, int height) {
        assertTrue(rows.size() <= height, rows.size() + " rows");
        rows.forEach(row -> assertTrue(row.length() <= width, row));
    }

    private void assertRestored(Tmux tmux) throws IOException {
        assertEquals(tmux.read("before"), tmux.read("after"), "settings of the terminal");
        assertTrue(tmux.screen().stream().noneMatch(row -> row.contains("shm top  ")), "the other screen is left");
        tmux.await("THE END");
    }

    @Test
    void shouldShowSortFilterAndDescribe() throws Exception {
        create("a", "b", "s");
        AtomicBoolean over = new AtomicBoolean();
        Thread writing = Thread.ofPlatform().start(() -> {
            try (ImageStream stream = ImageStream.open(shm.scratch().stream("s"));
                    FrameWriter writer = stream.writer()) {
                while (!over.get()) {
                    writer.write(MemorySegment.ofArray(new byte[24]));
                    LockSupport.parkNanos(5_000_000L);
                }
            }
        });
        try (Tmux tmux = top(80, 24)) {
            List<String> rows = tmux.await("a live stream", all -> all.stream().anyMatch(row -> row.contains("live")));
            assertFits(rows, 80, 24);
            assertTrue(rows.getFirst().startsWith("shm top  3 streams"), rows.getFirst());
            assertTrue(rows.get(2).startsWith(shm.scratch().prefix() + "a"), rows.get(2));

            tmux.press("R");
            tmux.await("the fastest first", all -> all.get(2).startsWith(name));
            tmux.press("I");
            tmux.await("the fastest last", all -> all.get(4).startsWith(name));
            tmux.press("N");

            tmux.press("F2");
            tmux.await("SEMAPHORES");
            tmux.press("F6");
            tmux.await(":java rw");
            tmux.press("F6");

            tmux.press("/");
            tmux.press("-s");
            tmux.await("filter: -s_");
            tmux.press("Enter");
            tmux.await(
                    "one row", all -> all.get(2).startsWith(name) && all.get(3).isEmpty());
            tmux.press("Enter");
            tmux.await("posted last by");
            // The page grows with the first interval, and stays at its end.
            tmux.press("End");
            tmux.await("longest");
            tmux.press("Escape");
            tmux.await("filter '-s': 1");
            tmux.press("Escape");
            tmux.await("all rows", all -> !all.get(4).isEmpty());

            tmux.press("c");
            tmux.press("Down", "Down", "Space");
            tmux.await("[ ] Hz");
            tmux.press("Escape");
            tmux.await(
                    "no rates",
                    all -> all.get(1).startsWith("NAME") && !all.get(1).contains("Hz"));

            tmux.press("?");
            tmux.await("shm top: keys");
            tmux.press("q");
            tmux.await("NAME");
            tmux.press("p");
            tmux.await("PAUSED");
            tmux.press("q");

            assertEquals(0, tmux.status());
            assertRestored(tmux);
        } finally {
            over.set(true);
            writing.join();
        }
    }

    @Test
    void shouldRemoveOnlyAfterConfirmation() throws Exception {
        create("s");
        try (Tmux tmux = top(80, 24)) {
            tmux.await(name);
            tmux.press("x");
            tmux.await("Type y to remove");
            tmux.press("n");
            tmux.await("kept " + name);
            assertTrue(Files.exists(shm.stream()));

            tmux.press("F9");
            tmux.await("Type y to remove");
            tmux.press("y");
            tmux.await("removed " + name);
            assertFalse(Files.exists(shm.stream()));
            tmux.await("nothing here yet");
            tmux.press("q");
            assertEquals(0, tmux.status());
            assertRestored(tmux);
        }
    }

    @Test
    void shouldFitEverySizeWhileItRuns() throws Exception {
        create("a", "b", "s");
        try (Tmux tmux = top(80, 24)) {
            tmux.await(name);
            for (int width : new int[] {40, 300, 61, 120, 80}) {
                int height = width == 61 ? 5 : 20;
                tmux.resize(width, height);
                tmux.press("?");
                tmux.await("shm top: keys");
                tmux.press("q");
                // tmux tells the program its new size somewhat later.
                List<String> rows = tmux.await(
                        "the titles of " + width + " columns",
                        all -> all.get(1).startsWith("NAME")
                                && all.get(1).contains("Hz")
                                && all.get(1).contains("WRITER") == (width == 300));

                assertFits(rows, width, height);
            }
            tmux.press("q");
            assertEquals(0, tmux.status());
            assertRestored(tmux);
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
    void shouldRestoreTheTerminalAfterASignal(String signal, int status) throws Exception {
        create("s");
        try (Tmux tmux = top(80, 24)) {
            tmux.await(name);
            if (signal.equals("INT")) {
                tmux.press("C-c");
            } else {
                new ProcessBuilder("kill", "-" + signal, String.valueOf(tmux.commandPid()))
                        .start()
                        .waitFor();
            }

            assertEquals(status, tmux.status());
            assertRestored(tmux);
        }
    }

    @Test
    void shouldRestoreTheTerminalWhenTheDirectoryDisappears() throws Exception {
        var directory = Files.createDirectory(shm.file("streams"));
        try (Tmux tmux = top(directory, 80, 24)) {
            tmux.await("nothing here yet");
            Files.delete(directory);

            assertEquals(1, tmux.status());
            assertRestored(tmux);
            tmux.await("shm top: there is no directory");
        }
    }

    @Test
    void shouldShowThatAWriterWasKilled() throws Exception {
        create("s");
        try (ChildProcess writer = ChildJvm.start("claim", shm.stream());
                Tmux tmux = top(80, 24)) {
            writer.line();
            tmux.await(name);
            writer.kill();
            tmux.await("dead");
            tmux.press("q");
            assertEquals(0, tmux.status());
        }
    }

    @Test
    void shouldUseColoursOnlyIfWanted() throws Exception {
        create("s");
        try (ChildProcess writer = ChildJvm.start("claim", shm.stream())) {
            writer.line();
            writer.kill();
        }
        for (boolean colours : new boolean[] {true, false}) {
            create(colours ? "a" : "b"); // selected, so that the dead one keeps its colour
            try (Tmux tmux = top(80, 24, colours ? "NO_COLOR=" : "NO_COLOR=1")) {
                tmux.press("Home");
                tmux.await("dead");

                assertEquals(colours, tmux.colours().matches("(?s).*\033\\[[0-9;]*31m.*"), tmux.colours());
                tmux.press("q");
                assertEquals(0, tmux.status());
            }
        }
    }

    @Test
    void shouldDrawWithAsciiWhereTheLocaleAsksForIt() throws Exception {
        create("s");
        try (Tmux tmux = top(80, 24, "SHMRT_LOCALE=C")) {
            tmux.await("NAMEv");
            tmux.press("q");
            assertEquals(0, tmux.status());
        }
    }
}

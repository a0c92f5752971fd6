package org.shmrt.cli.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.Shm;
import org.shmrt.cli.ShmCommand;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Tmux;

/** {@code shm watch} in a terminal. */
@Tag("slow")
@Timeout(600)
class WatchTerminalTest {
    private static final StreamSpec SPEC = StreamSpec.dao(DataType.UINT16, Shape.of(4, 3));

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    @BeforeEach
    void requireTmux() {
        Tmux.require();
    }

    private Tmux watch(int width, String... streams) {
        List<String> arguments = new ArrayList<>(List.of("watch", "--for", "100ms"));
        for (String stream : streams) {
            arguments.add(shm.scratch().stream(stream).toString());
        }
        return Tmux.start(
                shm.directory(),
                width,
                24,
                List.of(),
                ChildJvm.command(ChildJvm.QUICK, Shm.class, arguments.toArray(String[]::new)));
    }

    private static long rowsWithRates(List<String> rows) {
        return rows.stream().filter(row -> row.contains(" Hz")).count();
    }

    @Test
    void shouldRedrawOneLineThatFitsTheWidth() throws Exception {
        ImageStream.create(shm.stream(), SPEC).close();
        try (Tmux tmux = watch(80, "s")) {
            tmux.await(
                    "a second measurement in one line",
                    all -> all.getFirst().matches(" *[1-9][0-9]*[.][0-9] s .*") && rowsWithRates(all) == 1);

            tmux.resize(32, 24);
            List<String> rows = tmux.await(
                    "a narrow line",
                    all -> rowsWithRates(all) == 1
                            && all.getFirst().length() < 32
                            && !all.getFirst().contains("cnt0"));
            assertTrue(rows.getFirst().contains("0.0 Hz"), rows.getFirst());
            tmux.press("C-c");
            assertEquals(130, tmux.status());
            assertEquals(tmux.read("before"), tmux.read("after"));
        }
    }

    @Test
    void shouldRedrawALineForEachStreamAndKeepEventsAbove() throws Exception {
        ImageStream.create(shm.scratch().stream("a"), SPEC).close();
        try (Tmux tmux = watch(150, "a", "s")) {
            tmux.await("does not exist: waiting until it is created");
            tmux.await("two lines", rows -> rowsWithRates(rows) == 2);

            ImageStream.create(shm.stream(), SPEC).close();
            tmux.await("was created: 4x3 uint16");
            List<String> rows = tmux.await("two lines again", all -> rowsWithRates(all) == 2);
            assertEquals(
                    1,
                    rows.stream().filter(row -> row.contains("does not exist")).count());
            assertTrue(rows.get(2).contains(shm.scratch().prefix() + "a"), rows.toString());
            assertTrue(rows.get(3).contains(shm.scratch().prefix() + "s"), rows.toString());
            tmux.press("C-c");
            assertEquals(130, tmux.status());
        }
    }
}

package org.shmrt.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.testing.ChildJvm;

/** Runs whose parent is stopped in different ways. */
@Tag("slow")
@Timeout(120)
class DemoKilledTest {
    private static final long WITHIN_MS = 3000;

    @TempDir
    private Path folder;

    private Path output;
    private Process parent;
    private List<ProcessHandle> children = List.of();

    @BeforeEach
    void startADemoOfAMinute() throws Exception {
        output = Files.createFile(folder.resolve("output"));
        parent = new ProcessBuilder(ChildJvm.withDefaultSignals(ChildJvm.command(
                        List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx128m"),
                        DemoMain.class,
                        "60",
                        folder.resolve("pictures").toString())))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    @AfterEach
    void endAll() {
        children.forEach(ProcessHandle::destroyForcibly);
        parent.destroyForcibly();
    }

    /** How far the demo has come when it is stopped. */
    enum Stage {
        CHILDREN,
        FILES,
        /** The loop has its page, and warms up on streams of its own. */
        WARM_UP,
        FRAMES
    }

    private void await(Stage stage) throws Exception {
        while (children.size() < 3 || !isReached(stage)) {
            assertTrue(parent.isAlive(), () -> "the demo ended unexpectedly: " + text());
            Thread.sleep(5);
            children = parent.descendants()
                    .filter(process -> Leftovers.words(process).contains(DemoProcess.class.getName()))
                    .toList();
        }
    }

    private boolean isReached(Stage stage) throws Exception {
        return switch (stage) {
            case CHILDREN -> true;
            case FILES -> !Leftovers.files(parent.pid()).isEmpty();
            case WARM_UP ->
                Leftovers.files(parent.pid()).stream().anyMatch(file -> file.contains("shmrt-loop."))
                        && Leftovers.files(parent.pid()).stream().anyMatch(file -> file.contains("-cam-warmup"));
            case FRAMES -> text().contains(" Hz  skipped ");
        };
    }

    private String text() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void signal(String name) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(parent.pid()))
                        .start()
                        .waitFor());
    }

    private void assertNothingIsLeft() throws Exception {
        assertTrue(parent.waitFor(WITHIN_MS * 5, TimeUnit.MILLISECONDS), "the parent does not end");
        Leftovers.assertEnded(children, WITHIN_MS * 5);
        Leftovers.assertNone(parent.pid(), 0);
        assertFalse(Files.exists(folder.resolve("pictures")), "pictures of a run that was stopped");
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void shouldLeaveNothingWhenTheParentIsKilled(Stage stage) throws Exception {
        await(stage);
        parent.destroyForcibly();
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void shouldLeaveNothingAndPrintNothingWhenTheParentIsSignalled(String signal) throws Exception {
        await(Stage.FRAMES);
        signal(signal);
        assertNothingIsLeft();
        assertSilent();
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"CHILDREN", "FILES", "WARM_UP"})
    void shouldLeaveNothingWhenItIsInterruptedWhileItStarts(Stage stage) throws Exception {
        await(stage);
        signal("INT");
        assertNothingIsLeft();
        assertSilent();
    }

    @Test
    void shouldPrintNothingWhenTheChildrenAreInterruptedFirst() throws Exception {
        // Ctrl-C of a terminal reaches all processes, and the children may end first
        await(Stage.FRAMES);
        for (ProcessHandle child : children) {
            assertEquals(
                    0,
                    new ProcessBuilder("kill", "-INT", Long.toString(child.pid()))
                            .start()
                            .waitFor());
        }
        signal("INT");
        assertNothingIsLeft();
        assertSilent();
    }

    private void assertSilent() {
        String text = text();
        assertFalse(text.contains("Exception") || text.contains("\tat ") || text.contains("process ended"), text);
    }
}

package org.shmrt.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.doctor.Finding;
import org.shmrt.doctor.FindingKind;
import org.shmrt.doctor.Findings;
import org.shmrt.doctor.KilledDemo;
import org.shmrt.doctor.SystemFiles;
import org.shmrt.doctor.object.ObjectChecks;
import org.shmrt.doctor.object.Repairs;
import org.shmrt.testing.ChildJvm;

/** Runs whose parent is stopped in different ways. */
@Tag("slow")
@Timeout(900)
class DemoKilledTest {
    private static final long WITHIN_MS = 60_000;

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

    /** The parent first: the children remove the files of a run whose parent has ended. */
    @AfterEach
    void endAll() throws Exception {
        parent.destroyForcibly().waitFor();
        try {
            Leftovers.assertEnded(children, WITHIN_MS);
        } finally {
            children.forEach(ProcessHandle::destroyForcibly);
            Leftovers.remove(parent.pid());
        }
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
            // Or later, if this thread was stopped that long.
            case WARM_UP ->
                (Leftovers.files(parent.pid()).stream().anyMatch(file -> file.contains("shmrt-loop."))
                                && Leftovers.files(parent.pid()).stream()
                                        .anyMatch(file -> file.contains("-cam-warmup")))
                        || areFramesSent();
            case FRAMES -> areFramesSent();
        };
    }

    private boolean areFramesSent() {
        return text().contains(" Hz  skipped ");
    }

    private String text() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void signal(String name) throws Exception {
        signal(parent.pid(), name);
    }

    private void assertNothingIsLeft() throws Exception {
        assertTrue(parent.waitFor(WITHIN_MS, TimeUnit.MILLISECONDS), "the parent does not end");
        Leftovers.assertEnded(children, WITHIN_MS);
        Leftovers.assertNone(parent.pid(), 0);
        assertFalse(Files.exists(folder.resolve("pictures")), "pictures of a run that was stopped");
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"CHILDREN", "FILES", "FRAMES"})
    void shouldLeaveNothingWhenTheParentIsKilled(Stage stage) throws Exception {
        await(stage);
        parent.destroyForcibly();
        assertNothingIsLeft();
    }

    /** The others would remove the streams of the warm-up, and the loop would end earlier. */
    @Test
    void shouldRemoveThePageOfALoopThatWarmsUpWithoutHelp() throws Exception {
        await(Stage.WARM_UP);
        ProcessHandle loop = children.stream()
                .filter(child -> Leftovers.words(child).contains("loop"))
                .findAny()
                .orElseThrow();
        List<ProcessHandle> others =
                children.stream().filter(child -> !child.equals(loop)).toList();
        for (ProcessHandle child : others) {
            signal(child.pid(), "STOP");
        }
        parent.destroyForcibly();
        Leftovers.assertEnded(List.of(loop), WITHIN_MS);
        List<String> left = Leftovers.files(parent.pid());
        for (ProcessHandle child : others) {
            signal(child.pid(), "CONT");
        }

        assertTrue(left.stream().noneMatch(file -> file.contains("shmrt-loop.")), left::toString);
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @CsvSource({"CHILDREN, INT", "FILES, HUP", "WARM_UP, INT", "FRAMES, TERM"})
    void shouldLeaveNothingAndPrintNothingWhenTheParentIsSignalled(Stage stage, String signal) throws Exception {
        await(stage);
        signal(signal);
        assertNothingIsLeft();
        assertSilent();
    }

    @Test
    void shouldPrintNothingWhenTheChildrenAreInterruptedFirst() throws Exception {
        // Ctrl-C of a terminal reaches all processes, and the children may end first
        await(Stage.FRAMES);
        List<String> kill = new ArrayList<>(List.of("kill", "-INT"));
        children.forEach(child -> kill.add(Long.toString(child.pid())));
        kill.add(Long.toString(parent.pid()));
        assertEquals(0, new ProcessBuilder(kill).start().waitFor());
        assertNothingIsLeft();
        assertSilent();
    }

    @Test
    void shouldRemoveWhatAKillOfAllProcessesLeavesOnlyIfNobodyUsesIt() throws Exception {
        await(Stage.FRAMES);
        // stopped, the children cannot clean up before they are killed
        for (ProcessHandle child : children) {
            signal(child.pid(), "STOP");
        }
        signal(parent.pid(), "KILL");
        for (ProcessHandle child : children) {
            signal(child.pid(), "KILL");
        }
        Leftovers.assertEnded(children, WITHIN_MS);
        int left = Leftovers.files(parent.pid()).size();
        age(60_000); // so that they are young, however long this thread was stopped
        KilledDemo young =
                KilledDemo.candidates().stream().filter(this::isOurs).findAny().orElse(null);
        age(-60_000);
        KilledDemo demo =
                KilledDemo.candidates().stream().filter(this::isOurs).findAny().orElseThrow();
        Findings findings = new Findings();
        new ObjectChecks(SystemFiles.local(), List.of()).all(findings);
        Finding finding = findings.all().stream()
                .filter(found -> found.object().equals(demo.tag()))
                .findAny()
                .orElseThrow();
        Path stream = demo.mapped().getFirst();
        try (FileChannel user = FileChannel.open(stream, StandardOpenOption.READ)) {
            assertTrue(user.isOpen());
            assertFalse(demo.removeIfUnused(), "a program has " + stream + " open");
            assertFalse(Repairs.apply(finding).getFirst().fixed());
        }
        assertEquals(left, Leftovers.files(parent.pid()).size());
        Repairs.Outcome planned = Repairs.plan(finding).getFirst();
        Repairs.Outcome fixed = Repairs.apply(finding).getFirst();

        assertTrue(left > 20, "only " + left + " files were left");
        assertNull(young, "files that may be under construction");
        assertEquals(FindingKind.KILLED_DEMO, finding.kind());
        assertTrue(planned.text().startsWith("would be removed: "), planned::text);
        assertTrue(fixed.fixed(), fixed::text);
        Leftovers.assertNone(parent.pid(), 0);
        assertFalse(CommandRun.of("loop", "list").out().contains(demo.tag()));
    }

    private boolean isOurs(KilledDemo demo) {
        return demo.tag().startsWith("shmdemo-" + parent.pid() + "-");
    }

    /** Makes the files look as if they were written at a time from now on. */
    private void age(long sinceNowMs) throws IOException {
        FileTime time = FileTime.fromMillis(System.currentTimeMillis() + sinceNowMs);
        for (String name : Leftovers.files(parent.pid())) {
            Path path = Path.of(name);
            if (Files.isDirectory(path)) {
                try (Stream<Path> entries = Files.list(path)) {
                    for (Path entry : entries.toList()) {
                        Files.setLastModifiedTime(entry, time);
                    }
                }
            }
            Files.setLastModifiedTime(path, time);
        }
    }

    private static void signal(long pid, String name) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor());
    }

    private void assertSilent() {
        String text = text();
        assertFalse(text.contains("Exception") || text.contains("\tat ") || text.contains("process ended"), text);
    }
}

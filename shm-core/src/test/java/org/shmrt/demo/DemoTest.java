package org.shmrt.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.ShmException;

/** Complete runs with their processes. */
@Tag("slow")
@Timeout(120)
class DemoTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @AfterEach
    void nothingIsLeft() throws Exception {
        Leftovers.assertNone(ProcessHandle.current().pid(), 0);
        Leftovers.assertEnded(demoProcesses(), 0);
    }

    private static List<ProcessHandle> demoProcesses() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains(DemoProcess.class.getName()))
                .toList();
    }

    private DemoResult run(Demo.Settings settings) {
        return Demo.run(settings, new PrintWriter(printed, true, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hybrid", "sem", "spin"})
    void shouldCountEveryFrameOnce(String waiting) {
        DemoResult result = run(GivenSettings.of(1, 200, "dao", waiting, Optional.of(folder), Demo.Progress.HIDDEN));
        assertEquals(result.sent(), result.loopReceived() + result.loopSkipped());
        assertEquals(result.loopReceived(), result.mirrorReceived() + result.mirrorSkipped());
        assertEquals(
                result.sent(),
                result.latency(LatencyStage.END_TO_END).getTotalCount()
                        + result.loopSkipped()
                        + result.mirrorSkipped());
    }

    @Test
    void shouldReportARun() throws Exception {
        Path pictures = folder.resolve("new/pictures");
        DemoResult result = run(GivenSettings.of(2, 200, "dao", "hybrid", Optional.of(pictures), Demo.Progress.HIDDEN));
        assertEquals(320, result.sent());
        assertTrue(result.loopReceived() > 0 && result.mirrorReceived() > 0);
        assertTrue(result.achievedHz() > 1);
        assertTrue(result.positionRms() > 0.01 && result.positionRms() < 100, "rms " + result.positionRms());
        // computing commands takes time, and end to end includes it
        assertTrue(result.latency(LatencyStage.LOOP).getMinValue() > 0);
        assertTrue(result.latency(LatencyStage.END_TO_END).getMaxValue()
                >= result.latency(LatencyStage.LOOP).getMinValue());

        BufferedImage frame = ImageIO.read(pictures.resolve("frame.png").toFile());
        assertEquals(480, frame.getWidth());
        assertEquals(480, frame.getHeight());
        assertNotNull(ImageIO.read(pictures.resolve("latency.png").toFile()));
        assertEquals(pictures.toAbsolutePath(), result.directory());

        String text = printed.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("the first 80 (0.4 s) are warm-up and not counted"), text);
        assertTrue(text.contains("end to end"), text);
        assertTrue(text.endsWith("Pictures are in " + pictures.toAbsolutePath() + System.lineSeparator()), text);
        assertFalse(text.contains("\r"), text);
        assertEquals(!result.warnings().isEmpty(), text.contains("warning: "), text);
        assertTrue(text.lines().allMatch(line -> line.length() <= 80 || line.startsWith("Pictures")), text);
        assertEquals(320L, result.toJson().get("sent"));
        assertEquals(List.of("frame.png", "latency.png", "steps.png"), names(pictures));
    }

    private static List<String> names(Path directory) throws Exception {
        try (var entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldShowAProgressLineOnATerminalAndRemoveIt() {
        run(GivenSettings.of(1.5, 100, "dao", "sem", Optional.of(folder), Demo.Progress.SHOWN));
        String text = printed.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("starting"), text);
        assertTrue(text.contains(" Hz  skipped "), text);
        assertTrue(text.contains("\r\033[K150 frames at 100 Hz"), text);
    }

    @Test
    void shouldWarnWhenTheRateWasNotReached() {
        DemoResult result =
                run(GivenSettings.of(0.5, 100_000, "dao", "sem", Optional.of(folder), Demo.Progress.HIDDEN));
        // no machine computes 100000 commands per second in this loop, so there is always a warning
        assertFalse(result.warnings().isEmpty());
        assertTrue(
                printed.toString(StandardCharsets.UTF_8).contains("warning: "),
                printed.toString(StandardCharsets.UTF_8));
        assertTrue(result.loopReceived() + result.loopSkipped() <= result.sent());
    }

    @Test
    void shouldRunWithASingleFrame() {
        DemoResult result = run(GivenSettings.of(0.2, 1, "dao", "sem", Optional.of(folder), Demo.Progress.HIDDEN));
        assertEquals(1, result.sent());
        assertEquals(1, result.mirrorReceived());
    }

    @ParameterizedTest
    @ValueSource(strings = {"camera", "loop", "mirror"})
    void shouldReportAChildThatDiesInOneLine(String role) throws Exception {
        CompletableFuture<DemoResult> running = CompletableFuture.supplyAsync(
                () -> run(GivenSettings.of(60, 100, "dao", "hybrid", Optional.of(folder), Demo.Progress.HIDDEN)));
        ProcessHandle child = null;
        while (child == null) {
            assertFalse(running.isDone());
            Thread.sleep(20);
            child = demoProcesses().stream()
                    .filter(process -> List.of(process.info().arguments().orElse(new String[0]))
                            .contains(role))
                    .findAny()
                    .orElse(null);
        }
        List<ProcessHandle> all = demoProcesses();
        Thread.sleep(300);
        child.destroyForcibly();
        Throwable failure =
                assertThrows(CompletionException.class, running::join).getCause();
        assertEquals(ShmException.class, failure.getClass());
        assertTrue(
                failure.getMessage().startsWith("the demo's " + role + " process ended with status 137"),
                failure.getMessage());
        assertEquals(1, failure.getMessage().lines().count());
        Leftovers.assertEnded(all, 0);
        assertEquals(List.of(), names(folder));
    }

    @Test
    void shouldRefuseAFolderThatCannotBeCreated() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        ShmException refused = assertThrows(
                ShmException.class,
                () -> run(GivenSettings.of(
                        60, 100, "dao", "hybrid", Optional.of(file.resolve("pictures")), Demo.Progress.HIDDEN)));
        assertTrue(refused.getMessage().contains("--out"), refused.getMessage());
    }

    @Test
    void shouldEndWhenItsThreadIsInterrupted() throws Exception {
        Throwable[] failure = new Throwable[1];
        Thread thread = new Thread(() -> {
            failure[0] = assertThrows(
                    ShmException.class,
                    () -> run(GivenSettings.of(60, 100, "dao", "hybrid", Optional.of(folder), Demo.Progress.HIDDEN)));
        });
        thread.start();
        while (demoProcesses().size() < 3) {
            Thread.sleep(20);
        }
        thread.interrupt();
        thread.join();
        assertEquals("the demo was interrupted", failure[0].getMessage());
    }
}

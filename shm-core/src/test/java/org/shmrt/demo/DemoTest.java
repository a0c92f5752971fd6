package org.shmrt.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.imageio.ImageIO;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.error.ShmException;
import org.shmrt.telemetry.LoopCommand;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopSnapshot;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.LoopTelemetry;

/** Complete runs with their processes. */
@Tag("slow")
@Timeout(900)
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
                .filter(process -> Leftovers.words(process).contains(DemoProcess.class.getName()))
                .toList();
    }

    private DemoResult run(Demo.Settings settings) {
        PrintWriter out = new PrintWriter(printed, true, StandardCharsets.UTF_8);
        return Demo.run(settings, out, out);
    }

    private static void assertEveryFrameCountedOnce(DemoResult result) {
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
        assertEveryFrameCountedOnce(result);
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
        assertDrawn(pictures.resolve("latency.png"), LatencyStage.values().length);
        // wake, compute, publish, end to end and the period
        assertDrawn(pictures.resolve("steps.png"), 5);
        assertEquals(pictures.toAbsolutePath(), result.directory());

        String text = printed.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("the first 80 (0.4 s) are warm-up and not counted"), text);
        assertTrue(text.contains("end to end"), text);
        assertTrue(text.endsWith("Pictures are in " + pictures.toAbsolutePath() + System.lineSeparator()), text);
        assertFalse(text.contains("\r"), text);
        assertEquals(!result.warnings().isEmpty(), text.contains("warning: "), text);
        assertTrue(text.lines().allMatch(line -> line.length() <= 80 || line.startsWith("Pictures")), text);
        assertEquals(320L, result.toJson().get("sent"));
        assertTrue(text.startsWith(result.toJson().get("cores") + " core"), text);
        assertTrue(text.contains("given: 200 Hz"), text);
        StepTimes steps = result.steps();
        assertTrue(steps.of(LoopMeasure.COMPUTE).count() > 0);
        assertTrue(steps.of(LoopMeasure.END_TO_END).percentileNs(50)
                >= steps.of(LoopMeasure.COMPUTE).percentileNs(0));
        assertEquals(steps.toJson(), result.toJson().get("steps_ns"));
        Histogram computing = result.latency(LatencyStage.LOOP);
        assertEquals(steps.of(LoopMeasure.COMPUTE).count(), computing.getTotalCount());
        for (double percentile : new double[] {1, 50, 90, 100}) {
            // both histograms are a little coarse
            double ratio = (double) computing.getValueAtPercentile(percentile)
                    / steps.of(LoopMeasure.COMPUTE).percentileNs(percentile);
            assertEquals(1, ratio, 0.03, "the table and steps.png differ at " + percentile + " %");
        }
        assertEquals(result.hasLoss(), !result.reasons().isEmpty());
        assertEquals(List.of("frame.png", "latency.png", "steps.png"), names(pictures));
    }

    /** Fails unless the picture shows at least a number of lines, which have different colours. */
    private static void assertDrawn(Path png, int lines) throws Exception {
        BufferedImage picture = ImageIO.read(png.toFile());
        assertEquals(960, picture.getWidth());
        assertEquals(600, picture.getHeight());
        Map<Integer, Integer> pixels = new HashMap<>();
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                pixels.merge(picture.getRGB(x, y), 1, Integer::sum);
            }
        }
        long colours = pixels.entrySet().stream()
                .filter(colour -> colour.getValue() > 50 && isStrong(colour.getKey()))
                .count();
        assertTrue(colours >= lines, png + " has " + colours + " strong colours");
    }

    /** Whether it is a colour of a line, and not of text, grid or paper, which are grey. */
    private static boolean isStrong(int rgb) {
        Color colour = new Color(rgb);
        int highest = Math.max(colour.getRed(), Math.max(colour.getGreen(), colour.getBlue()));
        int lowest = Math.min(colour.getRed(), Math.min(colour.getGreen(), colour.getBlue()));
        return highest - lowest > 60;
    }

    private static List<String> names(Path directory) throws Exception {
        try (var entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    /** With a loop that spins. On a busy machine the run is repeated for longer, until the mirror gets a turn to report. */
    @Test
    void shouldShowAProgressLineOnATerminalAndRemoveIt() {
        String text = "";
        for (int frames = 150; frames <= 2400 && !text.contains(" Hz  skipped "); frames *= 4) {
            printed.reset();
            DemoResult result =
                    run(GivenSettings.of(frames / 100.0, 100, "dao", "spin", Optional.of(folder), Demo.Progress.SHOWN));
            assertEveryFrameCountedOnce(result);
            text = printed.toString(StandardCharsets.UTF_8);
            assertTrue(text.contains("starting"), text);
            assertTrue(text.contains("\r\033[K" + frames + " frames at 100 Hz"), text);
        }
        assertTrue(text.contains(" Hz  skipped "), text);
    }

    @Test
    void shouldRunWithASingleFrame() {
        DemoResult result = run(GivenSettings.of(0.2, 1, "dao", "sem", Optional.of(folder), Demo.Progress.HIDDEN));
        assertEquals(1, result.sent());
        assertEquals(1, result.mirrorReceived());
    }

    private CompletableFuture<DemoResult> start(double seconds, String format) {
        return CompletableFuture.supplyAsync(
                () -> run(GivenSettings.of(seconds, 100, format, "sem", Optional.of(folder), Demo.Progress.HIDDEN)));
    }

    /** Waits until the loop of a run has done some steps, and returns its page. */
    private static LoopTelemetry awaitLoop(CompletableFuture<DemoResult> running) throws Exception {
        while (true) {
            assertFalse(running.isDone(), "the run has ended");
            Thread.sleep(20);
            Optional<String> name = loopWithAPage();
            if (name.isPresent()) {
                LoopTelemetry page = LoopTelemetry.open(name.get());
                await(page, LoopState.RUNNING, 5);
                return page;
            }
        }
    }

    /** The loop of the run, once its page is complete. */
    private static Optional<String> loopWithAPage() throws IOException {
        String prefix = "shmdemo-" + ProcessHandle.current().pid() + "-";
        Optional<String> name = LoopTelemetry.names().stream()
                .filter(loop -> loop.startsWith(prefix))
                .findAny();
        return name.isPresent()
                        && !Files.readString(Path.of("/dev/shm/shmrt-loop." + name.get()), StandardCharsets.ISO_8859_1)
                                .startsWith("\0")
                ? name
                : Optional.empty();
    }

    private static boolean isLoopRunning() throws IOException {
        Optional<String> name = loopWithAPage();
        if (name.isEmpty()) {
            return false;
        }
        try (LoopTelemetry page = LoopTelemetry.open(name.get())) {
            return page.snapshot().state() == LoopState.RUNNING;
        }
    }

    private static void await(LoopTelemetry page, LoopState state, long steps) throws InterruptedException {
        LoopSnapshot now = page.snapshot();
        while (now.state() != state || now.count(LoopCounter.STEPS) < steps) {
            assertTrue(now.isAlive());
            Thread.sleep(10);
            now = page.snapshot();
        }
    }

    @Test
    void shouldShowItsLoopAndObeyTheCommandsToIt() throws Exception {
        CompletableFuture<DemoResult> running = start(600, "dao");
        try (LoopTelemetry page = awaitLoop(running)) {
            String name = page.snapshot().name();
            CommandRun list = CommandRun.of("loop", "list").succeeded();
            assertTrue(
                    list.out().lines().anyMatch(line -> line.startsWith(name) && line.contains("running")), list.out());
            assertTrue(CommandRun.of("loop", "show", name).succeeded().out().contains("deadline 10000.0 us"));

            CommandRun.of("loop", "pause", name).succeeded();
            await(page, LoopState.IDLE, 0);
            long steps = page.snapshot().count(LoopCounter.STEPS);
            CommandRun.of("loop", "resume", name).succeeded();
            await(page, LoopState.RUNNING, steps + 2);
            CommandRun.of("loop", "stop", name).succeeded();
        }
        DemoResult result = running.join();
        assertEquals(result.sent(), result.loopReceived() + result.loopSkipped());
        assertEquals(result.loopReceived(), result.mirrorReceived() + result.mirrorSkipped());
        assertEquals(
                "another process stopped the loop (shm loop stop)",
                result.warnings().getFirst());
        assertEquals(List.of(), result.reasons());
    }

    @Test
    void shouldEndAlthoughItsLoopIsPaused() throws Exception {
        // Long enough to be paused before its end, also if this thread is stopped for some seconds.
        CompletableFuture<DemoResult> running = start(10, "milk");
        try (LoopTelemetry page = awaitLoop(running)) {
            page.send(LoopCommand.PAUSE);
        }
        DemoResult result = running.join();
        assertTrue(result.loopSkipped() > 0);
        assertEquals(result.sent(), result.loopReceived() + result.loopSkipped());
        assertEquals(
                "another process paused the loop (shm loop pause)",
                result.warnings().getFirst());
    }

    @ParameterizedTest
    @CsvSource({"camera, milk", "loop, dao", "mirror, milk"})
    void shouldReportAChildThatDiesInOneLine(String role, String format) throws Exception {
        CompletableFuture<DemoResult> running = start(60, format);
        ProcessHandle child = null;
        while (child == null) {
            assertFalse(running.isDone());
            Thread.sleep(20);
            child = demoProcesses().stream()
                    .filter(process -> Leftovers.words(process).contains(role))
                    .findAny()
                    .orElse(null);
        }
        List<ProcessHandle> all = demoProcesses();
        // in the warm-up, which has streams of its own; or later, if this thread was stopped that long
        while (!Leftovers.isWarmingUp(ProcessHandle.current().pid()) && !isLoopRunning()) {
            assertFalse(running.isDone());
            Thread.sleep(5);
        }
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

package org.shmrt.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.doctor.FindingKind;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;

/** {@code shm doctor}: its output, options and exit status. */
@Timeout(600)
class DoctorVerbTest {
    private static final Set<String> KEYS =
            Set.of("id", "severity", "object", "summary", "evidence", "consequence", "remedy", "fixable");

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inSharedMemory();

    private ImageStream create() {
        return ImageStream.create(shm.stream(), StreamSpec.milk(DataType.UINT8, Shape.of(2, 2)));
    }

    /** A write flag that stays set, as a writer leaves it that dies in the middle of a frame. */
    private void breakStream() throws IOException {
        long offset;
        try (ImageStream stream = create()) {
            offset = stream.layout().writeFlagOffset();
        }
        try (FileChannel file = FileChannel.open(shm.stream(), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1}), offset);
        }
    }

    /** Semaphores of a DAO stream that was removed without them an hour ago; returns the name of the stream. */
    private String orphanSemaphores() throws IOException {
        ImageStream.create(shm.stream(), StreamSpec.dao(DataType.UINT8, Shape.of(2, 2)))
                .close();
        Files.delete(shm.stream());
        for (String name : shm.scratch().semaphores()) {
            Files.setLastModifiedTime(
                    Semaphore.file(name), FileTime.fromMillis(System.currentTimeMillis() - 3_600_000));
        }
        String file = shm.stream().getFileName().toString();
        return file.substring(0, file.indexOf('.'));
    }

    private static JsonObject json(CommandRun run) {
        assertEquals(1, run.out().lines().count(), run::toString);
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    private static List<JsonObject> findings(CommandRun run) {
        return StreamSupport.stream(json(run).getAsJsonArray("findings").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    @Test
    void shouldSayThatNothingWasFound() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer()) {
            writer.claim();
            writer.publish();

            CommandRun run = shm.run("doctor", "STREAM");

            run.succeeded();
            assertEquals("nothing found\n", run.out());
            assertEquals("", run.err());
            assertEquals(List.of(), findings(shm.run("doctor", "STREAM", "--json")));
        }
    }

    @Test
    void shouldSucceedWithRemarksOnly() {
        create().close();

        CommandRun run = shm.run("doctor", "STREAM");

        run.succeeded();
        assertTrue(run.out().startsWith("INFO     " + shm.stream()), run::out);
        assertTrue(run.out().contains("[no-writer]"), run::out);
        assertTrue(run.out().endsWith("0 errors, 0 warnings, 1 remark\n"), run::out);
    }

    @Test
    void shouldFailWithAWarning() throws IOException {
        breakStream();

        CommandRun run = shm.run("doctor", "STREAM");

        assertEquals(ExitStatus.FAILED, run.status());
        assertEquals("", run.err());
        assertTrue(run.out().contains("[stale-flag]"), run::out);
        assertTrue(run.out().contains("\n  found  ") && run.out().contains("\n  effect "), run::out);
        assertTrue(run.out().contains("\n  remedy # restart the stream's writer"), run::out);
        assertTrue(run.out().endsWith("0 errors, 1 warning, 0 remarks\n"), run::out);
    }

    @Test
    void shouldShowTheFirstOfManyFindingsOfOneKind() {
        List<String> words = new ArrayList<>(List.of("doctor"));
        for (int i = 0; i < 12; i++) {
            words.add(shm.scratch().stream("none" + i).toString());
        }

        CommandRun run = shm.run(words.toArray(String[]::new));

        assertEquals(1, run.out().split("\\[no-stream]", -1).length - 1, run::out);
        assertTrue(run.out().contains("\n  also   the same for") && run.out().contains("none8.im.shm"), run::out);
        assertTrue(run.out().replaceAll("\\s+", " ").contains(" and 3 more (--json lists all)"), run::out);
        assertTrue(run.out().endsWith("12 errors, 0 warnings, 0 remarks\n"), run::out);
        words.add("--json");
        assertEquals(12, findings(shm.run(words.toArray(String[]::new))).size());
    }

    @Test
    void shouldPrintTheDocumentedKeys() throws IOException {
        breakStream();

        CommandRun run = shm.run("doctor", "STREAM", "--json");

        assertEquals(ExitStatus.FAILED, run.status());
        assertEquals(Set.of("cpu", "findings", "wake_up"), json(run).keySet());
        assertTrue(json(run).get("wake_up").isJsonNull());
        JsonObject finding = findings(run).getFirst();
        assertEquals(KEYS, finding.keySet());
        assertEquals("stale-flag", finding.get("id").getAsString());
        assertEquals("WARNING", finding.get("severity").getAsString());
        assertEquals(shm.stream().toString(), finding.get("object").getAsString());
        assertEquals(2, finding.getAsJsonArray("remedy").size());
        assertFalse(finding.get("fixable").getAsBoolean());
    }

    @Test
    void shouldExamineTheMachineInEightyColumns() {
        CommandRun run = shm.run("doctor", "--all");

        assertTrue(run.status() == ExitStatus.DONE || run.status() == ExitStatus.FAILED, run::toString);
        assertEquals("", run.err());
        assertTrue(run.out().contains("[clocksource]"), run::out);
        assertTrue(run.out().contains("The loop's processor was taken to be cpu "), run::out);
        // Only commands and long paths are not broken.
        for (String line : run.out().lines().toList()) {
            boolean prose = line.startsWith("  found") || line.startsWith("  effect") || line.contains(" # ");
            assertTrue(line.length() <= 80 || !prose || !line.substring(9, 80).contains(" "), line);
        }
    }

    @Test
    void shouldHaveKnownIdsInTheReportOfTheMachine() {
        CommandRun run = shm.run("doctor", "--json", "--all", "--cpu", "0");

        Set<String> ids = findings(run).stream()
                .map(finding -> finding.get("id").getAsString())
                .collect(Collectors.toSet());
        assertTrue(ids.stream().allMatch(id -> FindingKind.ofId(id).isPresent()), ids::toString);
        assertTrue(ids.size() >= 25, ids::toString);
        assertEquals(0, json(run).get("cpu").getAsInt());
    }

    @Test
    void shouldMeasureWakeUps() {
        create().close();

        CommandRun text = shm.run("doctor", "STREAM", "--wake-up", "50ms");
        JsonObject json =
                json(shm.run("doctor", "STREAM", "--wake-up", "20ms", "--json")).getAsJsonObject("wake_up");

        assertTrue(text.out().contains("wake-up test: ") && text.out().contains("clock_nanosleep"), text::out);
        assertTrue(text.out().lines().anyMatch(line -> line.matches("  ordinary +parkNanos( +[0-9.]+){4}")), text::out);
        assertEquals(Set.of("cpu", "pinned", "seconds", "series"), json.keySet());
        assertTrue(json.get("seconds").getAsDouble() >= 0.02);
        assertEquals(
                Set.of("method", "priority", "count", "p50_ns", "p99_ns", "max_ns"),
                json.getAsJsonArray("series").get(0).getAsJsonObject().keySet());
    }

    @Test
    void shouldFixWhatItWasAskedToFix() throws IOException {
        String name = orphanSemaphores();

        CommandRun found = shm.run("doctor", "STREAM");
        assertTrue(found.out().contains("shm doctor --fix orphaned-semaphores " + name), found::out);
        CommandRun other = shm.run("doctor", "STREAM", "--fix", "missing-semaphores");
        other.succeeded();
        assertEquals("nothing to fix: no finding missing-semaphores\n", other.out());
        CommandRun planned = shm.run("doctor", "STREAM", "--fix", "orphaned-semaphores", "--dry-run");
        planned.succeeded();
        assertEquals("/dev/shm/sem." + name + "_sem*: would be removed: 11 semaphores\n", planned.out());
        CommandRun fixed = shm.run("doctor", "STREAM", "--fix", "orphaned-semaphores");

        fixed.succeeded();
        assertEquals("/dev/shm/sem." + name + "_sem*: removed 11 semaphores\n", fixed.out());
        assertEquals(List.of(), shm.scratch().semaphores());
    }

    @Test
    void shouldReportAFixThatIsRefused() throws IOException {
        String name = orphanSemaphores();
        Path semaphore = Semaphore.file(name + "_sem04");
        try (FileChannel user = FileChannel.open(semaphore, StandardOpenOption.READ)) {
            assertTrue(user.isOpen());

            CommandRun run = shm.run("doctor", "STREAM", "--fix", "orphaned-semaphores", "--json");

            assertEquals(ExitStatus.FAILED, run.status());
            JsonObject fix = json(run).getAsJsonArray("fixes").get(0).getAsJsonObject();
            assertEquals(Set.of("id", "object", "fixed", "message"), fix.keySet());
            assertFalse(fix.get("fixed").getAsBoolean());
        }
        assertEquals(11, shm.scratch().semaphores().size());
        shm.run("doctor", "STREAM", "--fix", "orphaned-semaphores").succeeded();
    }

    @Test
    void shouldReportSemaphoresThatAProcessUsesAfterTheirRemoval() throws IOException {
        try (ImageStream stream = ImageStream.create(shm.stream(), StreamSpec.dao(DataType.UINT8, Shape.of(2, 2)))) {
            String name = stream.layout().semaphores().names().get(7);
            Files.delete(Semaphore.file(name));
            try (Arena arena = Arena.ofShared()) {
                Semaphore.create(name, Permissions.withUmask(0644), 0, arena);
            }

            CommandRun run = shm.run("doctor", "STREAM", "--json");

            assertEquals(
                    List.of("removed-semaphores"),
                    findings(run).stream()
                            .map(finding -> finding.get("id").getAsString())
                            .toList());
            assertEquals(ExitStatus.FAILED, run.status());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--fix governor, it can fix repairable-stream",
        "--fix nonsense, there is no finding 'nonsense'",
        "--cpu 7777, this machine has no processor 7777",
        "--cpu -1, this machine has no processor -1",
        "--wake-up 1ms, measure for 10ms to 10min",
        "--wake-up 11min, measure for 10ms to 10min",
        "--wake-up 1s --fix temporary-file, use one of them",
        "--dry-run, --dry-run: give --fix ID"
    })
    void shouldRefuseWrongUsageInOneLine(String options, String reason) {
        shm.runLine("doctor " + options).refused(ExitStatus.USAGE, reason);
    }

    @Test
    void shouldNameInItsHelpWhatItCanFix() {
        String help = shm.run("doctor", "--help").succeeded().out().replaceAll("\\s+", " ");

        assertTrue(help.contains("Ids that can be fixed: " + String.join(", ", FindingKind.fixableIds())), help);
    }

    @Test
    void shouldShowNamesWithoutControllingTheTerminal() throws IOException {
        Path path = shm.scratch().stream("a\u001b[2J\nb");
        Files.writeString(path, "junk");

        CommandRun run = shm.run("doctor", path.toString());

        assertEquals(ExitStatus.FAILED, run.status());
        assertFalse(run.out().contains("\u001b") || run.err().contains("\u001b"), run::toString);
        assertTrue(run.out().contains("\\u001b[2J\\u000ab"), run::out);
        Files.delete(path);
    }

    /** Each id has a line in the table of the page. */
    @Test
    void shouldDescribeEveryFindingOnItsPage() throws IOException {
        String page = Files.readString(Path.of("docs/doctor.md"));
        List<String> missing = java.util.Arrays.stream(FindingKind.values())
                .map(FindingKind::id)
                .filter(id -> !page.contains("\n| `" + id + "` |"))
                .toList();

        assertEquals(List.of(), missing);
    }
}

package org.shmrt.doctor.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.shmrt.doctor.FindingKind.*;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.doctor.Finding;
import org.shmrt.doctor.FindingKind;
import org.shmrt.doctor.Findings;
import org.shmrt.doctor.Machine;
import org.shmrt.doctor.Severity;
import org.shmrt.doctor.SystemFiles;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.Semaphore;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Golden;
import org.shmrt.testing.Isolation;
import org.shmrt.testing.Scratch;

/** Findings about streams, semaphores, blocks and temporary files that are really broken, and their repair. */
@Timeout(600)
class ObjectChecksTest {
    /** Larger than any process id that Linux gives. */
    private static final int NO_PROCESS = 0x7fff_fff0;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private ImageStream create(String name, String format) {
        return ImageStream.create(scratch.stream(name), StreamSpec.of(format, DataType.UINT8, Shape.of(2, 2)));
    }

    private StreamLayout createAndClose(String name, String format) {
        try (ImageStream stream = create(name, format)) {
            return stream.layout();
        }
    }

    private static void patch(Path file, long offset, int bytes, long value) throws IOException {
        ByteBuffer word = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, value)
                .limit(bytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(word, offset);
        }
    }

    private static void makeOld(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() - 3_600_000));
    }

    /** The findings about what this test has made; other programs of the machine have objects too. */
    private List<Finding> examine() {
        Findings findings = new Findings();
        new ObjectChecks(SystemFiles.local(), List.of(scratch.directory()))
                .all(local -> local.startsWith(scratch.prefix()), findings);
        return findings.all().stream()
                .filter(finding -> (finding.object() + finding.targets()).contains(scratch.prefix()))
                .toList();
    }

    private List<Finding> examine(Path... streams) {
        Findings findings = new Findings();
        new ObjectChecks(SystemFiles.local(), List.of(scratch.directory())).streams(List.of(streams), findings);
        return findings.all();
    }

    private static Finding only(FindingKind kind, Severity severity, List<Finding> findings) {
        assertEquals(List.of(kind), findings.stream().map(Finding::kind).toList(), findings::toString);
        Finding finding = findings.getFirst();
        assertEquals(severity, finding.severity());
        assertFalse(
                finding.object().isEmpty()
                        || finding.summary().isEmpty()
                        || finding.evidence().isEmpty()
                        || finding.consequence().isEmpty(),
                finding::toString);
        assertEquals(kind.isFixable(), finding.isFixable());
        return finding;
    }

    /** Fixes a finding and asserts that it worked and nothing is left. */
    private void assertFixed(Finding finding) {
        List<Repairs.Outcome> outcomes = Repairs.apply(finding);

        assertFalse(outcomes.isEmpty());
        assertTrue(outcomes.stream().allMatch(Repairs.Outcome::fixed), outcomes::toString);
        assertEquals(List.of(), examine());
    }

    private List<Path> semaphoreFiles(String name) {
        return scratch.semaphores().stream()
                .filter(semaphore -> semaphore.startsWith(scratch.prefix() + name + "_sem"))
                .map(Semaphore::file)
                .toList();
    }

    /** Semaphores of a stream that was removed without them, an hour ago. */
    private List<Path> orphan(String name) throws IOException {
        createAndClose(name, "dao");
        Files.delete(scratch.stream(name));
        for (Path file : semaphoreFiles(name)) {
            makeOld(file);
        }
        return semaphoreFiles(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldFindNothingAboutStreamsInOrder(String format) {
        createAndClose("idle", format);
        try (ImageStream stream = create("busy", format);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            writer.claim();
            assertEquals(List.of(), examine(), "while a frame is written");
            writer.publish();
            assertTrue(reader.awaitNext(1_000_000_000L).hasFrame());

            assertEquals(List.of(), examine());
            assertEquals(List.of(), examine(scratch.stream("busy")));
        }
    }

    @Test
    void shouldFindAndRemoveOrphanedSemaphores() throws IOException {
        assertEquals(11, orphan("gone").size());
        createAndClose("kept", "dao");

        Finding finding = only(ORPHANED_SEMAPHORES, Severity.WARNING, examine());

        assertTrue(finding.evidence().contains(scratch.prefix() + "gone"), finding::evidence);
        assertFixed(finding);
        assertEquals(List.of(), semaphoreFiles("gone"));
        assertEquals(11, semaphoreFiles("kept").size());
    }

    @Test
    void shouldReportOrphansOfAStreamThatWasAskedFor() throws IOException {
        orphan("gone");
        orphan("other");

        List<Finding> findings = examine(scratch.stream("gone"));

        assertEquals(
                List.of(NO_STREAM, ORPHANED_SEMAPHORES),
                findings.stream().map(Finding::kind).toList());
        assertTrue(Repairs.apply(findings.getLast()).getFirst().fixed());
        assertEquals(11, semaphoreFiles("other").size());
        semaphoreFiles("other").forEach(file -> file.toFile().delete());
    }

    @Test
    void shouldNotCallNewSemaphoresOrphaned() throws IOException {
        List<Path> files = orphan("new");
        Files.setLastModifiedTime(files.get(4), FileTime.fromMillis(System.currentTimeMillis() + 60_000));

        assertEquals(List.of(), examine());

        files.forEach(file -> file.toFile().delete());
    }

    @Test
    void shouldNotCallSemaphoresOrphanedThatAProcessHasOpen() throws IOException {
        List<Path> files = orphan("used");
        try (Arena arena = Arena.ofShared()) {
            Semaphore.open(scratch.prefix() + "used_sem07", arena);

            assertEquals(List.of(), examine());
        }

        assertFixed(only(ORPHANED_SEMAPHORES, Severity.WARNING, examine()));
        assertTrue(files.stream().noneMatch(Files::exists));
    }

    /** The kernel knows more than the processes that can be seen. */
    @Test
    void shouldKeepTheWholeSetIfTheKernelKnowsAUserOfOneSemaphore() throws IOException {
        List<Path> files = orphan("used");
        Finding finding = only(ORPHANED_SEMAPHORES, Severity.WARNING, examine());
        try (FileChannel user = FileChannel.open(files.get(9), StandardOpenOption.READ)) {
            assertTrue(user.isOpen());

            List<Repairs.Outcome> outcomes = Repairs.apply(finding);

            assertEquals(1, outcomes.size());
            assertFalse(outcomes.getFirst().fixed());
            assertTrue(outcomes.getFirst().text().contains("has it open"), outcomes::toString);
            assertTrue(files.stream().allMatch(Files::exists));
        }
        assertFixed(finding);
    }

    @Test
    void shouldNotCallSemaphoresOrphanedWhoseStreamIsOpenElsewhere() throws IOException {
        Path elsewhere = Files.createDirectory(scratch.directory().resolve("elsewhere"));
        Path path = elsewhere.resolve(scratch.prefix() + "far.im.shm");
        try (ImageStream stream = ImageStream.create(path, StreamSpec.dao(DataType.UINT8, Shape.of(2, 2)))) {
            for (Path file : semaphoreFiles("far")) {
                makeOld(file);
            }
            assertEquals(List.of(), examine());
            assertEquals(path, stream.path());
        } finally {
            ImageStream.remove(path);
        }
    }

    @Test
    void shouldNotCallSemaphoresOrphanedWhoseStreamIsInASubdirectory() throws IOException {
        Path below = Files.createDirectory(scratch.directory().resolve("below"));
        Path path = below.resolve(scratch.prefix() + "deep.im.shm");
        ImageStream.create(path, StreamSpec.dao(DataType.UINT8, Shape.of(2, 2))).close();
        for (Path file : semaphoreFiles("deep")) {
            makeOld(file);
        }

        assertEquals(List.of(), examine());

        ImageStream.remove(path);
    }

    @Test
    void shouldFindAndCreateMissingSemaphores() throws IOException {
        createAndClose("cam", "dao");
        Files.delete(semaphoreFiles("cam").get(7));

        Finding finding = only(MISSING_SEMAPHORES, Severity.WARNING, examine());

        assertFixed(finding);
        assertEquals(11, semaphoreFiles("cam").size());
    }

    @Test
    void shouldFindAndRemoveAnExtraneousSemaphore() {
        createAndClose("cam", "dao");
        try (Arena arena = Arena.ofShared()) {
            Semaphore.create(scratch.prefix() + "cam_sem10", Permissions.withUmask(0600), 0, arena);
        }

        assertFixed(only(EXTRANEOUS_SEMAPHORE, Severity.ERROR, examine()));
        assertEquals(11, semaphoreFiles("cam").size());
    }

    @Test
    void shouldFindAndRepairADamagedHeader() throws IOException {
        Golden.named("dao", "mixed_new_then_old_float32").copyTo(scratch.stream("mixed"));
        Finding finding = examine().stream()
                .filter(found -> found.kind() == REPAIRABLE_STREAM)
                .findFirst()
                .orElseThrow();
        assertEquals(Severity.ERROR, finding.severity());
        List<Repairs.Outcome> outcomes = Repairs.apply(finding);
        assertTrue(
                outcomes.getFirst().fixed() && outcomes.getFirst().text().contains("fifo_size was"),
                outcomes::toString);
        assertTrue(examine().stream().noneMatch(found -> found.kind() == REPAIRABLE_STREAM));
    }

    @Test
    void shouldFindFilesThatAreNoStreams() throws IOException {
        Files.writeString(scratch.stream("junk"), "junk");
        createAndClose("short", "milk");
        Files.write(scratch.stream("short"), new byte[100], StandardOpenOption.APPEND);

        List<Finding> findings = examine();

        assertEquals(
                List.of(NOT_A_STREAM, NOT_A_STREAM),
                findings.stream().map(Finding::kind).toList());
        Files.delete(scratch.stream("junk"));
        Files.delete(scratch.stream("short"));
    }

    @Test
    void shouldFindALinkThatLeadsNowhereAndAStreamThatDoesNotExist() throws IOException {
        Files.createSymbolicLink(scratch.stream("link"), scratch.stream("nothing"));

        Finding link = only(DANGLING_LINK, Severity.WARNING, examine());
        only(DANGLING_LINK, Severity.WARNING, examine(scratch.stream("link")));
        only(NO_STREAM, Severity.ERROR, examine(scratch.stream("nothing")));

        assertEquals(scratch.stream("link").toString(), link.object());
        Files.delete(scratch.stream("link"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldFindTheFlagThatADeadWriterLeft(String format) throws IOException {
        StreamLayout layout = createAndClose("cam", format);
        patch(scratch.stream("cam"), layout.writeFlagOffset(), 1, 1);

        Finding finding = only(STALE_FLAG, Severity.WARNING, examine());

        assertTrue(finding.consequence().contains("readers get no frame"), finding::consequence);
        assertTrue(finding.evidence().contains("not open in /proc/*/maps"), finding::evidence);
        try (ImageStream stream = ImageStream.open(scratch.stream("cam"))) {
            String users = only(STALE_FLAG, Severity.WARNING, examine()).evidence();
            assertTrue(users.contains("open in process " + OwnProcess.PID + " ("), users);
            assertTrue(stream.layout().depth() == 1);
        }
    }

    @Test
    void shouldShowRemarksAboutStreamsThatAreNamed() throws IOException {
        createAndClose("cam", "milk");
        String bytes = Files.readString(scratch.stream("cam"), StandardCharsets.ISO_8859_1);
        int name = bytes.indexOf(scratch.prefix() + "cam");
        assertTrue(name > 0);
        // Milk's name has 80 bytes, and the last one should be NUL.
        for (int i = 0; i < 80; i++) {
            patch(scratch.stream("cam"), name + i, 1, 'x');
        }

        List<Finding> named = examine(scratch.stream("cam"));
        assertTrue(named.stream().anyMatch(finding -> finding.kind() == LAYOUT), named::toString);
        assertEquals(List.of(), examine());
    }

    @Test
    void shouldFindDamagedSemaphoresAndValuesAboveTheCap() throws IOException {
        StreamLayout layout = createAndClose("cam", "milk");
        long first = layout.semaphores().offset();
        patch(scratch.stream("cam"), first + 2L * Semaphore.BYTES, 4, 11);
        only(SEMAPHORE_ABOVE_CAP, Severity.WARNING, examine());

        patch(scratch.stream("cam"), first + 2L * Semaphore.BYTES, 4, 0);
        patch(scratch.stream("cam"), first + 3L * Semaphore.BYTES + Semaphore.SHARED_WORD, 4, 77);
        Finding damaged = only(DAMAGED_SEMAPHORE, Severity.ERROR, examine());

        assertTrue(damaged.summary().startsWith("semaphore 3 "), damaged::summary);
    }

    @Test
    void shouldFindACopyAndATimeInTheFuture() throws IOException {
        createAndClose("cam", "milk");
        Files.copy(scratch.stream("cam"), scratch.stream("copy"));
        only(COPIED_STREAM, Severity.WARNING, examine());

        Files.delete(scratch.stream("copy"));
        try (ImageStream stream = ImageStream.open(scratch.stream("cam"));
                FrameWriter writer = stream.writer()) {
            writer.claim();
            writer.publish(System.currentTimeMillis() * 1_000_000L + 3_600_000_000_000L);
        }
        only(IMPLAUSIBLE_TIME, Severity.WARNING, examine());
    }

    /** A waiting reader wakes up from time to time, to check the stream, and then does not wait. */
    private List<Finding> examineUntilFound() {
        return Stream.generate(this::examine)
                .dropWhile(List::isEmpty)
                .findFirst()
                .orElseThrow();
    }

    /** A process that has a file mapped until its input ends. */
    private static ChildProcess mapInAnotherProcess(Path file) {
        String program = """
            import mmap, os, sys
            file = os.open(sys.argv[1], os.O_RDWR)
            memory = mmap.mmap(file, 32)
            os.close(file)
            print('ready', flush=True)
            sys.stdin.read()
            """;
        ChildProcess process = ChildProcess.start(List.of("python3", "-c", program, file.toString()));
        process.expect("ready");
        return process;
    }

    @Test
    void shouldFindReadersThatWaitForAWriterThatIsNotThere() throws Exception {
        try (ImageStream stream = create("cam", "dao");
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            Thread waiting = new Thread(() -> {
                while (reader.awaitNext(30_000_000L).hasFrame()
                        || !Thread.currentThread().isInterrupted()) {
                    // waits for a frame or the interrupt
                }
            });
            waiting.start();
            try {
                Finding finding = only(NO_WRITER, Severity.WARNING, examineUntilFound());
                assertTrue(finding.summary().startsWith("1 thread waits"), finding::summary);
                assertTrue(finding.evidence().contains("process " + OwnProcess.PID), finding::evidence);
                if (ExternalCommand.succeeds("python3", "-c", "pass")) {
                    try (ChildProcess other = mapInAnotherProcess(scratch.stream("cam"))) {
                        assertTrue(other.pid() > 0);
                        only(NO_WRITER, Severity.INFO, examineUntilFound());
                    }
                }
            } finally {
                waiting.interrupt();
                waiting.join();
            }
        }
        Finding idle = only(NO_WRITER, Severity.INFO, examine(scratch.stream("cam")));
        assertTrue(idle.evidence().contains("newest frame: none"), idle::evidence);
    }

    @Test
    void shouldFindReservationsOfReadersThatHaveEnded() throws IOException {
        StreamLayout layout = createAndClose("cam", "milk");
        patch(scratch.stream("cam"), layout.semaphores().readerPidOffset() + 4 * 5, 4, NO_PROCESS);

        Finding finding = only(DEAD_RESERVATION, Severity.INFO, examine());

        assertTrue(finding.evidence().contains("semaphore 5 by process " + NO_PROCESS), finding::evidence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldFindThreadsThatWereKilledWhileTheySlept(String format) throws IOException {
        Assumptions.assumeTrue(
                Machine.seesAllProcesses(SystemFiles.local()),
                "only root of the first pid namespace sees all processes");
        StreamLayout layout = createAndClose("cam", format);
        if (layout.semaphores().isInFile()) {
            patch(scratch.stream("cam"), layout.semaphores().offset() + 4, 4, 2);
        } else {
            patch(semaphoreFiles("cam").getFirst(), 4, 4, 2);
        }

        Finding finding = only(DEAD_WAITERS, Severity.INFO, examine());

        assertTrue(finding.evidence().startsWith("semaphore 0: 2"), finding::evidence);
    }

    @Test
    void shouldFindSemaphoresOfAnotherUser() throws IOException {
        Assumptions.assumeTrue(OwnProcess.userId() == 0, "only root can give a file to another user");
        createAndClose("cam", "dao");
        Files.setAttribute(semaphoreFiles("cam").get(3), "unix:uid", Isolation.NOBODY);

        Finding finding = only(SEMAPHORE_OWNER, Severity.ERROR, examine());

        assertTrue(finding.evidence().contains("cam_sem03 of user " + Isolation.NOBODY), finding::evidence);
        assertEquals(1, finding.remedy().size());
    }

    @Test
    void shouldLeaveSemaphoresToTheOwnerOfTheirStream() throws IOException {
        Assumptions.assumeTrue(OwnProcess.userId() == 0, "only root can give a file to another user");
        createAndClose("cam", "dao");
        Files.delete(semaphoreFiles("cam").get(2));
        Files.setAttribute(scratch.stream("cam"), "unix:uid", Isolation.NOBODY);

        List<Repairs.Outcome> outcomes = Repairs.apply(only(MISSING_SEMAPHORES, Severity.WARNING, examine()));

        assertFalse(outcomes.getFirst().fixed());
        assertTrue(outcomes.getFirst().text().contains("user " + Isolation.NOBODY), outcomes::toString);
        assertEquals(10, semaphoreFiles("cam").size());
    }

    @Test
    void shouldNotRemoveSemaphoresThatAnotherProcessHasMapped() throws IOException {
        Assumptions.assumeTrue(ExternalCommand.succeeds("python3", "-c", "pass"), "python3 is not installed");
        List<Path> files = orphan("hidden");
        Finding finding = only(ORPHANED_SEMAPHORES, Severity.WARNING, examine());
        try (ChildProcess user = mapInAnotherProcess(files.get(5))) {
            assertTrue(user.pid() > 0);

            assertFalse(Repairs.apply(finding).getFirst().fixed());
            assertTrue(files.stream().allMatch(Files::exists));
        }
        assertFixed(finding);
    }
}

package org.shmrt.doctor.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.shmrt.doctor.FindingKind.EMPTY_BLOCK;
import static org.shmrt.doctor.FindingKind.JVM_COLLECTOR;
import static org.shmrt.doctor.FindingKind.TEMPORARY_FILE;
import static org.shmrt.doctor.FindingKind.UNUSED_BLOCKS;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
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
import org.shmrt.posix.OwnProcess;
import org.shmrt.testing.Scratch;

/** Findings about blocks, temporary files and the Java programs that use streams. */
@Timeout(600)
class SharedMemoryChecksTest {
    /** Larger than any process id that Linux gives. */
    private static final int NO_PROCESS = 0x7fff_fff0;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private static void makeOld(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() - 3_600_000));
    }

    @Test
    void shouldFindAndRemoveTemporaryFilesOfProcessesThatHaveEnded() throws IOException {
        String namespace =
                Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().replaceAll("[^0-9]", "");
        Path left = scratch.directory().resolve(".shmrt-" + namespace + "-" + NO_PROCESS + "-0123456789abcdef");
        Path used = scratch.directory().resolve(".shmrt-" + namespace + "-" + OwnProcess.PID + "-0123456789abcdef");
        Files.createFile(left);
        Files.createFile(used);

        Findings findings = new Findings();
        new SharedMemoryChecks(OpenFiles.read(SystemFiles.local()), scratch.directory()).run(List.of(), findings);
        assertEquals(
                List.of(TEMPORARY_FILE),
                findings.all().stream().map(Finding::kind).toList());
        Finding finding = findings.all().getFirst();
        assertTrue(finding.isFixable());

        assertTrue(Repairs.apply(finding).getFirst().fixed());
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(used));
        Files.delete(used);
    }

    private static void putProcess(Path root, int pid, String commandLine, String mapped) throws IOException {
        Path directory = Files.createDirectories(root.resolve("proc/" + pid));
        Files.writeString(directory.resolve("cmdline"), commandLine);
        Files.writeString(directory.resolve("maps"), """
            7f00-7f01 r--p 00000000 08:01 7 /lib/x.so
            7f01-7f02 rw-s 00000000 00:15 42 /dev/shm/%s
            """.formatted(mapped));
    }

    private static Finding javaFinding(Path root) {
        SystemFiles files = SystemFiles.below(root);
        Findings findings = new Findings();
        JavaChecks.run(files, OpenFiles.read(files), findings);
        assertEquals(1, findings.all().size());
        return findings.all().getFirst();
    }

    @Test
    void shouldFindJavaProgramsWithLongPauses() throws IOException {
        Path root = scratch.directory().resolve("root");
        putProcess(root, 13, "java\0-XX:+UseZGC\0Loop\0", "cam.im.shm");
        putProcess(root, 14, "java\0-XX:+UseSerialGC\0-jar\0/opt/shm-core.jar\0watch\0cam\0", "cam.im.shm");
        putProcess(root, 15, "python3\0view.py\0", "cam.im.shm");
        putProcess(root, 16, "java\0Other\0", "other");
        assertEquals(Severity.OK, javaFinding(root).severity());

        putProcess(root, 11, "/usr/bin/java\0-Xmx1g\0-jar\0loop.jar\0", "cam.im.shm");
        putProcess(root, 12, "java\0-XX:+UseG1GC\0-XX:+UseParallelGC\0Loop\0", "cam.im.shm");
        Finding finding = javaFinding(root);

        assertEquals(JVM_COLLECTOR, finding.kind());
        assertEquals(Severity.INFO, finding.severity());
        assertEquals("/proc/*/cmdline: process 11: the default, process 12: Parallel", finding.evidence());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", " rw-s", "a rw-s 0 0", "a rw-s 0 0 y", "a rw-s 0 0 42", "a rw-s 0 0 42 "})
    void shouldSurviveMapsAndCommandLinesOfAnyContent(String text) throws IOException {
        Path root = scratch.directory().resolve("root");
        putProcess(root, 11, text, "cam.im.shm");
        javaFinding(root);
        Files.writeString(root.resolve("proc/11/maps"), text);

        assertEquals(Severity.OK, javaFinding(root).severity());
    }

    @Test
    void shouldFindEmptyAndUnusedBlocks() throws IOException {
        for (String name : List.of("empty", "psm_0a1b2c3d", "psm_used", "data", "young")) {
            Path block = scratch.directory().resolve(name);
            Files.write(block, new byte[name.equals("empty") || name.equals("young") ? 0 : 4096]);
            if (name.equals("young")) {
                // however long this thread is stopped from now on
                Files.setLastModifiedTime(block, FileTime.fromMillis(System.currentTimeMillis() + 60_000));
            } else {
                makeOld(block);
            }
        }
        List<FindingKind> kinds = new ArrayList<>();
        Finding unused = null;
        try (Arena arena = Arena.ofShared();
                FileChannel channel = FileChannel.open(
                        scratch.directory().resolve("psm_used"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.map(FileChannel.MapMode.READ_WRITE, 0, 4096, arena);
            Findings findings = new Findings();
            new SharedMemoryChecks(OpenFiles.read(SystemFiles.local()), scratch.directory()).run(List.of(), findings);
            for (Finding finding : findings.all()) {
                kinds.add(finding.kind());
                unused = finding.kind() == UNUSED_BLOCKS ? finding : unused;
            }
        }

        if (Machine.seesAllProcesses(SystemFiles.local())) {
            assertEquals(List.of(EMPTY_BLOCK, UNUSED_BLOCKS), kinds);
            assertEquals(List.of("shm block rm psm_0a1b2c3d"), unused.remedy());
        } else {
            assertEquals(List.of(EMPTY_BLOCK), kinds);
        }
    }

    /** Other users choose the names of their blocks, and the remedy is copied into a shell. */
    @Test
    void shouldQuoteNamesInRemedies() throws IOException {
        for (String name : List.of("psm_a;touch PWNED", "psm_b", "-f", "$(x)")) {
            Path block = scratch.directory().resolve(name);
            Files.write(block, new byte[name.startsWith("psm_") ? 4096 : 0]);
            makeOld(block);
        }

        Findings findings = new Findings();
        new SharedMemoryChecks(OpenFiles.read(SystemFiles.local()), scratch.directory()).run(List.of(), findings);
        List<String> remedies = findings.all().stream()
                .flatMap(finding -> finding.remedy().stream())
                .toList();

        assertTrue(remedies.contains("shm block rm -- -f"), remedies::toString);
        assertTrue(remedies.contains("shm block rm '$(x)'"), remedies::toString);
        if (Machine.seesAllProcesses(SystemFiles.local())) {
            assertTrue(remedies.contains("shm block rm 'psm_a;touch PWNED' psm_b"), remedies::toString);
        }
    }
}

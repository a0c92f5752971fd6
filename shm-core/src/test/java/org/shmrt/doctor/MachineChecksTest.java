package org.shmrt.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.shmrt.doctor.FindingKind.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each finding about a machine, present and absent, with files that stand for {@code /proc} and {@code /sys}. */
@Timeout(600)
class MachineChecksTest {

    @TempDir
    private Path root;

    private static List<Finding> found(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> !finding.severity().isQuiet())
                .toList();
    }

    @ParameterizedTest
    @MethodSource({
        "org.shmrt.doctor.MachineFaults#kernelFaults",
        "org.shmrt.doctor.MachineFaults#processorFaults",
        "org.shmrt.doctor.MachineFaults#limitFaults",
        "org.shmrt.doctor.MachineFaults#memoryFaults"
    })
    void shouldReportOneFaultAndNothingElse(MachineFaults.Fault fault) {
        FakeMachine machine = new FakeMachine(root);
        fault.change().accept(machine);

        List<Finding> found = found(machine.examine());

        Set<FindingKind> expected = EnumSet.of(fault.kind());
        assertEquals(expected, found.stream().map(Finding::kind).collect(Collectors.toSet()), found::toString);
        Finding finding = found.getFirst();
        assertEquals(fault.severity(), finding.severity(), finding::toString);
        assertEquals(fault.object(), finding.object());
        assertTrue(finding.evidence().contains(fault.evidence()), finding::evidence);
        assertFalse(finding.summary().isEmpty() || finding.consequence().isEmpty(), finding::toString);
        assertFalse(finding.remedy().isEmpty(), finding::toString);
        assertFalse(finding.isFixable(), "settings of the host are not changed");
    }

    @Test
    void shouldBeSilentOnAMachineThatIsSetUpForLoops() {
        List<Finding> findings = new FakeMachine(root).examine();

        assertEquals(List.of(), found(findings));
        assertEquals(
                List.of(),
                findings.stream()
                        .filter(finding -> finding.severity() == Severity.UNKNOWN)
                        .toList());
    }

    @Test
    void shouldHaveATestForEachFindingAboutAMachine() {
        Set<FindingKind> tested = Stream.of(
                        MachineFaults.kernelFaults(),
                        MachineFaults.processorFaults(),
                        MachineFaults.limitFaults(),
                        MachineFaults.memoryFaults())
                .flatMap(faults -> faults)
                .map(MachineFaults.Fault::kind)
                .collect(Collectors.toCollection(TreeSet::new));

        Set<FindingKind> all = EnumSet.range(PREEMPTION, JVM);
        assertEquals(all, tested);
    }

    @Test
    void shouldAcceptRightsInPlaceOfLimits() {
        FakeMachine machine = new FakeMachine(root)
                .put("/proc/self/limits", FakeMachine.limits("0", "65536"))
                .capabilities(Long.toHexString(1L << 14 | 1L << 23));

        assertEquals(List.of(), found(machine.examine()));
    }

    @Test
    void shouldNotReportWhatSystemdSparesOnlyForOthers() {
        String conf = "/etc/systemd/logind.conf";

        assertEquals(
                List.of(), found(new FakeMachine(root).put(conf, "").user(999).examine()));
        assertEquals(
                List.of(),
                found(new FakeMachine(root)
                        .put(conf, "")
                        .put("/var/lib/systemd/linger/ao", "")
                        .examine()));
        assertEquals(
                List.of(),
                found(new FakeMachine(root)
                        .put(conf, "RemoveIPC=yes")
                        .put("/usr/lib/systemd/logind.conf.d/z.conf", "RemoveIPC=no")
                        .examine()));
    }

    @Test
    void shouldNotReportThreadsThatCannotRunThereOrOnlyMoveOthers() {
        String migration = "77 (migration/3) S 2 0 0 0 -1 69238848 " + "0 ".repeat(30) + "99 1 0";

        assertEquals(
                List.of(),
                found(new FakeMachine(root).thread("grab", 1, 95, "0-2").examine()));
        assertEquals(
                List.of(),
                found(new FakeMachine(root)
                        .thread("migration/3", 1, 99, "3")
                        .put(FakeMachine.THREAD + "stat", migration)
                        .examine()));
    }

    @Test
    void shouldKnowAMachineWithoutAnyFile() throws IOException {
        Path nothing = Files.createDirectory(root.resolve("nothing"));
        Machine machine = new Machine(
                SystemFiles.below(nothing),
                0,
                Path.of("/tmp"),
                directory -> java.util.Optional.empty(),
                java.util.Map.of(),
                25,
                ns -> {});
        Findings findings = new Findings();

        MachineChecks.run(machine, findings);

        assertEquals(
                List.of(NOHZ_FULL, SHM_MISSING),
                found(findings.all()).stream().map(Finding::kind).toList());
    }

    /** No file of the kernel, whatever is in it, may stop the checks. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "garbage",
                "-1",
                "99999999999999999999",
                ":::",
                "0-",
                "(",
                ") (",
                "cpu3 x x x x x x x x"
            })
    void shouldSurviveAnyContentOfAFile(String content) throws IOException {
        FakeMachine machine = new FakeMachine(root);
        for (Path file : machine.files()) {
            byte[] original = Files.readAllBytes(file);
            Files.writeString(file, content);

            List<Finding> findings = machine.examine();

            assertTrue(findings.size() >= 30, file + ": " + findings);
            Files.write(file, original);
        }
    }

    /** Reading a directory fails as reading a file of another user does; root may read all files. */
    @Test
    void shouldSurviveFilesThatCannotBeRead() throws IOException {
        FakeMachine machine = new FakeMachine(root);
        List<Path> files = machine.files();
        for (Path file : files) {
            byte[] original = Files.readAllBytes(file);
            Files.delete(file);
            Files.createDirectory(file);

            List<Finding> findings = machine.examine();

            assertTrue(findings.size() >= 30, file + ": " + findings);
            Files.delete(file);
            Files.write(file, original);
        }
    }

    @Test
    void shouldChooseAnIsolatedProcessorElseTheLastAllowedOne() {
        FakeMachine machine = new FakeMachine(root);
        assertEquals(3, Machine.defaultCpu(machine.machine().files()));

        machine.put("/sys/devices/system/cpu/isolated", "1\n");
        assertEquals(1, Machine.defaultCpu(machine.machine().files()));

        machine.put("/sys/devices/system/cpu/isolated", "\n").put("/proc/self/status", "Cpus_allowed_list:\t0-1,2\n");
        assertEquals(2, Machine.defaultCpu(machine.machine().files()));
        assertTrue(Machine.isOnline(machine.machine().files(), 2));
        assertFalse(Machine.isOnline(machine.machine().files(), 4));
    }

    @Test
    void shouldHaveIdsThatAreUnique() {
        List<String> ids =
                Arrays.stream(FindingKind.values()).map(FindingKind::id).toList();

        assertEquals(ids.size(), Set.copyOf(ids).size());
        assertEquals(
                ORPHANED_SEMAPHORES, FindingKind.ofId("orphaned-semaphores").orElseThrow());
        assertTrue(FindingKind.ofId("nothing").isEmpty());
    }
}

package org.shmrt.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.shmrt.doctor.CpuBudget;
import org.shmrt.doctor.Finding;
import org.shmrt.doctor.FindingKind;
import org.shmrt.doctor.Severity;

/** Why a run was not held, and what would help. */
class LossReasonTest {
    private static final long MS = 1_000_000;
    private static final Finding PRESSURE = new Finding(
            FindingKind.PRESSURE,
            Severity.WARNING,
            "cpu",
            "threads waited",
            "some avg10=90",
            "",
            "top -o %CPU    # stop what is not needed");
    private static final Finding QUOTA = new Finding(
            FindingKind.CONTAINER_CPU,
            Severity.WARNING,
            "control group",
            "this process may use 0.50 processors",
            "cpu.max",
            "",
            "# start the container without --cpus");

    private static RunPlan plan(Waiting waiting, int priority) {
        return new RunPlan("dao", waiting, priority, 1000, 500, 100, Demo.Progress.HIDDEN, Path.of("/x"), "shmdemo-1");
    }

    private static Cores cores(int cpus, double busy, OptionalLong withPriority) {
        return new Cores(new CpuBudget(cpus, OptionalDouble.empty()), busy, MS, withPriority);
    }

    private static List<LossReason> reasons(RunPlan plan, Cores cores, long longestNs, Finding... findings) {
        return LossReason.of(plan, cores, longestNs, List.of(findings));
    }

    @Test
    void shouldNameWaitsThatNeedMoreCores() {
        LossReason first = reasons(plan(Waiting.SPIN, 0), cores(2, 0.1, OptionalLong.empty()), MS / 2)
                .getFirst();
        assertTrue(first.cause().contains("spin") && first.cause().contains("2 cores"), first.cause());
        assertEquals("--wait sem", first.help());
    }

    @Test
    void shouldNameABusyMachineOnceAndAPriorityIfTheUserMayHaveIt() {
        List<LossReason> found = reasons(plan(Waiting.SEM, 0), cores(2, 1.9, OptionalLong.of(9)), MS / 2, PRESSURE);
        assertEquals(1, found.size(), found.toString());
        assertEquals("other programs kept 1.9 of 2 cores busy", found.getFirst().cause());
        assertTrue(found.getFirst().help().startsWith("--priority 10, or "), found.toString());

        found = reasons(plan(Waiting.SEM, 0), cores(2, 1.9, OptionalLong.empty()), MS / 2);
        assertTrue(found.getFirst().help().contains("rtprio-limit"), found.toString());

        found = reasons(plan(Waiting.SEM, 10), cores(2, 1.9, OptionalLong.of(9)), MS / 2);
        assertFalse(found.getFirst().help().contains("priority"), found.toString());
    }

    @Test
    void shouldNameOneCoreAndTheFindingsOfTheDoctor() {
        List<LossReason> found =
                reasons(plan(Waiting.SEM, 0), cores(1, 0.1, OptionalLong.empty()), MS / 2, QUOTA, PRESSURE);
        assertEquals(
                List.of(
                        new LossReason(
                                "three processes share one core", "give the demo more cores (taskset, --cpuset-cpus)"),
                        new LossReason(
                                "this process may use 0.50 processors [container-cpu]",
                                "start the container without --cpus"),
                        new LossReason("threads waited [pressure]", "top -o %CPU")),
                found);
    }

    @Test
    void shouldSuggestARateThatTheSlowestFrameAllows() {
        List<LossReason> found = reasons(plan(Waiting.SEM, 0), cores(8, 0.1, OptionalLong.empty()), 4 * MS);
        assertEquals(
                List.of(new LossReason("the slowest frame took 4.0 ms, and a period has 1.0 ms", "--rate 100")), found);
    }

    @Test
    void shouldSayThatNothingExplainsIt() {
        List<LossReason> found = reasons(plan(Waiting.SEM, 0), cores(8, 0.1, OptionalLong.empty()), MS / 2);
        assertEquals(1, found.size());
        assertTrue(found.getFirst().help().contains("shm doctor"), found.toString());
    }
}

package org.shmrt.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.demo.RunChoice.Wishes;
import org.shmrt.doctor.CpuBudget;

/** What a run chooses on different processors, and what it leaves to the user. */
class RunChoiceTest {
    private static final long US = 1000;
    private static final Wishes NONE = new Wishes(OptionalDouble.empty(), Optional.empty(), OptionalInt.empty());

    private static Cores cores(int cpus, double busy, long lateNs) {
        return new Cores(new CpuBudget(cpus, OptionalDouble.empty()), busy, lateNs, OptionalLong.empty());
    }

    private static Cores withQuota(int cpus, double quota) {
        return new Cores(new CpuBudget(cpus, OptionalDouble.of(quota)), 0.1, 60 * US, OptionalLong.empty());
    }

    private static Cores withPriority(int cpus, double busy, long lateNs, long withPriorityNs) {
        return new Cores(new CpuBudget(cpus, OptionalDouble.empty()), busy, lateNs, OptionalLong.of(withPriorityNs));
    }

    private static void assertChosen(RunChoice choice, double rateHz, Waiting waiting, int priority) {
        assertEquals(rateHz, choice.rateHz(), choice.toString());
        assertEquals(waiting, choice.waiting(), choice.toString());
        assertEquals(priority, choice.priority(), choice.toString());
        assertTrue(
                choice.lines().size() >= 1 && choice.lines().stream().allMatch(line -> line.length() <= 80),
                choice.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0.1, 200, SEM",
        "1, 1.0, 200, SEM",
        "2, 0.1, 1000, SEM",
        "2, 1.9, 200, SEM",
        "3, 0.0, 1000, SEM",
        "4, 0.0, 1000, SPIN",
        "4, 0.5, 1000, SEM",
        "64, 10, 1000, SPIN",
        "64, 63, 1000, SEM"
    })
    void shouldChooseByTheFreeCores(int cpus, double busy, double rateHz, Waiting waiting) {
        assertChosen(RunChoice.of(NONE, cores(cpus, busy, 60 * US)), rateHz, waiting, 0);
    }

    @ParameterizedTest
    @CsvSource({"8, 0.2, 200", "8, 0.05, 50", "8, 1.0, 1000", "8, 2.5, 1000"})
    void shouldSleepAndSlowDownWithinALimitOnProcessorTime(int cpus, double quota, double rateHz) {
        RunChoice choice = RunChoice.of(NONE, withQuota(cpus, quota));
        assertChosen(choice, rateHz, Waiting.SEM, 0);
        assertTrue(choice.lines().getFirst().startsWith("8 cores (limit "), choice.toString());
    }

    @ParameterizedTest
    @CsvSource({"499, 1000", "501, 500", "1500, 200", "4000, 100", "9000, 50", "90000, 50"})
    void shouldChooseAPeriodThatIsLongerThanTheDelays(long lateUs, double rateHz) {
        assertChosen(RunChoice.of(NONE, cores(2, 0.2, lateUs * US)), rateHz, Waiting.SEM, 0);
    }

    @Test
    void shouldTakeAPriorityOnlyWhereItHelps() {
        assertChosen(RunChoice.of(NONE, withPriority(2, 0.9, 4000 * US, 60 * US)), 1000, Waiting.SEM, 10);
        assertChosen(RunChoice.of(NONE, withPriority(2, 2.0, 4000 * US, 60 * US)), 200, Waiting.SEM, 10);
        assertChosen(RunChoice.of(NONE, withPriority(2, 0.2, 60 * US, 10 * US)), 1000, Waiting.SEM, 0);
        assertChosen(RunChoice.of(NONE, withPriority(2, 0.2, 4000 * US, 3900 * US)), 100, Waiting.SEM, 0);
        assertChosen(RunChoice.of(NONE, withPriority(8, 0.2, 4000 * US, 60 * US)), 100, Waiting.SPIN, 0);
    }

    @Test
    void shouldObeyTheUserAndSayWhatIsUnlikelyToHold() {
        Wishes all = new Wishes(OptionalDouble.of(5000), Optional.of(Waiting.SPIN), OptionalInt.of(3));
        RunChoice choice = RunChoice.of(all, withPriority(2, 1.9, 4000 * US, 60 * US));
        assertChosen(choice, 5000, Waiting.SPIN, 3);
        assertEquals(
                List.of(
                        "2 cores, 1.9 busy; threads wake up as late as 4.0 ms (60 us with priority)",
                        "given: 5000 Hz (may be too fast), priority 3, wait spin (needs 4 free cores)"),
                choice.lines());

        Wishes rate = new Wishes(OptionalDouble.of(100), Optional.empty(), OptionalInt.of(0));
        choice = RunChoice.of(rate, withPriority(2, 0.9, 4000 * US, 60 * US));
        assertChosen(choice, 100, Waiting.SEM, 0);
        assertEquals(
                "given: 100 Hz, priority 0; chosen: wait sem (spin needs 4 free cores)",
                choice.lines().getLast());
    }

    @Test
    void shouldMeasureTheCoresOfThisMachine() throws InterruptedException {
        Cores measured = Cores.measure();
        assertTrue(measured.budget().cpus() >= 1 && measured.busy() >= 0, measured.toString());
        assertTrue(measured.busy() <= measured.budget().cpus(), measured.toString());
        assertTrue(measured.lateNs() > 0, measured.toString());
    }
}

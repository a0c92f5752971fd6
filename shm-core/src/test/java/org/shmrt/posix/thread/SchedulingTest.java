package org.shmrt.posix.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.error.PosixException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Clocks;
import org.shmrt.posix.OwnProcess;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Isolation;

/** Scheduling, locked memory, sleeping and usage, read back from the kernel. */
@Timeout(600)
class SchedulingTest {
    private static final List<String> WITHOUT_RIGHTS =
            List.of("sh", "-c", "ulimit -r 0 -l 64; exec setpriv --bounding-set=-all --inh-caps=-all \"$@\"", "sh");

    @Test
    void shouldListTheCallingThreadAndItsProcessors() {
        int own = Scheduling.threadId();

        assertTrue(Scheduling.threadIds().contains(own));
        assertEquals(Scheduling.affinity(Scheduling.CALLER), Scheduling.affinity(own));
        assertTrue(Scheduling.affinity(own).cardinality() > 0);
    }

    @Test
    void shouldRunOnTheOneProcessorThatWasSet() throws InterruptedException {
        BitSet one = new BitSet();
        one.set(Scheduling.affinity(Scheduling.CALLER).length() - 1);
        BitSet[] found = new BitSet[1];
        Thread thread = new Thread(() -> {
            Scheduling.setAffinity(Scheduling.CALLER, one);
            found[0] = Scheduling.affinity(Scheduling.threadId());
        });
        thread.start();
        thread.join();

        assertEquals(one, found[0]);
    }

    @Test
    void shouldNameTheProcessorsThatDoNotExist() {
        BitSet none = new BitSet();
        none.set(8000);

        PosixException e = assertThrows(PosixException.class, () -> Scheduling.setAffinity(Scheduling.CALLER, none));
        assertTrue(e.getMessage().contains("Cpus_allowed_list"), e.getMessage());
    }

    @Test
    void shouldSetTheTimerSlackOfTheCallingThreadOnly() throws InterruptedException {
        long before = Scheduling.timerSlackNs();
        long[] found = new long[1];
        Thread thread = new Thread(() -> {
            Scheduling.setTimerSlack(1);
            found[0] = Scheduling.timerSlackNs();
        });
        thread.start();
        thread.join();

        assertEquals(1, found[0]);
        assertEquals(before, Scheduling.timerSlackNs());
    }

    @Test
    void shouldNotWakeBeforeTheMoment() {
        long moment = System.nanoTime() + 3_000_000;
        Clocks.sleepUntil(moment);

        assertTrue(System.nanoTime() >= moment);
        Clocks.sleepUntil(moment); // in the past
        Clocks.sleepUntil(-1);
    }

    @Test
    void shouldCountTheWaitsOfTheThread() {
        ThreadUsage before = ThreadUsage.now();
        // Several, because one that begins too late does not wait.
        for (int i = 0; i < 20; i++) {
            Clocks.sleepUntil(System.nanoTime() + 2_000_000);
        }

        assertTrue(ThreadUsage.now().since(before).voluntarySwitches() >= 1);
    }

    @Test
    void shouldReadTheSameCountersFromProc() {
        ThreadUsage before = ThreadUsage.now();
        ThreadUsage read = ThreadUsage.of(Scheduling.threadId());
        ThreadUsage after = ThreadUsage.now();

        assertTrue(before.minorFaults() <= read.minorFaults() && read.minorFaults() <= after.minorFaults());
        assertTrue(before.majorFaults() <= read.majorFaults() && read.majorFaults() <= after.majorFaults());
        assertTrue(before.voluntarySwitches() <= read.voluntarySwitches()
                && read.voluntarySwitches() <= after.voluntarySwitches());
        assertTrue(before.involuntarySwitches() <= read.involuntarySwitches()
                && read.involuntarySwitches() <= after.involuntarySwitches());
        assertThrows(ShmException.class, () -> ThreadUsage.of(Integer.MAX_VALUE));
    }

    @Test
    void shouldObtainRealTimePriorityAndLockedMemoryAsRoot() {
        assumeTrue(OwnProcess.userId() == 0, "needs root");
        try (ChildProcess child = ChildProcess.start(ChildJvm.command(ChildJvm.QUICK, Child.class))) {
            String answer = child.line();
            assumeTrue(!answer.contains("operation not permitted"), "the container forbids it: " + answer);
            assertEquals("FIFO 7, OTHER 0, locked true, locked false", answer);
        }
    }

    @Test
    void shouldNameTheLimitsWithoutRights() {
        Isolation.assumePermitted(WITHOUT_RIGHTS);
        List<String> limited =
                Isolation.command(WITHOUT_RIGHTS, ChildJvm.command(ChildJvm.QUICK, Child.class, "limits"));
        try (ChildProcess child = ChildProcess.start(limited)) {
            String priority = child.line();
            String memory = child.line();
            assertTrue(priority.contains("ulimit -r") && priority.contains("FIFO 7"), priority);
            assertTrue(memory.contains("ulimit -l"), memory);
        }
    }

    /** Sets what other tests of this JVM must not have. */
    static final class Child {
        public static void main(String[] words) {
            try {
                Scheduling.setPriority(Scheduling.CALLER, new Scheduling.Priority(Scheduling.Policy.FIFO, 7));
            } catch (PosixException e) {
                System.out.println(e.getMessage());
                if (words.length == 0) {
                    return;
                }
            }
            try {
                Scheduling.Priority raised = Scheduling.priority(Scheduling.threadId());
                Scheduling.setPriority(Scheduling.CALLER, Scheduling.Priority.NORMAL);
                Scheduling.Priority dropped = Scheduling.priority(Scheduling.threadId());
                ProcessMemory.lockAll(ProcessMemory.Extent.ON_FIRST_USE);
                boolean locked = ProcessMemory.lockedBytes() > 0;
                ProcessMemory.unlockAll();
                System.out.println(raised.policy() + " " + raised.priority() + ", " + dropped.policy() + " "
                        + dropped.priority() + ", locked " + locked + ", locked " + (ProcessMemory.lockedBytes() > 0));
            } catch (PosixException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}

package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.cli.Shm;
import org.shmrt.doctor.FindingKind;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Isolation;

/** The shared memory of each container begins with the same inode numbers. */
@Timeout(600)
class SameInodeTest {
    @Test
    void shouldNotTakeAMappingOfAnotherContainerForAUseOfAFileHere() {
        Isolation.assumePermitted(Isolation.SMALL_SHARED_MEMORY);
        List<String> words = new ArrayList<>(List.of("gone"));
        words.addAll(ChildJvm.command(ChildJvm.QUICK, Shm.class, "doctor", "--json"));

        try (ChildProcess python =
                Isolation.startPython(Isolation.SMALL_SHARED_MEMORY, "same_inode.py", words.toArray())) {
            List<String> output = python.finish();

            assertEquals("mapped", output.getFirst());
            assertTrue(
                    output.stream().anyMatch(line -> line.contains(FindingKind.ORPHANED_SEMAPHORES.id())),
                    output::toString);
        }
    }
}

package org.shmrt.posix.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.error.ShmException;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.ExternalCommand;

/** The kernel's device of latency requests. */
@Timeout(600)
class IdleStatesTest {
    /** As in a container: without a device, no file may be created in its place. */
    @Test
    void shouldCreateNoFileWhereThereIsNoDevice() {
        List<String> hidden = List.of("unshare", "-m", "sh", "-c", "mount -t tmpfs none /dev && exec \"$@\"", "sh");
        List<String> trial = new ArrayList<>(hidden);
        trial.add("true");
        Assumptions.assumeTrue(
                ExternalCommand.succeeds(trial.toArray(String[]::new)), "/dev cannot be hidden from a child process");
        List<String> command = new ArrayList<>(hidden);
        command.addAll(ChildJvm.command(ChildJvm.QUICK, Child.class));

        try (ChildProcess child = ChildProcess.start(command)) {
            assertEquals(List.of("refused, created: false"), child.finish());
        }
    }

    @Test
    void shouldReportTheLimitThatItRequested() {
        Assumptions.assumeTrue(Files.isWritable(IdleStates.DEVICE), "this user may not forbid idle states");

        try (IdleStates request = IdleStates.forbid()) {
            assertEquals(0, request.limitUs());
            Thread.currentThread().interrupt();
            assertEquals(0, request.limitUs());
            try (IdleStates other = IdleStates.forbid()) {
                assertEquals(0, other.limitUs());
            }
            assertTrue(Thread.interrupted());
        }
    }

    static final class Child {
        private Child() {}

        public static void main(String[] words) {
            try (IdleStates request = IdleStates.forbid()) {
                System.out.println("forbidden: " + request.limitUs());
            } catch (ShmException e) {
                System.out.println("refused, created: " + Files.exists(IdleStates.DEVICE));
            }
        }
    }
}

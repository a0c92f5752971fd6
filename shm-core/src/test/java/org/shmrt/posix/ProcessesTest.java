package org.shmrt.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.posix.thread.Scheduling;
import org.shmrt.testing.Scratch;

class ProcessesTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @Test
    void shouldNotTakeAThreadForTheProcessWhoseIdAFileContains() throws Exception {
        AtomicInteger id = new AtomicInteger();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            id.set(Scheduling.threadId());
            started.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        started.await();
        try (Arena arena = Arena.ofConfined()) {
            MappedFile file =
                    MappedFile.readOnly(Files.write(scratch.directory().resolve("f"), new byte[64]), arena);
            assertEquals(64, file.byteSize());

            assertFalse(Processes.isAlive(id.get()));
            assertFalse(Processes.isUser(id.get(), file.id()));
            assertTrue(Processes.isAlive(OwnProcess.PID));
            assertTrue(Processes.isUser(OwnProcess.PID, file.id()));
        } finally {
            end.countDown();
            thread.join();
        }
    }
}

package org.shmrt.relay.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.OwnProcess;

@Timeout(120)
class StatusPageTest {
    /** A relay in another process namespace takes this process for a dead one until the page is locked. */
    @Test
    void shouldKeepItsPageAlthoughAnotherRelayTakesThisProcessForDead() throws InterruptedException {
        Path path = PageLayout.path(OwnProcess.PID);
        AtomicBoolean done = new AtomicBoolean();
        Thread other = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                StatusPage.removeDead(path);
            }
        });
        try {
            for (int i = 0; i < 200; i++) {
                try (StatusPage page = StatusPage.create("test " + i);
                        StatusRow row = page.row(RowRole.SEND, "cam", "rtc1", "tcp")) {
                    row.set(RowCounter.FRAMES, i);
                    assertTrue(FileLock.isHeld(path, FileId.of(path)));
                    assertEquals(
                            1,
                            StatusReader.all().stream()
                                    .filter(snapshot -> snapshot.pid() == OwnProcess.PID && snapshot.alive())
                                    .count());
                }
            }
        } finally {
            done.set(true);
            other.join();
        }
    }
}

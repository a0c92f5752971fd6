package org.shmrt.relay.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.OwnProcess;
import org.shmrt.testing.FileTruncation;

@Timeout(600)
class StatusPageTest {
    @Test
    void shouldLetTheRelayGoOnWithoutAPageThatWasTruncated() {
        try (StatusPage page = StatusPage.create("test");
                StatusRow row = page.row(RowRole.SEND, "cam", "rtc1", "tcp")) {
            row.set(RowCounter.FRAMES, 1);
            FileTruncation.truncate(page.path(), 0);

            row.set(RowCounter.FRAMES, 2);
            row.add(RowCounter.FRAMES, 1);
            row.state(RowState.CONNECTED, "again");
            page.countRefused();
            try (StatusRow other = page.row(RowRole.RECEIVE, "dm", "rtc1", "tcp")) {
                other.set(RowCounter.FRAMES, 7);
                assertEquals(7, other.value(RowCounter.FRAMES));
            }
        }

        assertFalse(Files.exists(PageLayout.path(OwnProcess.PID)));
        StatusPage.create("test").close();
    }

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

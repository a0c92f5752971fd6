package org.shmrt.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;

/** Viewers that read slowly, not at all, or break their connection. */
@Timeout(600)
@Tag("slow")
class SlowViewerTest {
    private static final int PIXELS = 512 * 512;

    @RegisterExtension
    final ViewFixture view = new ViewFixture();

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong published = new AtomicLong();

    /** Writes frames whose pixels are all the count. */
    private Thread writing(ImageStream stream) {
        return Thread.ofPlatform().start(() -> {
            try (FrameWriter writer = stream.writer()) {
                while (!over.get()) {
                    writer.claim().fill((byte) (published.get() + 1));
                    writer.publish();
                    published.incrementAndGet();
                    LockSupport.parkNanos(5_000_000L);
                }
            }
        });
    }

    private static void assertWhole(ViewPage.Message frame) {
        byte[] expected = new byte[PIXELS];
        Arrays.fill(expected, (byte) Long.parseLong(frame.text("count")));
        assertArrayEquals(expected, frame.payload());
    }

    private void awaitPublished(long count) {
        while (published.get() < count) {
            LockSupport.parkNanos(1_000_000L);
        }
    }

    @Test
    void shouldSendANewerFrameToAViewerThatComesBack() throws InterruptedException {
        view.start();
        try (ImageStream stream = view.create("s", DataType.UINT8, 512, 512);
                ViewPage slow =
                        ViewPage.open(HttpClient.newHttpClient(), view.server().address(), ViewPage.Mode.ASLEEP)) {
            Thread writer = writing(stream);
            List<Long> counts = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                long atLeast = published.get() + 20;
                awaitPublished(atLeast);

                slow.send("op", "frame", "id", i, "stream", view.name("s"), "waitMs", 10000);
                slow.more();
                ViewPage.Message frame = slow.receive();

                assertWhole(frame);
                counts.add(Long.parseLong(frame.text("count")));
                assertTrue(counts.getLast() >= atLeast, "an old frame: " + counts.getLast() + " < " + atLeast);
            }
            over.set(true);
            writer.join();
        }
    }

    @Test
    void shouldServeOneViewerWhileTenDoNotRead() throws InterruptedException {
        view.start();
        List<ViewPage> asleep = new ArrayList<>();
        HttpClient client = HttpClient.newHttpClient();
        try (ImageStream stream = view.create("s", DataType.UINT8, 512, 512);
                ViewPage awake = view.page()) {
            Thread writer = writing(stream);
            for (int i = 0; i < 10; i++) {
                ViewPage page = ViewPage.open(client, view.server().address(), ViewPage.Mode.ASLEEP);
                asleep.add(page);
                for (int id = 0; id < 40; id++) {
                    page.send("op", "frame", "id", id, "stream", view.name("s"), "waitMs", 10000);
                }
            }
            String after = "0";
            for (int i = 0; i < 100; i++) {
                ViewPage.Message frame = awake.frame(view.name("s"), "after", after);

                assertWhole(frame);
                assertTrue(Long.parseLong(frame.text("count")) > Long.parseLong(after));
                after = frame.text("count");
            }
            long held = view.server().pool().allocatedBytes();
            // Two frames for each viewer that does not read, the newest, and one that is being read.
            assertTrue(held <= 24L * (PIXELS + 65_536), held + " bytes are held");
            over.set(true);
            writer.join();
        } finally {
            asleep.forEach(ViewPage::close);
        }
    }

    @Test
    void shouldForgetAViewerThatWasKilled() throws InterruptedException {
        view.start();
        HttpClient client = HttpClient.newHttpClient();
        try (ImageStream stream = view.create("s", DataType.UINT8, 512, 512)) {
            Thread writer = writing(stream);
            // More than may be connected at the same time.
            for (int i = 0; i < 40; i++) {
                ViewPage page = open(client);
                for (int id = 0; id < 10; id++) {
                    page.send("op", "frame", "id", id, "stream", view.name("s"));
                }
                page.kill();
            }
            try (ViewPage page = open(client)) {
                assertWhole(page.frame(view.name("s")));
            }
            over.set(true);
            writer.join();
        }
        try (ViewPage page = open(client)) {
            ImageStream.remove(view.scratch.stream("s"));
            while (view.server().pool().allocatedBytes() > 0) { // frees unused memory after some seconds
                page.ask("op", "list", "id", 1);
                LockSupport.parkNanos(100_000_000L);
            }
        }
    }

    /** Tries again while the server has not noticed yet that earlier viewers are gone. */
    private ViewPage open(HttpClient client) {
        while (true) {
            try {
                return ViewPage.open(client, view.server().address(), ViewPage.Mode.READING);
            } catch (CompletionException e) {
                LockSupport.parkNanos(10_000_000L);
            }
        }
    }

    @Test
    void shouldNeverSendAFrameTwiceOrBackwards() throws InterruptedException {
        view.start();
        try (ImageStream stream = view.create("s", DataType.UINT8, 512, 512);
                ViewPage one = view.page();
                ViewPage other = view.page()) {
            Thread writer = writing(stream);
            long[] last = new long[2];
            for (int i = 0; i < 150; i++) {
                List<ViewPage> pages = List.of(one, other);
                for (int p = 0; p < 2; p++) {
                    pages.get(p).send("op", "frame", "id", i, "stream", view.name("s"), "after", "" + last[p]);
                }
                for (int p = 0; p < 2; p++) {
                    ViewPage.Message frame = pages.get(p).receive();
                    if (frame.payload().length > 0) {
                        assertWhole(frame);
                        long count = Long.parseLong(frame.text("count"));
                        assertTrue(count > last[p]);
                        last[p] = count;
                    }
                }
            }
            over.set(true);
            writer.join();
            assertEquals(published.get(), stream.status().cnt0());
        }
    }
}

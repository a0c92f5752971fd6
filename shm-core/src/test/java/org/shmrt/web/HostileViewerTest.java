package org.shmrt.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;

/** Messages that no page of ours sends: each gets an answer or ends the connection, and others are served as before. */
@Timeout(600)
class HostileViewerTest {
    @RegisterExtension
    final ViewFixture view = new ViewFixture();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "0",
                "[]",
                "\"op\"",
                "{",
                "{}",
                "{\"op\":\"list\"}",
                "{\"id\":1}",
                "{\"op\":\"list\",\"id\":\"x\"}",
                "{\"op\":\"list\",\"id\":1.5}",
                "{\"op\":\"list\",\"id\":1e300}",
                "{\"op\":7,\"id\":1}",
                "{\"op\":\"nothing\",\"id\":1}",
                "{\"op\":\"frame\",\"id\":1}",
                "{\"op\":\"frame\",\"id\":1,\"stream\":7}",
                "{\"op\":\"frame\",\"id\":1,\"stream\":\"a/b\"}",
                "{\"op\":\"frame\",\"id\":1,\"stream\":\"\\u0000\"}",
                "{\"op\":\"frame\",\"id\":1,\"stream\":\"s\",\"slice\":-1}",
                "{\"op\":\"frame\",\"id\":1,\"stream\":\"s\",\"slice\":\"x\"}",
                "{\"op\":\"frame\",\"id\":1,\"stream\":\"s\",\"slice\":1e99}",
                "{\"op\":\"past\",\"id\":1,\"stream\":\"s\"}",
                "{\"op\":\"past\",\"id\":1,\"stream\":\"s\",\"slot\":-1}",
                "{\"op\":\"history\",\"id\":1,\"stream\":\"..\"}",
                "{\"op\":\"info\",\"id\":1,\"stream\":\"\"}",
                "{\"op\":\"loop\",\"id\":1,\"name\":\"../x\"}",
                "{\"op\":\"loop\",\"id\":1}",
                "{'op':'list',id:1}",
                "{\"op\":\"list\",\"id\":1}{\"op\":\"list\",\"id\":2}"
            })
    void shouldAnswerANonsensicalRequestWithAnError(String text) {
        view.start();
        try (ViewPage page = view.page()) {
            page.sendText(text);

            ViewPage.Message answer = page.receive();

            assertEquals("error", answer.op(), answer.json().toString());
            assertTrue(
                    !answer.text("message").isEmpty() && !answer.text("message").contains("\n"));
            assertEquals("hello", page.ask("op", "hello", "id", 2).op());
        }
    }

    /** More than may be open at the same time: none of them counts as open afterwards. */
    @ParameterizedTest
    @ValueSource(strings = {"too-large", "too-deep"})
    void shouldAnswerRequestsThatFailWithAnError(String name) {
        view.start();
        try (ViewPage page = view.page()) {
            for (int id = 1; id <= 2 * Client.MAX_OPEN; id++) {
                ViewPage.Message answer = page.ask("op", "loop", "id", id, "name", name);
                assertEquals("error", answer.op());
                assertTrue(answer.text("message").startsWith("the server "), answer.text("message"));
            }

            assertEquals("hello", page.ask("op", "hello", "id", 1).op());
        }
    }

    @Test
    void shouldRefuseDeeplyNestedMessages() {
        view.start();
        try (ViewPage page = view.page()) {
            page.sendText("{\"op\":\"list\",\"id\":1,\"x\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}");

            assertEquals("error", page.receive().op());
            assertEquals("hello", page.ask("op", "hello", "id", 2).op());
        }
    }

    @Test
    void shouldCloseAConnectionThatSendsTooLargeMessages() {
        view.start();
        try (ViewPage page = view.page();
                ViewPage other = view.page()) {
            // One character too many: the server has read all of it when it closes, so the code is not lost by a reset.
            page.sendUnanswered("x".repeat(65_537));

            assertEquals(1009, page.closeCode());
            assertEquals("hello", other.ask("op", "hello", "id", 2).op());
        }
    }

    @Test
    void shouldLimitTheOpenRequests() {
        view.start();
        try (ImageStream stream = view.create("s", DataType.UINT8, 4, 4);
                FrameWriter writer = stream.writer();
                ViewPage page = view.page()) {
            writer.write(MemorySegment.ofArray(new byte[16]));
            for (int id = 1; id <= 65; id++) {
                page.send("op", "frame", "id", id, "stream", view.name("s"), "after", "1", "waitMs", 10_000);
            }

            ViewPage.Message refused = page.receive();
            writer.write(MemorySegment.ofArray(new byte[16]));
            List<Integer> answered = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                answered.add(page.receive().json().get("id").getAsInt());
            }

            assertEquals("error", refused.op());
            assertEquals(65, refused.json().get("request").getAsInt());
            assertEquals(64, answered.stream().distinct().count());
            assertEquals("list", page.ask("op", "list", "id", 99).op());
        }
    }

    @Test
    void shouldLimitTheConnectedPages() {
        view.start();
        List<ViewPage> pages = new ArrayList<>();
        HttpClient client = HttpClient.newHttpClient();
        try {
            int refused = 0;
            for (int i = 0; i < 20; i++) {
                try {
                    pages.add(ViewPage.open(client, view.server().address(), ViewPage.Mode.READING));
                } catch (CompletionException e) {
                    refused++;
                }
            }

            assertEquals(16, pages.size());
            assertEquals(4, refused);
            assertEquals("hello", pages.getLast().ask("op", "hello", "id", 1).op());
        } finally {
            pages.forEach(ViewPage::close);
        }
    }

    @Test
    @Tag("slow")
    void shouldSurviveRandomMessages() {
        String[] keys = {"op", "id", "stream", "after", "slice", "slot", "names", "name", "size", "waitMs", "generation"
        };
        String[] values = {
            "\"frame\"",
            "\"list\"",
            "\"thumbs\"",
            "\"past\"",
            "\"history\"",
            "\"info\"",
            "\"loop\"",
            "\"hello\"",
            "\"STREAM\"",
            "\"nix\"",
            "\"..\"",
            "\"\"",
            "null",
            "true",
            "0",
            "1",
            "-1",
            "3",
            "1e9",
            "-1e99",
            "\"1\"",
            "\"18446744073709551615\"",
            "\"-1\"",
            "[]",
            "{}",
            "[{}]",
            "[{\"name\":\"STREAM\"}]",
            "[[[]]]",
            "[{\"name\":\"STREAM\",\"after\":\"x\"},7]",
            "\"\\ud800\"",
            "NaN",
            "",
            "\"a\\/b\""
        };
        Random random = new Random(16);
        view.start();
        try (ImageStream stream = view.create("s", DataType.UINT8, 4, 4);
                FrameWriter writer = stream.writer();
                ViewPage page = view.page()) {
            writer.write(MemorySegment.ofArray(new byte[16]));
            for (int i = 0; i < 3000; i++) {
                StringBuilder text = new StringBuilder("{\"waitMs\":0");
                for (int k = random.nextInt(7); k >= 0; k--) {
                    text.append(",\"")
                            .append(keys[random.nextInt(keys.length)])
                            .append("\":")
                            .append(values[random.nextInt(values.length)].replace("STREAM", view.name("s")));
                }
                text.append('}');
                if (random.nextInt(10) == 0) {
                    text.setLength(random.nextInt(text.length()));
                }
                page.sendText(text.toString());
                // Each message has one last answer; a thumbnail may come before it.
                for (ViewPage.Message answer = page.receive(); answer.op().equals("thumb"); answer = page.receive()) {
                    assertTrue(answer.payload().length > 0);
                }
            }
            assertEquals("hello", page.ask("op", "hello", "id", 1).op());
        }
    }

    @Test
    void shouldRefuseAFloodFromAPageThatDoesNotRead() {
        view.start();
        try (ViewPage flood =
                        ViewPage.open(HttpClient.newHttpClient(), view.server().address(), ViewPage.Mode.ASLEEP);
                ViewPage page = view.page()) {
            for (int i = 0; i < 20_000 && isSent(flood); i++) {
                assertTrue(i < 20_000);
            }
            assertEquals("hello", page.ask("op", "hello", "id", 1).op());
        }
    }

    private static boolean isSent(ViewPage page) {
        try {
            page.send("op", "hello", "id", 1);
            return true;
        } catch (CompletionException e) {
            return false; // the server closed the connection
        }
    }
}

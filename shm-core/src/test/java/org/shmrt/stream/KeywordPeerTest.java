package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.KeywordLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.stream.keyword.KeywordTable;
import org.shmrt.testing.PythonPeer;
import org.shmrt.testing.Scratch;

/** Keywords are exchanged with independent programs, also while they are being changed. */
@Timeout(600)
@Tag("slow")
class KeywordPeerTest {
    private static final String PEER = "keyword_peer.py";
    private static final long RACE_NS = 500_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    /** One pixel more or less moves the table to any alignment. */
    private ImageStream create(int pixels, int room) {
        return ImageStream.create(
                scratch.stream("kw"),
                StreamSpec.dao(DataType.UINT8, Shape.of(pixels, 1)).withKeywords(room));
    }

    private static List<Object> table(ImageStream stream) {
        KeywordLayout layout = stream.layout().keywords();
        return List.of(stream.path(), layout.offset(), layout.stride());
    }

    private static List<String> peer(String verb, ImageStream stream, Object... more) {
        List<Object> words = new ArrayList<>(List.of(verb));
        words.addAll(table(stream));
        words.addAll(List.of(more));
        return PythonPeer.run(PEER, words.toArray());
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 11})
    void shouldBeReadByThePeer(int pixels) {
        PythonPeer.assumePresent();
        try (ImageStream stream = create(pixels, 5)) {
            stream.keywordTable()
                    .update(List.of(
                            Keyword.of("gain", -1.25).withComment("e-/ADU"),
                            Keyword.of("nread", Long.MIN_VALUE),
                            Keyword.of("sixteen_chars_kw", "0123456789abcdef"),
                            Keyword.of("é", "é").withComment("é")));

            JsonArray found =
                    JsonParser.parseString(peer("read", stream, 5).getFirst()).getAsJsonArray();

            assertEquals(JsonParser.parseString("""
                [{"name": "gain", "type": "D", "value": "-1.25", "comment": "e-/ADU"},
                 {"name": "nread", "type": "L", "value": "-9223372036854775808", "comment": ""},
                 {"name": "sixteen_chars_kw", "type": "S", "value": "0123456789abcdef", "comment": ""},
                 {"name": "é", "type": "S", "value": "é", "comment": "é"},
                 {"name": "", "type": "N", "value": null, "comment": ""}]\
                """), found);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 11})
    void shouldReadAndChangeKeywordsOfThePeer(int pixels) {
        PythonPeer.assumePresent();
        try (ImageStream stream = create(pixels, 4)) {
            peer("write", stream, 0, "gain", "D", "2.5", "per count");
            peer("write", stream, 2, "source", "S", "0123456789abcdef", "");
            KeywordTable table = stream.keywordTable();
            assertEquals(
                    List.of(Keyword.of("gain", 2.5).withComment("per count"), Keyword.of("source", "0123456789abcdef")),
                    table.list());

            table.set("gain", 3);
            table.set("last", 4);

            JsonArray found =
                    JsonParser.parseString(peer("read", stream, 4).getFirst()).getAsJsonArray();
            JsonObject gain = found.get(0).getAsJsonObject();
            assertEquals(
                    "L 3 per count",
                    gain.get("type").getAsString() + " " + gain.get("value").getAsString() + " "
                            + gain.get("comment").getAsString());
            assertEquals("", found.get(1).getAsJsonObject().get("name").getAsString(), "an unused record stays unused");
            assertEquals("last", found.get(3).getAsJsonObject().get("name").getAsString());
        }
    }

    /** Names, values and comments belong together, so a mixture of two keywords is detected. */
    private static final List<Keyword> WHOLE = List.of(
            Keyword.of("aaaaaaaaaaaaaaaa", "AAAAAAAAAAAAAAAA").withComment("a".repeat(80)),
            Keyword.of("b", 0x1111111111111111L).withComment("b".repeat(60)),
            Keyword.of("cccccccc", 0x2222222222222222L),
            Keyword.of("dddddddddddd", "D").withComment("d"));

    @ParameterizedTest
    @ValueSource(ints = {8, 11})
    void shouldNeverReturnAKeywordWithTheValueOfAnother(int pixels) throws InterruptedException {
        try (ImageStream stream = create(pixels, 1);
                ImageStream viewer = ImageStream.open(stream.path(), Access.READ_ONLY)) {
            AtomicBoolean over = new AtomicBoolean();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    KeywordTable table = stream.keywordTable();
                    for (int i = 0; !over.get(); i++) {
                        Keyword keyword = WHOLE.get(i % WHOLE.size());
                        if (i % 3 == 0) {
                            table.replaceAll(List.of());
                            table.set(keyword);
                        } else {
                            table.replaceAll(List.of(keyword));
                        }
                    }
                } catch (Throwable t) {
                    failure.set(t);
                }
            });
            int seen = 0;
            try {
                long startNs = System.nanoTime();
                // On a busy machine for longer, until enough were seen.
                while (System.nanoTime() - startNs < RACE_NS || (seen <= 100 && writer.isAlive())) {
                    for (Keyword keyword : viewer.keywordTable().list()) {
                        assertTrue(WHOLE.contains(keyword), keyword.toString());
                        seen++;
                    }
                }
            } finally {
                over.set(true);
                writer.join();
            }

            assertEquals(null, failure.get());
            assertTrue(seen > 100, "seen " + seen);
        }
    }

    @Test
    void shouldNeverLoseANumberWhileItIsChanged() throws InterruptedException {
        try (ImageStream stream = create(8, 3);
                ImageStream viewer = ImageStream.open(stream.path(), Access.READ_ONLY)) {
            KeywordTable table = stream.keywordTable();
            table.update(List.of(Keyword.of("first", 1), Keyword.of("count", 0).withComment("goes up")));
            AtomicBoolean over = new AtomicBoolean();
            Thread writer = Thread.ofPlatform().start(() -> {
                for (long i = 1; !over.get(); i++) {
                    table.set("count", i);
                }
            });
            long last = 0;
            try {
                long startNs = System.nanoTime();
                // On a busy machine for longer, until the writer had its turns.
                while (System.nanoTime() - startNs < RACE_NS || (last <= 10 && writer.isAlive())) {
                    Keyword count = viewer.keywordTable().find("count").orElse(null);
                    assertEquals("goes up", count.comment());
                    assertTrue((long) count.value() >= last);
                    last = (long) count.value();
                }
            } finally {
                over.set(true);
                writer.join();
            }
            assertTrue(last > 10, "reached " + last);
        }
    }

    @Test
    void shouldLoseNoKeywordSetByManyThreads() throws InterruptedException {
        try (ImageStream stream = create(8, 40);
                ImageStream other = ImageStream.open(stream.path())) {
            Map<String, ImageStream> handles = Map.of("x", stream, "y", other);
            List<Thread> writers = handles.entrySet().stream()
                    .map(entry -> Thread.ofPlatform().start(() -> {
                        for (int i = 0; i < 20; i++) {
                            entry.getValue().keywordTable().set(entry.getKey() + i, i);
                        }
                    }))
                    .toList();
            for (Thread writer : writers) {
                writer.join();
            }

            assertEquals(40, stream.keywords().size());
        }
    }

    @Test
    void shouldFindTheKeywordTableOfAStreamCreatedByThePeer() {
        PythonPeer.assumePresent();
        Path path = scratch.stream("theirs");
        PythonPeer.run("dao_peer.py", "create", path, "uint8", "3,1", "--depth", 3, "--keywords", 2);
        try (ImageStream stream = ImageStream.open(path)) {
            assertEquals(List.of(), stream.keywords());

            stream.keywordTable().set("a", 1);

            JsonArray found =
                    JsonParser.parseString(peer("read", stream, 2).getFirst()).getAsJsonArray();
            assertEquals("a", found.get(0).getAsJsonObject().get("name").getAsString());
            assertEquals("N", found.get(1).getAsJsonObject().get("type").getAsString());
        }
    }
}

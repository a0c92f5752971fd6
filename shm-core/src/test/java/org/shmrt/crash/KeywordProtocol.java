package org.shmrt.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.stream.keyword.KeywordTable;

/**
 * Changes keywords. After the death of who does that every keyword that is there has a value it was given, those that
 * were not touched are as they were, and the next change is made as if nothing had happened.
 */
final class KeywordProtocol implements Protocol {
    private static final Map<String, Set<Object>> VALUES = Map.of(
            "steady",
            Set.of(7L),
            "number",
            Set.of(1L, 2L),
            "text",
            Set.of("old", "newer"),
            "kind",
            Set.of(1.5, "word"),
            "gone",
            Set.of(3L),
            "fresh",
            Set.of(4L));
    private static final List<Keyword> LAST =
            List.of(Keyword.of("a", 1L), Keyword.of("b", "two"), Keyword.of("c", 3.0));

    private final String name;
    private final StreamSpec spec;

    KeywordProtocol(String name, StreamSpec spec) {
        this.name = name;
        this.spec = spec.withKeywords(VALUES.size());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare(Place place) {
        try (ImageStream stream = ImageStream.create(place.stream(), spec)) {
            stream.keywordTable()
                    .replaceAll(List.of(
                            Keyword.of("steady", 7L),
                            Keyword.of("number", 1L),
                            Keyword.of("text", "old").withComment("stays"),
                            Keyword.of("kind", 1.5),
                            Keyword.of("gone", 3L)));
        }
    }

    @Override
    public Victim.Deed enter(Place place) {
        ImageStream stream = ImageStream.open(place.stream());
        return new Victim.Deed() {
            @Override
            public void run() {
                KeywordTable table = stream.keywordTable();
                table.set("number", 2L);
                table.set("text", "newer");
                table.set("kind", "word");
                table.set("fresh", 4L);
                table.remove("gone");
            }

            @Override
            public void close() {
                stream.close();
            }
        };
    }

    @Override
    public Judge judge(Place place, int ordinal) {
        return new Judge() {
            @Override
            public void judge(long killedNs) {
                checkWhatIsLeft(place);
                goOn(place);
                Aftermath.assertCanBeMadeAnew(place, spec);
            }

            @Override
            public void close() {
                // nobody watches
            }
        };
    }

    private static void checkWhatIsLeft(Place place) {
        StreamInfo info = StreamInfo.of(place.stream());
        for (Keyword keyword : info.keywords()) {
            Set<Object> values = VALUES.get(keyword.name());
            assertTrue(values != null && values.contains(keyword.value()), "mixed up: " + keyword);
            if (keyword.name().equals("text")) {
                assertEquals("stays", keyword.comment());
            }
        }
        assertTrue(
                info.keywords().stream().anyMatch(keyword -> keyword.name().equals("steady")), "not touched, but gone");
    }

    /** Each name can be set again, whatever was left of it, and then a whole new set. */
    private static void goOn(Place place) {
        try (ImageStream stream = ImageStream.open(place.stream())) {
            KeywordTable table = stream.keywordTable();
            for (String keyword : VALUES.keySet()) {
                table.set(keyword, 99L);
                assertEquals(99L, table.get(keyword).value());
            }
            assertEquals(VALUES.size(), table.list().size());
            table.replaceAll(LAST);
            assertEquals(
                    LAST.stream().map(Keyword::name).toList(),
                    table.list().stream().map(Keyword::name).toList());
            assertEquals(
                    LAST.stream().map(Keyword::value).toList(),
                    table.list().stream().map(Keyword::value).toList());
        }
    }
}

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
 * Changes keywords. After a crash every keyword has one of the values that were assigned to it, untouched keywords are
 * unchanged, and the next change works as usual.
 */
final class KeywordScenario implements Scenario {
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

    KeywordScenario(String name, StreamSpec spec) {
        this.name = name;
        this.spec = spec.withKeywords(VALUES.size());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare(Workspace workspace) {
        try (ImageStream stream = ImageStream.create(workspace.stream(), spec)) {
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
    public TargetProcess.Operation open(Workspace workspace) {
        ImageStream stream = ImageStream.open(workspace.stream());
        return new TargetProcess.Operation() {
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
    public Verifier verifier(Workspace workspace, int ordinal) {
        return new Verifier() {
            @Override
            public void verify(long killedNs) {
                checkRemainingState(workspace);
                proceed(workspace);
                RecreationCheck.assertCanBeRecreated(workspace, spec);
            }

            @Override
            public void close() {
                // no readers to close
            }
        };
    }

    private static void checkRemainingState(Workspace workspace) {
        StreamInfo info = StreamInfo.of(workspace.stream());
        for (Keyword keyword : info.keywords()) {
            Set<Object> values = VALUES.get(keyword.name());
            assertTrue(
                    values != null && values.contains(keyword.value()),
                    "fields of different keywords mixed: " + keyword);
            if (keyword.name().equals("text")) {
                assertEquals("stays", keyword.comment());
            }
        }
        assertTrue(
                info.keywords().stream().anyMatch(keyword -> keyword.name().equals("steady")),
                "an untouched keyword is missing");
    }

    /** Each keyword can be set again, whatever its state, and then all can be replaced. */
    private static void proceed(Workspace workspace) {
        try (ImageStream stream = ImageStream.open(workspace.stream())) {
            KeywordTable table = stream.keywordTable();
            for (String keyword : VALUES.keySet()) {
                table.set(keyword, 99L);
                assertEquals(99L, table.find(keyword).orElseThrow().value());
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

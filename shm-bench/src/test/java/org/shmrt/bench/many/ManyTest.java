package org.shmrt.bench.many;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.bench.WrongUsage;
import org.shmrt.bench.report.Row;

class ManyTest {
    @TempDir
    private Path directory;

    /** Not what was measured, but that everything runs, each figure has a row, and the constants of a stream are exact. */
    @Test
    @Tag("slow")
    void shouldReportARowForEachFigureAndLeaveNothingBehind() throws IOException {
        assertEquals(
                0,
                Many.commandLine()
                        .execute(
                                "--seconds",
                                "0.3",
                                "--pairs",
                                "1",
                                "--streams",
                                "140",
                                "--listed",
                                "40",
                                "--writers",
                                "10",
                                "--readers",
                                "16",
                                "--out",
                                directory.toString()));

        Map<String, JsonObject> figures = new TreeMap<>();
        for (JsonElement one : JsonParser.parseString(Files.readString(directory.resolve("many.json")))
                .getAsJsonObject()
                .getAsJsonArray("figures")) {
            JsonObject figure = one.getAsJsonObject();
            figures.put(figure.get("key").getAsString(), figure);
            assertTrue(!figure.getAsJsonArray("values").isEmpty() || figure.has("remark"), figure::toString);
        }
        assertTrue(
                figures.keySet()
                        .containsAll(Set.of(
                                "dao_open",
                                "milk_remove",
                                "dao_heap",
                                "info",
                                "info_heap",
                                "list_start",
                                "crowd_cpu",
                                "crowd_missed",
                                "readers_cpu",
                                "readers_missed",
                                "set_all",
                                "set_any",
                                "set_any_idle")),
                figures.keySet()::toString);
        for (String constant : List.of("mappings", "files", "used_files")) {
            for (String layout : StreamFarm.LAYOUTS) {
                JsonObject figure = figures.get(layout + "_" + constant);
                assertTrue(figure.get("met").getAsBoolean(), figure::toString);
            }
        }
        try (Stream<Path> files = Files.list(TemporaryStream.memoryDirectory())) {
            String own = "shmrt_bench_" + ProcessHandle.current().pid() + "_";
            assertEquals(
                    List.of(),
                    files.filter(file -> file.toString().contains(own)).toList());
        }
    }

    @Test
    void shouldSayThatThereIsNoLauncher() {
        List<String> keys = new Listing(Optional.of(directory.resolve("missing")))
                .run(4, 1).stream().map(Row::key).toList();

        assertTrue(keys.contains("list_start") && !keys.contains("list"), keys::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--pairs 0", "--seconds NaN", "--part disk", "--streams 0", "--readers -1", "--x"})
    void shouldRejectWrongUsageInOneLine(String words) {
        WrongUsage.assertRejectedInOneLine(Many.commandLine(), words, "many: ");
    }
}

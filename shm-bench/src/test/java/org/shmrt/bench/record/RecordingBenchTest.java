package org.shmrt.bench.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.bench.WrongUsage;

class RecordingBenchTest {
    @TempDir
    private Path directory;

    /** Not what was measured, but that everything runs and each figure has a row. */
    @Test
    @Tag("slow")
    void shouldReportARowForEachTarget() throws IOException {
        String out = directory.resolve("report").toString();
        assertEquals(
                0,
                RecordingBench.commandLine()
                        .execute("--seconds", "0.2", "--pairs", "1", "--dir", directory.toString(), "--out", out));

        JsonObject report = JsonParser.parseString(
                        Files.readString(directory.resolve("report").resolve("recording.json")))
                .getAsJsonObject();
        Set<String> keys = new TreeSet<>();
        for (JsonElement one : report.getAsJsonArray("figures")) {
            JsonObject figure = one.getAsJsonObject();
            keys.add(figure.get("key").getAsString());
            assertTrue(!figure.getAsJsonArray("values").isEmpty(), figure::toString);
        }
        assertEquals(
                new TreeSet<>(Set.of("disk", "extract", "long", "long_growth", "cpu", "writer", "loop", "replay")),
                keys);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--pairs 0", "--seconds 0", "--seconds NaN", "--part tape", "--x"})
    void shouldRejectWrongUsageInOneLine(String words) {
        WrongUsage.assertRejectedInOneLine(RecordingBench.commandLine(), words, "recording: ");
    }
}

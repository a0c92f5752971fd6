package org.shmrt.bench.large;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.bench.WrongUsage;

class LargeTest {
    @TempDir
    private Path directory;

    /** Not what was measured, but that everything runs and each figure has a row. */
    @Test
    @Tag("slow")
    void shouldReportARowForEachTargetAndLeaveNothingBehind() throws IOException {
        assertEquals(
                0,
                Large.commandLine()
                        .execute(
                                "--seconds",
                                "0.2",
                                "--pairs",
                                "1",
                                "--frame",
                                "2",
                                "--reserve",
                                "0.02",
                                "--past",
                                "1",
                                "--out",
                                directory.toString()));

        JsonObject report = JsonParser.parseString(Files.readString(directory.resolve("large.json")))
                .getAsJsonObject();
        Set<String> keys = new TreeSet<>();
        for (JsonElement one : report.getAsJsonArray("figures")) {
            JsonObject figure = one.getAsJsonObject();
            keys.add(figure.get("key").getAsString());
            assertTrue(!figure.getAsJsonArray("values").isEmpty() || figure.has("remark"), figure::toString);
        }
        assertEquals(
                new TreeSet<>(Set.of(
                        "frame", "reserve", "fits_uint8", "fits_uint16", "fits_float32", "history", "history_copied")),
                keys);
        try (Stream<Path> files = Files.list(TemporaryStream.memoryDirectory())) {
            String own = "shmrt_bench_" + ProcessHandle.current().pid() + "_";
            assertEquals(
                    List.of(),
                    files.filter(file -> file.toString().contains(own)).toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--pairs 0", "--frame 0", "--reserve 0", "--reserve NaN", "--part disk", "--x"})
    void shouldRejectWrongUsageInOneLine(String words) {
        WrongUsage.assertRejectedInOneLine(Large.commandLine(), words, "large: ");
    }
}

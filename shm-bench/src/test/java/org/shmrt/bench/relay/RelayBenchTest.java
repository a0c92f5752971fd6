package org.shmrt.bench.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.bench.WrongUsage;

class RelayBenchTest {
    @TempDir
    private Path directory;

    /** Not what was measured, but that everything runs and each figure has a value. */
    @Test
    @Tag("slow")
    void shouldReportARowForEachTarget() throws IOException {
        assertEquals(
                0, RelayBench.commandLine().execute("--seconds", "0.2", "--pairs", "1", "--out", directory.toString()));

        JsonObject report = JsonParser.parseString(Files.readString(directory.resolve("relay.json")))
                .getAsJsonObject();
        for (JsonElement one : report.getAsJsonArray("figures")) {
            assertTrue(!one.getAsJsonObject().getAsJsonArray("values").isEmpty(), one::toString);
        }
        assertEquals(7, report.getAsJsonArray("figures").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--pairs 0", "--seconds 0", "--seconds NaN", "--x"})
    void shouldRejectWrongUsageInOneLine(String words) {
        WrongUsage.assertRejectedInOneLine(RelayBench.commandLine(), words, "relay: ");
    }
}

package org.shmrt.bench.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import org.shmrt.bench.rig.process.CPrograms;

class IngestTest {
    @TempDir
    private Path directory;

    /** Not what was measured, but that everything runs and each figure has a row. */
    @Test
    @Tag("slow")
    void shouldReportARowForEachTarget() throws IOException {
        assumeTrue(CPrograms.compiler().isPresent(), "there is no C compiler");

        assertEquals(
                0, Ingest.commandLine().execute("--seconds", "0.2", "--pairs", "1", "--out", directory.toString()));

        JsonObject report = JsonParser.parseString(Files.readString(directory.resolve("ingest.json")))
                .getAsJsonObject();
        Set<String> keys = new TreeSet<>();
        for (JsonElement one : report.getAsJsonArray("figures")) {
            JsonObject figure = one.getAsJsonObject();
            keys.add(figure.get("key").getAsString());
            assertTrue(!figure.getAsJsonArray("values").isEmpty() || figure.has("remark"), figure::toString);
        }
        assertTrue(keys.containsAll(Set.of("pipe", "udp")), keys::toString);
        assertTrue(keys.contains("aravis") || keys.contains("aravis_latency"), keys::toString);
        assertTrue(Files.readString(directory.resolve("ingest.md")).contains("| kernel |"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--pairs 0", "--seconds 0", "--seconds NaN", "--part disk", "--x"})
    void shouldRejectWrongUsageInOneLine(String words) {
        WrongUsage.assertRejectedInOneLine(Ingest.commandLine(), words, "ingest: ");
    }
}

package org.shmrt.bench.determinism;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.bench.WrongUsage;
import org.shmrt.bench.loop.Arming;
import org.shmrt.bench.report.Row;
import org.shmrt.bench.rig.process.CPrograms;
import org.shmrt.bench.rig.process.Cores;

class DeterminismTest {
    @TempDir
    private Path directory;

    /** Not what was measured, but that everything runs and each figure has a row. */
    @Test
    @Tag("slow")
    void shouldReportARowForEachTarget() throws IOException {
        assumeTrue(CPrograms.compiler().isPresent(), "there is no C compiler");
        assumeTrue(Cores.choose().size() == 2, "this process may use one core only");

        int status = Determinism.commandLine()
                .execute("--seconds", "0.2", "--pairs", "1", "--starts", "1", "--out", directory.toString());

        assertEquals(0, status);
        JsonObject report = JsonParser.parseString(Files.readString(directory.resolve("determinism.json")))
                .getAsJsonObject();
        Set<String> keys = new TreeSet<>();
        for (JsonElement one : report.getAsJsonArray("figures")) {
            JsonObject figure = one.getAsJsonObject();
            keys.add(figure.get("key").getAsString());
            assertTrue(!figure.getAsJsonArray("values").isEmpty() || figure.has("remark"), figure::toString);
        }
        assertTrue(
                keys.containsAll(List.of(
                        "sleeping_vs_cyclictest_p50",
                        "sleeping_vs_cyclictest_max",
                        "sleeping_vs_c_p9999",
                        "spinning_vs_c_p9999",
                        "spinning_vs_c_max",
                        "step_total_vs_c_p50",
                        "step_total_vs_c_p9999",
                        "step_publish_vs_c_p50",
                        "prefetch_total_vs_c_p50",
                        "compute_first_vs_later_p99",
                        "page_faults_after_arming",
                        "safepoints_after_arming",
                        "allocated_bytes_after_arming",
                        "deoptimisations_after_arming",
                        "product_vs_openblas",
                        "telemetry_ns")),
                keys::toString);
        for (JsonElement note : report.getAsJsonArray("notes")) {
            assertFalse(note.getAsString().contains("failed"), note::getAsString);
            assertFalse(note.getAsString().contains("differ"), note::getAsString);
            assertTrue(
                    !note.getAsString().contains("not measured") || Arming.isOfMachine(note.getAsString()),
                    note::getAsString);
        }
        String page = Files.readString(directory.resolve("determinism.md"));
        assertTrue(page.contains("| kernel |"), page);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--pairs 0", "--seconds 0", "--seconds NaN", "--cores 1", "--cores 1,1", "--part nap", "--x"})
    void shouldRejectWrongUsageInOneLine(String words) {
        WrongUsage.assertRejectedInOneLine(Determinism.commandLine(), words, "determinism: ");
    }

    @Test
    void shouldReadTheHistogramOfCyclictest() {
        ChildOutput output = ChildOutput.parseCyclictest(List.of(
                "# /dev/cpu_dma_latency set to 0us",
                "# Histogram",
                "000002 000098",
                "000003 000001",
                "000250 000001",
                "# Total: 000000100",
                "# Max Latencies: 00250"));

        assertEquals(
                new Series(100, 2000, 3000, 250_000, 250_000, 250_000),
                output.series().get("wake"));
    }

    @Test
    void shouldSayWhyThereIsNoProductToCompare() {
        ChildOutput failed = ChildOutput.parse(List.of());
        ChildOutput missing = ChildOutput.parse(List.of("COUNT " + LargeProduct.WITHOUT_OPENBLAS + " 1"));
        ChildOutput good =
                ChildOutput.parse(List.of("SERIES chosen 9 10 11 12 13 14", "SERIES openblas 9 20 21 22 23 24"));

        assertEquals(
                "failed, see the notes",
                Session.productRow(List.of(failed, failed)).remark());
        assertTrue(Session.productRow(List.of(failed, missing)).remark().contains("not installed"));
        Row row = Session.productRow(List.of(failed, good));
        assertEquals(List.of(0.5), row.values());
        assertEquals("1 of 1 starts", row.remark());
    }

    @Test
    void shouldCountEventsBetweenTwoTimes() throws IOException {
        Path log = directory.resolve("jvm.log");
        Files.write(
                log,
                List.of(
                        "[100ns][12][safepoint      ] Safepoint \"Cleanup\"",
                        "[200ns][17][deoptimization ] cid=1",
                        "[201ns][13][jit,compilation] 49",
                        "[202ns][13][jit,compilation] 50",
                        "[203ns][11][deoptimization ] cid=2",
                        "[204ns][117][deoptimization ] cid=3",
                        "[300ns][12][safepoint      ] Safepoint"));

        assertEquals(new JvmLog.Events(0, 1, 2, 2), JvmLog.between(log, 150, 250, 17));
    }
}

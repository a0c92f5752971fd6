package org.shmrt.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.shmrt.bench.rig.process.Run;
import org.shmrt.bench.rig.process.RunCounters;
import org.shmrt.bench.rig.report.Environment;
import org.shmrt.bench.rig.report.Outcome;
import org.shmrt.bench.rig.report.Report;
import org.shmrt.bench.rig.scenario.Layout;
import org.shmrt.bench.rig.scenario.Plan;
import org.shmrt.bench.rig.scenario.Scenario;

/** What the report says about times that were not measured but given. */
class ReportTest {
    private static Report report(Map<Scenario, Integer> timesNs) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Scenario scenario : Scenario.values()) {
            if (timesNs.containsKey(scenario)) {
                Histogram roundTrips = RunCounters.newHistogram();
                roundTrips.recordValue(timesNs.get(scenario));
                Outcome outcome = new Outcome(scenario, 1);
                outcome.runs().add(new Run(roundTrips, 1, 0, Optional.empty()));
                outcomes.add(outcome);
            }
        }
        List<Scenario> scenarios = outcomes.stream().map(Outcome::scenario).toList();
        return new Report(
                outcomes, new Environment(new Plan(scenarios, Layout.MILK, 1, 1, 1, 1), List.of(0, 1), "cc", 1, 0, ""));
    }

    @Test
    void shouldShowMicrosecondsBesideTheRatio() {
        Report report = report(Map.of(Scenario.MESSAGE_32, 150, Scenario.AERON_32, 600));

        JsonObject json = JsonParser.parseString(report.json()).getAsJsonObject();
        assertEquals(
                0.25, json.getAsJsonObject("ratios").get("msg32_p50_vs_aeron").getAsDouble(), 0.01);
        assertEquals(
                0.6,
                json.getAsJsonObject("ratios_us")
                        .getAsJsonArray("msg32_p50_vs_aeron")
                        .get(1)
                        .getAsDouble(),
                0.01);
        assertTrue(
                report.table()
                        .lines()
                        .anyMatch(line -> line.matches("msg32_p50_vs_aeron +0\\.15\\d +0\\.60\\d +0\\.25\\d .* met")),
                report::table);
    }

    @Test
    void shouldSayWhichRatiosTheMachineDetermines() {
        Report report = report(Map.of(
                Scenario.COUNTER_C, 100,
                Scenario.MESSAGE_32, 140,
                Scenario.AGRONA_32, 145,
                Scenario.AERON_32, 500,
                Scenario.FRAME_64K, 3000,
                Scenario.FRAME_64K_C, 3100,
                Scenario.FRAME_64K_DAO, 3000,
                Scenario.DAO_SLEEP_64K_C, 80_000));

        JsonObject floors =
                JsonParser.parseString(report.json()).getAsJsonObject().getAsJsonObject("ratios_at_floor");
        assertTrue(floors.get("msg32_p50_vs_agrona").getAsString().startsWith("floor effect: both near"));
        assertEquals(
                "near the floor of the machine (counter_c), which would be 0.20",
                floors.get("msg32_p50_vs_aeron").getAsString());
        assertTrue(floors.get("frame64k_p50_vs_dao_sleeping_spin").getAsString().contains("the peer sleeps"));
        assertFalse(floors.has("frame64k_spin_p50_vs_c"));
        assertTrue(report.table().contains("which would be 0.20\n"), report::table);
    }

    /** On a busy machine one of two programs can stand still for a thousand times as long as the other one. */
    @Test
    void shouldNotReportASmallRatioAsZero() {
        Report report = report(Map.of(Scenario.COUNTER, 3000, Scenario.COUNTER_C, 20_000_000));

        JsonObject ratios =
                JsonParser.parseString(report.json()).getAsJsonObject().getAsJsonObject("ratios");
        assertEquals(1.5e-4, ratios.get("counter_spin_p999_vs_c").getAsDouble(), 5e-6);
    }

    @Test
    void shouldSayNothingAboutTheFloorIfItWasNotMeasured() {
        Report report = report(Map.of(Scenario.MESSAGE_32, 140, Scenario.AGRONA_32, 145));

        assertFalse(report.table().contains("floor"), report::table);
    }
}

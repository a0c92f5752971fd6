package org.shmrt.cli.doctor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.shmrt.doctor.Finding;
import org.shmrt.doctor.WakeUpTest;

/** Findings by their documented JSON keys. */
final class FindingJson {
    private FindingJson() {}

    static Map<String, Object> report(int cpu, List<Finding> findings, Optional<WakeUpTest.Result> wakeUp) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("cpu", cpu);
        report.put("findings", findings.stream().map(FindingJson::of).toList());
        report.put("wake_up", wakeUp.map(FindingJson::of).orElse(null));
        return report;
    }

    private static Map<String, Object> of(Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", finding.kind().id());
        json.put("severity", finding.severity().name());
        json.put("object", finding.object());
        json.put("summary", finding.summary());
        json.put("evidence", finding.evidence());
        json.put("consequence", finding.consequence());
        json.put("remedy", finding.remedy());
        json.put("fixable", finding.isFixable());
        return json;
    }

    private static Map<String, Object> of(WakeUpTest.Result result) {
        List<Map<String, Object>> series = new ArrayList<>();
        for (WakeUpTest.Series one : result.series()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("method", one.method().name().toLowerCase(Locale.ROOT));
            json.put("priority", one.priority());
            json.put("count", one.count());
            json.put("p50_ns", one.p50Ns());
            json.put("p99_ns", one.p99Ns());
            json.put("max_ns", one.maxNs());
            series.add(json);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cpu", result.cpu());
        json.put("pinned", result.pinned());
        json.put("seconds", result.durationNs() / 1e9);
        json.put("series", series);
        return json;
    }
}

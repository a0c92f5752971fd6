package org.shmrt.cli.top;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.shmrt.cli.verb.Json;
import org.shmrt.monitor.Kind;
import org.shmrt.monitor.ProcessRef;
import org.shmrt.monitor.Reading;
import org.shmrt.monitor.SemaphoreReading;
import org.shmrt.text.FileNames;

/** A reading as JSON values. The keys are documented and do not change. */
final class TopJson {
    private TopJson() {}

    static Map<String, Object> of(Reading reading) {
        Map<String, Object> json = new LinkedHashMap<>();
        Reading.Facts facts = reading.facts();
        json.put("name", facts.name());
        json.put("path", facts.kind() == Kind.LOOP ? null : FileNames.text(facts.path()));
        json.put("kind", facts.kind().word());
        json.put("format", facts.format().equals("?") ? null : facts.format());
        json.put("shape", lengths(facts.shape()));
        json.put("dtype", text(facts.type()));
        json.put("bytes", facts.bytes() == 0 ? null : (Long) facts.bytes());
        json.put("state", reading.activity().state().key());
        json.put("count", number(reading.activity().count()));
        json.put("rate_hz", finite(reading.activity().rateHz()));
        json.put("jitter_ns", finite(reading.activity().jitterNs()));
        json.put("age_s", finite(reading.activity().ageSeconds()));
        json.put("lost", number(reading.activity().lost()));
        json.put("writers", processes(reading.users().writers()));
        json.put("readers", processes(reading.users().readers()));
        json.put("waiters", reading.users().waiters());
        json.put(
                "semaphores",
                reading.users().semaphores().stream().map(TopJson::of).toList());
        json.put("trace", processes(reading.users().trace()));
        json.put("openers", reading.users().openers().stream().map(TopJson::of).toList());
        json.put("note", text(reading.note()));
        return json;
    }

    private static Map<String, Object> of(SemaphoreReading semaphore) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("value", semaphore.exists() ? (Integer) semaphore.value() : null);
        json.put("waiters", semaphore.exists() ? (Integer) semaphore.waiters() : null);
        json.put("reader", process(semaphore.reader()));
        json.put("writer", process(semaphore.writer()));
        return json;
    }

    private static Map<String, Object> of(Reading.Opener opener) {
        Map<String, Object> json = of(opener.process());
        json.put("writable", opener.writable());
        return json;
    }

    private static Map<String, Object> of(ProcessRef process) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pid", process.pid());
        json.put("name", text(process.name()));
        return json;
    }

    private static Map<String, Object> process(Optional<ProcessRef> process) {
        return process.map(TopJson::of).orElse(null);
    }

    private static List<Map<String, Object>> processes(List<ProcessRef> processes) {
        return processes.stream().map(TopJson::of).toList();
    }

    /** Axis lengths as numbers; null where the object has none. */
    private static List<Long> lengths(String shape) {
        return shape.matches("[0-9]+(x[0-9]+)*")
                ? Stream.of(shape.split("x")).map(Long::valueOf).toList()
                : null;
    }

    private static String text(String text) {
        return text.isEmpty() ? null : text;
    }

    private static Number number(OptionalLong count) {
        return count.isEmpty() ? null : Json.unsigned(count.getAsLong());
    }

    /** JSON has no NaN. */
    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}

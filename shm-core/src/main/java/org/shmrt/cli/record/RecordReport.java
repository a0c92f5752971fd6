package org.shmrt.cli.record;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.record.RecorderStatus;
import org.shmrt.record.StreamTotals;
import org.shmrt.text.FileNames;

/** The totals of a recorder as text and as JSON. */
final class RecordReport {
    private RecordReport() {}

    /** One line for each stream. */
    static List<String> lines(RecorderStatus status) {
        return status.streams().stream()
                .map(stream -> line(stream, status.seconds()))
                .toList();
    }

    private static String line(StreamTotals stream, double seconds) {
        return stream.name() + ": " + Quantity.of(stream.recorded(), "frame")
                + String.format(Locale.ROOT, ", %.1f MB/s", stream.bytes() / seconds / 1e6)
                + " in " + Quantity.of(stream.chunks(), "file") + "; " + stream.lost() + " lost" + causes(stream)
                + (stream.restarts() > 0 ? ", restarted " + Quantity.of(stream.restarts(), "time") : "")
                + "; count is now " + Long.toUnsignedString(stream.lastCount());
    }

    private static String causes(StreamTotals stream) {
        List<String> causes = new ArrayList<>();
        add(causes, stream.overtaken(), "overwritten before they could be copied");
        add(causes, stream.bufferFull(), "while the memory was full");
        add(causes, stream.disk(), "while the disk could not be written");
        return causes.isEmpty() ? "" : " (" + String.join(", ", causes) + ")";
    }

    private static void add(List<String> causes, long lost, String cause) {
        if (lost > 0) {
            causes.add(lost + " " + cause);
        }
    }

    /** The progress in one line. */
    static String progress(RecorderStatus status) {
        double seconds = status.seconds();
        long buffered =
                status.streams().stream().mapToLong(StreamTotals::buffered).sum();
        long bytes = status.streams().stream().mapToLong(StreamTotals::bytes).sum();
        return String.format(
                Locale.ROOT,
                "%6.1f s  %d frames  %.1f MB/s  %d in memory  %d lost",
                seconds,
                status.recorded(),
                bytes / seconds / 1e6,
                buffered,
                status.lost());
    }

    static Map<String, Object> json(RecorderStatus status, String directory) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("directory", directory);
        json.put("seconds", status.seconds());
        json.put("streams", status.streams().stream().map(RecordReport::json).toList());
        json.put("findings", status.findings());
        return json;
    }

    private static Map<String, Object> json(StreamTotals stream) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", stream.name());
        json.put("path", FileNames.text(stream.stream()));
        json.put("state", stream.state().name().toLowerCase(Locale.ROOT));
        json.put("frames", stream.recorded());
        json.put("buffered", stream.buffered());
        json.put("lost", stream.lost());
        json.put("overtaken", stream.overtaken());
        json.put("buffer_full", stream.bufferFull());
        json.put("disk", stream.disk());
        json.put("restarts", stream.restarts());
        json.put("first_cnt0", Json.unsigned(stream.firstCount()));
        json.put("last_cnt0", Json.unsigned(stream.lastCount()));
        json.put("bytes", stream.bytes());
        json.put("files", stream.chunks());
        return json;
    }
}

package org.shmrt.cli.stream;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.stream.inspect.PacketStatus;
import org.shmrt.stream.inspect.SemaphoreState;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.text.Printable;

/** A stream's facts as JSON values and as text. The JSON keys are documented and do not change. */
public final class StreamReport {
    private StreamReport() {}

    /** All keys of {@code info --json}, and of an entry of {@code list --json}. */
    public static Map<String, Object> json(StreamInfo info) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", info.layout().storedName());
        json.put("path", info.path().toString());
        json.put("kind", info.layout().format());
        json.put("variant", info.layout().variant());
        json.put("dtype", info.layout().type().numpyName());
        json.put("shape", info.layout().shape().lengths());
        json.put("axes", info.layout().axes());
        json.put("depth", info.layout().depth());
        json.put("cnt0", info.status().cnt0());
        json.put("cnt1", info.status().cnt1());
        json.put("cnt2", info.status().cnt2());
        json.put("write", info.status().writing() ? 1 : 0);
        json.put("last_written", info.status().newestSlot());
        json.put("bytes", info.layout().fileBytes());
        json.put("semaphores", info.semaphores().size());
        json.put(
                "sem_values",
                info.semaphores().stream()
                        .map(s -> s == null ? null : s.value())
                        .toList());
        json.put(
                "sem_waiters",
                info.semaphores().stream()
                        .map(s -> s == null ? null : s.waiters())
                        .toList());
        json.put("keywords", info.keywords().stream().map(StreamReport::json).toList());
        json.put("packets", info.packets() == null ? null : json(info.packets()));
        json.put("created", info.status().createdNs() / 1e9);
        json.put("acquired_ns", info.status().acquiredNs());
        json.put("age_s", known(info.ageSeconds()));
        json.put(
                "creator_pid",
                info.status().creatorPid() == 0 ? null : info.status().creatorPid());
        json.put("writer_pid", info.writerPid() == 0 ? null : info.writerPid());
        json.put(
                "link", info.target().equals(info.path()) ? null : info.target().toString());
        StreamExtras.addTo(json, info);
        json.put("findings", info.warnings());
        return json;
    }

    private static Map<String, Object> json(PacketStatus packets) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("frame_number", packets.frameNumber());
        json.put("total", packets.total());
        json.put("last", packets.lastPacket());
        json.put("missing", packets.missing());
        json.put("out_of_order", packets.outOfOrder());
        return json;
    }

    /** The keys of one keyword. */
    public static Map<String, Object> json(Keyword keyword) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", keyword.name());
        json.put("type", String.valueOf(keyword.type().code()));
        json.put("value", keyword.value() instanceof Double d ? known(d) : keyword.value());
        json.put("comment", keyword.comment());
        return json;
    }

    /** JSON has no NaN and no infinity. */
    private static Double known(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** The lines of {@code info}. */
    static List<String> text(StreamInfo info) {
        List<String> lines = new ArrayList<>();
        line(lines, "path", info.path() + (info.target().equals(info.path()) ? "" : " -> " + info.target()));
        line(
                lines,
                "kind",
                info.layout().format() + ", " + info.layout().variant() + " layout"
                        + (info.layout().depth() > 1 ? ", " + info.layout().depth() + " slots" : ""));
        line(
                lines,
                "image",
                info.layout().shape() + " " + info.layout().type() + ", "
                        + info.layout().frameBytes() + " bytes a frame, "
                        + info.layout().fileBytes() + " in all");
        line(lines, "axes", "stored as " + info.layout().axes());
        line(
                lines,
                "frames",
                "cnt0 " + info.status().cnt0() + ", cnt1 " + info.status().cnt1() + ", cnt2 "
                        + info.status().cnt2()
                        + (info.layout().depth() > 1
                                ? ", newest in slot " + info.status().newestSlot()
                                : ""));
        line(
                lines,
                "acquired",
                info.status().acquiredNs() == 0 ? "never" : time(info.status().acquiredNs()) + age(info.ageSeconds()));
        line(
                lines,
                "created",
                time(info.status().createdNs())
                        + (info.status().creatorPid() == 0
                                ? ""
                                : " by process " + info.status().creatorPid()));
        line(
                lines,
                "writer",
                (info.writerPid() == 0 ? "none known" : "process " + info.writerPid())
                        + (info.status().writing() ? ", a frame is being written" : "")
                        + (info.status().strict() ? "; counts before it lowers the flag" : ""));
        if (info.packets() != null) {
            line(lines, "packets", text(info.packets()));
        }
        line(lines, "semaphores", semaphores(info.semaphores()));
        StreamExtras.text(info).forEach((name, values) -> values.forEach(value -> line(lines, name, value)));
        for (Keyword keyword : info.keywords()) {
            line(
                    lines,
                    "keyword",
                    keyword.name() + " = " + keyword.value()
                            + (keyword.comment().isEmpty() ? "" : "  / " + keyword.comment()));
        }
        for (String finding : info.warnings()) {
            line(lines, "finding", finding);
        }
        return lines;
    }

    private static String text(PacketStatus packets) {
        return "frame number " + packets.frameNumber() + " in " + packets.total() + ", the last " + packets.lastPacket()
                + (packets.isComplete() ? ", none missing" : ", missing " + packets.missing())
                + (packets.outOfOrder() ? ", out of order" : "");
    }

    private static String semaphores(List<SemaphoreState> states) {
        StringBuilder values = new StringBuilder();
        int waiters = 0;
        for (SemaphoreState state : states) {
            values.append(values.isEmpty() ? "" : " ").append(state == null ? "-" : state.value());
            waiters += state == null ? 0 : state.waiters();
        }
        return states.isEmpty() ? "none" : "values " + values + "; " + waiters + " waiting";
    }

    private static void line(List<String> lines, String name, String value) {
        lines.add(Printable.of(String.format(Locale.ROOT, "%-11s %s", name, value)));
    }

    static String time(long ns) {
        return Instant.ofEpochSecond(Math.floorDiv(ns, 1_000_000_000L), Math.floorMod(ns, 1_000_000_000L))
                .toString();
    }

    private static String age(double seconds) {
        return Double.isNaN(seconds) ? "" : String.format(Locale.ROOT, " (%s ago)", shortAge(seconds));
    }

    /** An age in at most three digits and a unit. */
    public static String shortAge(double seconds) {
        if (Double.isNaN(seconds)) {
            return "-";
        }
        if (seconds < 1) {
            return Math.round(seconds * 1e3) + " ms";
        }
        if (seconds < 120) {
            return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
        }
        if (seconds < 7200) {
            return Math.round(seconds / 60) + " min";
        }
        return seconds < 172800 ? Math.round(seconds / 3600) + " h" : Math.round(seconds / 86400) + " days";
    }
}

package org.shmrt.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.shmrt.block.PythonStreamInfo;
import org.shmrt.cli.verb.Json;
import org.shmrt.error.NotFoundException;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;

/** The metadata of a stream of pyshmem or pyRTC, as JSON values and as text. The JSON keys do not change. */
public final class PythonStreamReport {
    private PythonStreamReport() {}

    /** The stream of a name; empty if there is none. */
    public static Optional<PythonStreamInfo> find(String name) {
        try {
            return Optional.of(PythonStreamInfo.of(name));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    /** The keys of a stream, as {@code block show} and {@code list} print them. */
    public static Map<String, Object> json(PythonStreamInfo info) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", info.name());
        entry.put("kind", info.kind().word());
        entry.put("dtype", info.type().numpyName());
        entry.put("shape", info.shape().lengths());
        entry.put("bytes", info.frameBytes());
        entry.put("layout", String.valueOf(info.version()));
        entry.put("path", FileNames.text(info.path()));
        entry.put("object", info.object());
        entry.put("cnt0", Json.unsigned(info.count()));
        entry.put("written_ns", info.writtenNs());
        entry.put("age_s", Double.isNaN(info.ageSeconds()) ? null : info.ageSeconds());
        entry.put("write", info.incomplete() ? 1 : 0);
        entry.put("findings", warnings(info));
        return entry;
    }

    /** The lines of {@code block show}. */
    public static List<String> text(PythonStreamInfo info) {
        List<String> lines = new ArrayList<>();
        lines.add(Printable.of(info.name()) + ": stream of " + info.kind().word() + ", " + info.shape() + " "
                + info.type() + ", " + info.frameBytes() + " bytes, in object " + Printable.of(info.object()));
        lines.add(Long.toUnsignedString(info.count()) + " frames written"
                + (info.writtenNs() == 0 ? "" : ", the last " + Age.text(info.ageSeconds()) + " ago"));
        warnings(info).forEach(warning -> lines.add("warning: " + warning));
        return lines;
    }

    /** Warnings about the stream, as clauses. */
    public static List<String> warnings(PythonStreamInfo info) {
        List<String> warnings = new ArrayList<>();
        info.unreadableReason().ifPresent(reason -> warnings.add("cannot be read: " + reason));
        if (info.incomplete()) {
            warnings.add("a frame is being written, or its writer died: readers wait until the next frame is complete");
        }
        return warnings;
    }
}

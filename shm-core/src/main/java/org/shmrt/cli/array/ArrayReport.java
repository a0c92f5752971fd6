package org.shmrt.cli.array;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.array.ArrayInfo;
import org.shmrt.array.ArrayType;
import org.shmrt.cli.verb.Json;
import org.shmrt.text.Printable;

/** What is told about an array, as JSON keys and as text. The JSON keys are documented and do not change. */
public final class ArrayReport {
    private ArrayReport() {}

    /** The documented keys of an array, as {@code show} and {@code list} print them. */
    public static Map<String, Object> json(ArrayInfo info) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", info.name());
        entry.put("kind", "array");
        entry.put("dtype", info.type().numpyName());
        entry.put("shape", info.shape().lengths());
        entry.put("bytes", info.fileBytes());
        entry.put("layout", info.headerVersion().label());
        entry.put("path", info.path().toString());
        entry.put("data_offset", info.dataOffset());
        entry.put("data_bytes", info.dataBytes());
        entry.put("findings", findings(info));
        return entry;
    }

    private static List<String> findings(ArrayInfo info) {
        List<String> findings = new ArrayList<>();
        if (info.paddingBytes() > 0) {
            findings.add(
                    info.paddingBytes() + " bytes between data and trailer: made where sizes are rounded up to pages");
        }
        String lost = lost(info.type());
        if (lost != null) {
            findings.add(lost);
        }
        return findings;
    }

    /** What SharedArray does not record about a type; null if nothing that matters. */
    static String lost(ArrayType type) {
        if (type.equals(ArrayType.DATETIME64) || type.equals(ArrayType.TIMEDELTA64)) {
            return "SharedArray does not record the unit of dates and durations: in numpy, a.view('"
                    + (type.equals(ArrayType.DATETIME64) ? "M8" : "m8") + "[s]') if it is seconds";
        }
        return type.npyDescription().startsWith("|V")
                ? "SharedArray does not record the fields of structures: in numpy, a.view(dtype) with the dtype they "
                        + "had"
                : null;
    }

    /** One line about an array that was made. */
    static void created(PrintWriter out, ArrayInfo info, boolean json) {
        if (json) {
            Json.print(out, json(info));
        } else {
            out.println(Printable.of(info.name()) + ": array of " + info.shape() + " " + info.type() + ", "
                    + info.headerVersion() + ", " + info.fileBytes() + " bytes");
            out.flush();
        }
    }

    /** The lines of {@code show}; {@code values} may be null. */
    static List<String> text(ArrayInfo info, String values) {
        List<String> lines = new ArrayList<>();
        line(lines, "name", Printable.of(info.name()));
        line(lines, "path", Printable.of(info.path().toString()));
        line(
                lines,
                "array",
                info.shape() + " " + info.type() + ", " + info.dataBytes() + " bytes of data, " + info.fileBytes()
                        + " in all");
        line(
                lines,
                "layout",
                info.headerVersion() + ": of SharedArray "
                        + info.headerVersion().releases());
        if (values != null) {
            line(lines, "values", values);
        }
        findings(info).forEach(finding -> line(lines, "finding", finding));
        return lines;
    }

    private static void line(List<String> lines, String name, String value) {
        lines.add(String.format(Locale.ROOT, "%-8s %s", name, value));
    }
}

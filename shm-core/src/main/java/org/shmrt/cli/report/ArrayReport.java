package org.shmrt.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.shmrt.array.ArrayInfo;
import org.shmrt.array.ArrayType;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;

/** The metadata of an array, as JSON values and as text. The JSON keys are documented and do not change. */
public final class ArrayReport {
    private ArrayReport() {}

    /** The keys of an array, as {@code show} and {@code list} print them. */
    public static Map<String, Object> json(ArrayInfo info) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", info.name());
        entry.put("kind", "array");
        entry.put("dtype", info.type().numpyName());
        entry.put("shape", info.shape().lengths());
        entry.put("bytes", info.fileBytes());
        entry.put("layout", info.headerVersion().label());
        entry.put("path", FileNames.text(info.path()));
        entry.put("data_offset", info.dataOffset());
        entry.put("data_bytes", info.dataBytes());
        entry.put("findings", warnings(info));
        return entry;
    }

    private static List<String> warnings(ArrayInfo info) {
        List<String> warnings = new ArrayList<>();
        if (info.paddingBytes() > 0) {
            warnings.add(info.paddingBytes()
                    + " bytes between data and trailer: written by a system that rounds sizes up to pages");
        }
        typeLoss(info.type()).ifPresent(warnings::add);
        return warnings;
    }

    /** What SharedArray does not record about a type; empty if the type is recorded completely. */
    public static Optional<String> typeLoss(ArrayType type) {
        if (type.equals(ArrayType.DATETIME64) || type.equals(ArrayType.TIMEDELTA64)) {
            return Optional.of("SharedArray does not record the unit of dates and durations: in numpy, a.view('"
                    + (type.equals(ArrayType.DATETIME64) ? "M8" : "m8") + "[s]') if it is seconds");
        }
        return type.npyDescription().startsWith("|V")
                ? Optional.of("SharedArray does not record the fields of structures: in numpy, a.view(dtype) with "
                        + "the original dtype")
                : Optional.empty();
    }

    /** One line about an array. */
    public static String summary(ArrayInfo info) {
        return Printable.of(info.name()) + ": array of " + info.shape() + " " + info.type() + ", "
                + info.headerVersion() + ", " + info.fileBytes() + " bytes";
    }

    /** The lines of {@code show}; {@code values} describes the elements if they were read. */
    public static List<String> text(ArrayInfo info, Optional<String> values) {
        List<String> lines = new ArrayList<>();
        add(lines, "name", Printable.of(info.name()));
        add(lines, "path", Printable.of(FileNames.text(info.path())));
        add(
                lines,
                "array",
                info.shape() + " " + info.type() + ", " + info.dataBytes() + " bytes of data, " + info.fileBytes()
                        + " in total");
        add(
                lines,
                "layout",
                info.headerVersion() + ": SharedArray " + info.headerVersion().releases());
        values.ifPresent(text -> add(lines, "values", text));
        warnings(info).forEach(warning -> add(lines, "warning", warning));
        return lines;
    }

    private static void add(List<String> lines, String label, String value) {
        lines.add(String.format(Locale.ROOT, "%-8s %s", label, value));
    }
}

package org.shmrt.cli.report;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.shmrt.block.BlockContent;
import org.shmrt.block.BlockInfo;
import org.shmrt.block.ItemKind;
import org.shmrt.block.ShareableList;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.error.IncompatibleException;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;

/** The metadata of a block, as JSON values and as text. The JSON keys are documented and do not change. */
public final class BlockReport {
    private BlockReport() {}

    public static String kind(BlockInfo info) {
        return info.isList() ? "list" : "block";
    }

    /** The element type: a block has bytes; the items of a list have different types, which numpy calls objects. */
    public static String type(BlockInfo info) {
        return info.isList() ? "object" : "uint8";
    }

    /** Number of bytes of a block, or of items of a list. */
    public static long length(BlockInfo info) {
        return info.isList() ? info.itemCount() : info.byteSize();
    }

    /** The keys of a block, as {@code show} and {@code list} print them. */
    public static Map<String, Object> json(BlockInfo info) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", info.name());
        entry.put("kind", kind(info));
        entry.put("dtype", type(info));
        entry.put("shape", List.of(length(info)));
        entry.put("bytes", info.byteSize());
        entry.put("layout", layout(info));
        entry.put("path", FileNames.text(info.path()));
        entry.put("findings", info.warnings());
        return entry;
    }

    private static String layout(BlockInfo info) {
        return switch (info.content()) {
            case RAW -> "raw";
            case LIST -> "offsets";
            case PYTHON_38_LIST -> "lengths";
        };
    }

    /** Type and value of each item; bytes, and text that is not UTF-8, as hex digits. */
    public static List<Map<String, Object>> items(ShareableList list) {
        List<Map<String, Object>> items = new ArrayList<>();
        for (int item = 0; item < list.size(); item++) {
            items.add(item(list, item));
        }
        return items;
    }

    private static Map<String, Object> item(ShareableList list, int item) {
        Map<String, Object> entry = new LinkedHashMap<>();
        ItemKind kind = list.kind(item);
        entry.put("type", kind.pythonName());
        if (kind == ItemKind.BYTES) {
            entry.put("hex", HexFormat.of().formatHex(list.getBytes(item)));
            return entry;
        }
        try {
            Object value = list.get(item);
            // JSON has no NaN and no infinity.
            entry.put("value", value instanceof Double d && !Double.isFinite(d) ? d.toString() : value);
        } catch (IncompatibleException e) {
            entry.put("hex", HexFormat.of().formatHex(list.getBytes(item)));
            entry.put("finding", e.getMessage());
        }
        return entry;
    }

    /** The lines of {@code show}. */
    public static List<String> text(BlockInfo info, List<Map<String, Object>> items) {
        List<String> lines = new ArrayList<>();
        lines.add(Printable.of(info.name()) + ": "
                + (info.isList() ? "ShareableList of " + Quantity.of(info.itemCount(), "item") : "block") + ", "
                + info.byteSize() + " bytes"
                + (info.content() == BlockContent.PYTHON_38_LIST ? ", with the index of Python 3.8" : ""));
        info.warnings().forEach(warning -> lines.add("warning: " + warning));
        for (int i = 0; i < items.size(); i++) {
            Map<String, Object> item = items.get(i);
            Object shown = item.containsKey("hex") ? "0x" + item.get("hex") : item.get("value");
            lines.add("%5d  %-5s  %s"
                    .formatted(i, item.get("type"), shown == null ? "-" : Printable.of(shown.toString())));
        }
        return lines;
    }
}

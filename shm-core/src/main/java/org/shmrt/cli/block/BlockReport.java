package org.shmrt.cli.block;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.shmrt.block.BlockContent;
import org.shmrt.block.BlockInfo;
import org.shmrt.block.ItemKind;
import org.shmrt.block.ShareableList;
import org.shmrt.error.IncompatibleException;
import org.shmrt.text.Printable;

/** What is told about a block, as JSON keys and as text. */
public final class BlockReport {
    private BlockReport() {}

    public static String kind(BlockInfo info) {
        return info.isList() ? "list" : "block";
    }

    static String items(int count) {
        return count + (count == 1 ? " item" : " items");
    }

    /** The documented keys of a block, as {@code show} and {@code list} print them. */
    public static Map<String, Object> entry(BlockInfo info) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", info.name());
        entry.put("kind", kind(info));
        // What is in a block is not known; a list's items have types of their own, which numpy calls objects.
        entry.put("dtype", info.isList() ? "object" : "uint8");
        entry.put("shape", List.of(info.isList() ? info.itemCount() : info.byteSize()));
        entry.put("bytes", info.byteSize());
        entry.put("layout", layout(info));
        entry.put("path", info.path().toString());
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

    /** Type and value of each item; bytes, and what is no UTF-8, as hex digits. */
    static List<Map<String, Object>> items(ShareableList list) {
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
            // JSON has no numbers for these
            entry.put("value", value instanceof Double real && !Double.isFinite(real) ? real.toString() : value);
        } catch (IncompatibleException e) {
            entry.put("hex", HexFormat.of().formatHex(list.getBytes(item)));
            entry.put("finding", e.getMessage());
        }
        return entry;
    }

    /** The same for people. */
    static List<String> text(BlockInfo info, List<Map<String, Object>> items) {
        List<String> lines = new ArrayList<>();
        lines.add(Printable.of(info.name()) + ": "
                + (info.isList() ? "ShareableList of " + items(info.itemCount()) : "block") + ", " + info.byteSize()
                + " bytes" + (info.content() == BlockContent.PYTHON_38_LIST ? ", with the index of Python 3.8" : ""));
        info.warnings().forEach(warning -> lines.add("note: " + warning));
        for (int i = 0; i < items.size(); i++) {
            Map<String, Object> item = items.get(i);
            Object shown = item.containsKey("hex") ? "0x" + item.get("hex") : item.get("value");
            lines.add("%5d  %-5s  %s"
                    .formatted(i, item.get("type"), shown == null ? "-" : Printable.of(shown.toString())));
        }
        return lines;
    }
}

package org.shmrt.block;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Items of lists as the golden files' manifest writes them, which is also how the Python peer talks of them. */
final class ListItems {
    private ListItems() {}

    static JsonObject described(Object value) {
        JsonObject item = new JsonObject();
        switch (value) {
            case null -> item.addProperty("type", "none");
            case Boolean flag -> add(item, "bool").addProperty("value", flag);
            case Double real -> add(item, "float").addProperty("value", python(real));
            case String text -> add(item, "str").addProperty("value", text);
            case byte[] bytes ->
                add(item, "bytes").addProperty("hex", HexFormat.of().formatHex(bytes));
            default -> add(item, "int").addProperty("value", value.toString());
        }
        return item;
    }

    private static JsonObject add(JsonObject item, String type) {
        item.addProperty("type", type);
        return item;
    }

    /** As Python's float() reads it. */
    private static String python(double real) {
        return Double.isInfinite(real) ? real < 0 ? "-inf" : "inf" : Double.isNaN(real) ? "nan" : Double.toString(real);
    }

    /** The value of a description. */
    static Object understood(JsonObject item) {
        return switch (item.get("type").getAsString()) {
            case "none" -> null;
            case "bool" -> item.get("value").getAsBoolean();
            case "int" -> Long.valueOf(item.get("value").getAsString());
            case "float" -> real(item.get("value").getAsString());
            case "str" -> item.get("value").getAsString();
            case "bytes" -> HexFormat.of().parseHex(item.get("hex").getAsString());
            default -> throw new IllegalArgumentException(item.toString());
        };
    }

    private static Double real(String text) {
        return switch (text) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> Double.valueOf(text);
        };
    }

    /** Values as texts that are equal exactly if type and value are; byte[] has no equals of its own. */
    static List<String> shown(Iterable<?> values) {
        List<String> shown = new ArrayList<>();
        values.forEach(value -> shown.add(described(value).toString()));
        return shown;
    }
}

package org.shmrt.block;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Items of lists in the JSON form that the manifest of the golden files and the Python peer use. */
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

    /** The text that Python's float() parses. */
    private static String python(double real) {
        return Double.isInfinite(real) ? real < 0 ? "-inf" : "inf" : Double.isNaN(real) ? "nan" : Double.toString(real);
    }

    /** The value that a description stands for. */
    static Object parsed(JsonObject item) {
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

    /** Texts that are equal exactly if type and value are equal, which byte[] itself does not provide. */
    static List<String> shown(Iterable<?> values) {
        List<String> shown = new ArrayList<>();
        values.forEach(value -> shown.add(described(value).toString()));
        return shown;
    }
}

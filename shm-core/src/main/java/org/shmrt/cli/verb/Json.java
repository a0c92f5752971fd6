package org.shmrt.cli.verb;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

/** JSON text: one line, keys in insertion order, null where a value is not known. */
public final class Json {
    private static final Gson GSON =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    private Json() {}

    public static String text(Object value) {
        return GSON.toJson(value);
    }
}

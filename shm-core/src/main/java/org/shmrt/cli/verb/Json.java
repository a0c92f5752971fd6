package org.shmrt.cli.verb;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.PrintWriter;

/** JSON on standard output: one line, keys in the order they were put, null where something is not known. */
public final class Json {
    private static final Gson GSON =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    private Json() {}

    public static String text(Object value) {
        return GSON.toJson(value);
    }

    public static void print(PrintWriter out, Object value) {
        out.println(text(value));
        out.flush();
    }
}

package org.shmrt.cli.verb;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.math.BigInteger;

/** JSON text: one line, keys in insertion order, null where a value is not known. */
public final class Json {
    private static final Gson GSON =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    private Json() {}

    /** A counter, which has 64 bits and no sign. */
    public static Number unsigned(long value) {
        return value >= 0 ? (Number) value : new BigInteger(Long.toUnsignedString(value));
    }

    public static String text(Object value) {
        return GSON.toJson(value);
    }
}

package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import org.shmrt.cli.verb.TextOutput;

/**
 * A command that ran in the JVM of the test.
 *
 * @param status its exit status
 * @param out what it printed on standard output
 * @param err what it printed on standard error
 */
public record CommandRun(int status, String out, String err) {
    /** Runs {@code shm} with arguments. */
    public static CommandRun of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Shm.run(output(out), new PrintWriter(err, true), arguments);
        return new CommandRun(status, out.toString(), err.toString());
    }

    /** Standard output of a command that runs in this JVM. */
    static TextOutput output(Writer out) {
        return new TextOutput(out, Path.of("/dev/null"));
    }

    /** Asserts that it succeeded. */
    public CommandRun succeeded() {
        assertEquals(0, status, err);
        return this;
    }

    /** Asserts that it failed as a verb must: this status, one line on standard error that gives a reason, no output. */
    public CommandRun refused(int expectedStatus, String reason) {
        assertEquals(expectedStatus, status, this::toString);
        assertEquals("", out);
        assertEquals(1, err.lines().count(), err);
        assertTrue(err.startsWith("shm") && err.contains(reason), err);
        return this;
    }

    /** Asserts that it succeeded and printed one line, a JSON object. */
    public JsonObject json() {
        return jsonElement().getAsJsonObject();
    }

    /** Asserts that it succeeded and printed one line, a JSON array. */
    public JsonArray jsonArray() {
        return jsonElement().getAsJsonArray();
    }

    private JsonElement jsonElement() {
        succeeded();
        assertEquals(1, out.lines().count(), out);
        return JsonParser.parseString(out);
    }
}

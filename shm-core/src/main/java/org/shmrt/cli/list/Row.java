package org.shmrt.cli.list;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.shmrt.text.Printable;

/**
 * One line of {@code shm list}: a stream, or whatever else a {@link Catalogue} knows, in columns common to all.
 *
 * @param name as a user types it, marked if it is a link
 * @param kind {@code dao} and so on, or {@code ?} for what cannot be read
 * @param shape axis lengths
 * @param type of the elements
 * @param frames how many were written, {@code -} where nothing counts them
 * @param age of the newest, or {@code -}
 * @param bytes size of the file
 * @param notes who writes it, and what is odd about it; why it cannot be read
 */
record Row(String name, String kind, String shape, String type, String frames, String age, String bytes, String notes) {
    /** The line above all others. */
    static final Row HEADER = new Row("NAME", "KIND", "SHAPE", "TYPE", "FRAMES", "AGE", "BYTES", "WRITER");

    /** Something that has the name of a kind and cannot be read as one. */
    static Row unreadable(String name, String reason) {
        return new Row(name, "?", null, null, null, null, null, reason);
    }

    /** The same by the documented keys. */
    static Map<String, Object> unreadableJson(Catalogue.Candidate candidate, String link, String reason) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", candidate.name());
        json.put("path", candidate.path().toString());
        json.put("kind", null);
        json.put("link", link);
        json.put("findings", List.of(reason));
        return json;
    }

    /** The text of this line. Not by String.format, which would take as long as looking at the stream. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(120);
        left(line, name, 24);
        left(line, kind, 5);
        if (shape != null) {
            left(line, shape, 14);
            left(line, type, 10);
            right(line, frames, 10);
            right(line, age, 8);
            right(line, bytes, 12);
            line.append(' ');
        }
        return Printable.of(line.append(notes).toString().stripTrailing());
    }

    private static void left(StringBuilder line, String text, int width) {
        line.append(text).repeat(' ', Math.max(0, width - text.length())).append(' ');
    }

    private static void right(StringBuilder line, String text, int width) {
        line.repeat(' ', Math.max(0, width - text.length())).append(text).append(' ');
    }
}

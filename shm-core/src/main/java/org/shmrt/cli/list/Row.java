package org.shmrt.cli.list;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.shmrt.cli.verb.Ink;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;

/**
 * One line of {@code shm list}, in columns that are common to all kinds.
 *
 * @param name as the user types it, marked if it is a link
 * @param kind {@code dao} and so on, or {@code ?} if the object cannot be read
 * @param facts the columns between kind and notes; empty if the object cannot be read
 * @param notes writer, the layout if it is unusual, and warnings, or why the object cannot be read
 */
record Row(String name, String kind, Optional<Facts> facts, String notes) {
    /** The line above all others. */
    static final Row HEADER =
            new Row("NAME", "KIND", Optional.of(new Facts("SHAPE", "TYPE", "FRAMES", "AGE", "BYTES")), "WRITER");

    /** Separates the writer and the warnings. */
    static final String WARNING_MARK = "; ";

    /** Text in a column without a value. */
    static final String NONE = "-";

    /**
     * Columns of an object that can be read.
     *
     * @param shape axis lengths
     * @param type type of the elements
     * @param frames number of frames written, {@link #NONE} if the kind does not count them
     * @param age age of the newest frame, or {@link #NONE}
     * @param bytes size of the file
     */
    record Facts(String shape, String type, String frames, String age, String bytes) {}

    /** An object that has the name of a kind but cannot be read as one. */
    static Row unreadable(String name, String reason) {
        return new Row(name, "?", Optional.empty(), reason);
    }

    /** The same by the documented keys. */
    static Map<String, Object> unreadableJson(Catalogue.Candidate candidate, Optional<String> link, String reason) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", candidate.name());
        json.put("path", FileNames.text(candidate.path()));
        json.put("kind", null);
        json.put("link", link.orElse(null));
        json.put("findings", List.of(reason));
        return json;
    }

    /** The text of this line. Avoids String.format, which takes as long as examining the stream. */
    String text(Ink ink) {
        StringBuilder line = new StringBuilder(120);
        left(line, name, 24);
        left(line, kind, 5);
        facts.ifPresent(columns -> {
            left(line, columns.shape, 14);
            left(line, columns.type, 10);
            right(line, columns.frames, 10);
            right(line, columns.age, 8);
            right(line, columns.bytes, 12);
            line.append(' ');
        });
        if (ink == Ink.PLAIN) {
            return Printable.of(line.append(notes).toString().stripTrailing());
        }
        String columns = Printable.of(line.toString());
        String last = Printable.of(notes.stripTrailing());
        return equals(HEADER)
                ? ink.title(columns + last)
                : facts.isEmpty()
                        ? ink.error(columns + last)
                        : columns + (notes.contains(WARNING_MARK) ? ink.warning(last) : last);
    }

    private static void left(StringBuilder line, String text, int width) {
        line.append(text).repeat(' ', Math.max(0, width - text.length())).append(' ');
    }

    private static void right(StringBuilder line, String text, int width) {
        line.repeat(' ', Math.max(0, width - text.length())).append(text).append(' ');
    }
}

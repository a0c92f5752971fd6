package org.shmrt.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * The header of an {@code .npy} file: a Python dictionary in text, with the keys descr, fortran_order and shape.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy.lib.format</a>
 */
record NpyHeader(DataType type, boolean bigEndian, boolean fortranOrder, Shape shape) {
    static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    /** Magic, two bytes of version, two bytes of length. */
    private static final int PREFIX_BYTES = 10;
    /** Data starts at a multiple of this. */
    private static final int ALIGNMENT = 64;
    /** numpy leaves room for the first axis to grow to this many digits. */
    private static final int GROWTH_DIGITS = 21;

    /**
     * The whole header as numpy.save writes it, magic included. Version 1.0 always does: the longest header of
     * a {@link Shape} has some 1500 of the 65535 characters that version can hold.
     */
    static byte[] encode(DataType type, Shape shape) {
        return encode((type.itemBytes() == 1 ? "|" : "<") + type.npyCode(), shape);
    }

    /** The same for any type that numpy describes in one word. */
    static byte[] encode(String description, Shape shape) {
        StringBuilder text =
                new StringBuilder("{'descr': '").append(description).append("', 'fortran_order': False, 'shape': (");
        for (int axis = 0; axis < shape.rank(); axis++) {
            text.append(axis == 0 ? "" : ", ").append(shape.length(axis));
        }
        text.append(shape.rank() == 1 ? ",), }" : "), }");
        if (shape.rank() > 0) {
            text.append(
                    " ".repeat(GROWTH_DIGITS - Long.toString(shape.length(0)).length()));
        }
        // As numpy: a full 64 spaces where the text ends at the boundary already.
        int unpadded = PREFIX_BYTES + text.length() + 1;
        text.append(" ".repeat(ALIGNMENT - unpadded % ALIGNMENT)).append('\n');

        ByteBuffer header = ByteBuffer.allocate(PREFIX_BYTES + text.length()).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) text.length());
        header.put(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        return header.array();
    }

    /**
     * Reads the dictionary. Nothing but what numpy writes is accepted: it may come from anyone.
     *
     * @param text the header after the length
     * @param name of the file, for messages
     */
    static NpyHeader parse(String text, String name) {
        return new Parser(text, name).header();
    }

    private static final class Parser {
        private static final int SHOWN_CHARACTERS = 60;

        private final String text;
        private final String name;
        private int at;
        private String descr;
        private Boolean fortranOrder;
        private Shape shape;

        Parser(String text, String name) {
            this.text = text;
            this.name = name;
        }

        NpyHeader header() {
            expect('{');
            while (!accept('}')) {
                entry();
                if (!accept(',')) {
                    expect('}');
                    break;
                }
            }
            skipSpace();
            if (at != text.length()) {
                throw malformed("nothing but spaces after the dictionary");
            }
            if (descr == null || fortranOrder == null || shape == null) {
                throw damaged("its header lacks "
                        + (descr == null ? "'descr'" : fortranOrder == null ? "'fortran_order'" : "'shape'"));
            }
            DataType type = type();
            try {
                shape.byteSize(type);
            } catch (IllegalArgumentException e) {
                throw damaged(e.getMessage());
            }
            return new NpyHeader(type, descr.charAt(0) == '>', fortranOrder, shape);
        }

        private void entry() {
            String key = string();
            expect(':');
            skipSpace();
            switch (key) {
                case "descr" -> {
                    once(key, descr);
                    if (at < text.length() && (text.charAt(at) == '[' || text.charAt(at) == '(')) {
                        throw unsupported("structured elements", "save each field as an array of its own");
                    }
                    descr = string();
                }
                case "fortran_order" -> {
                    once(key, fortranOrder);
                    fortranOrder = bool();
                }
                case "shape" -> {
                    once(key, shape);
                    shape = tuple();
                }
                default -> throw damaged("its header has the unknown key " + shown(key));
            }
        }

        private void once(String key, Object value) {
            if (value != null) {
                throw damaged("its header has the key '" + key + "' twice");
            }
        }

        private boolean bool() {
            for (boolean value : new boolean[] {true, false}) {
                String word = value ? "True" : "False";
                if (text.startsWith(word, at)) {
                    at += word.length();
                    return value;
                }
            }
            throw malformed("True or False");
        }

        private Shape tuple() {
            expect('(');
            long[] lengths = new long[Shape.MAX_AXES];
            int rank = 0;
            boolean comma = true;
            while (!accept(')')) {
                if (!comma) {
                    throw malformed("a comma or )");
                }
                if (rank == lengths.length) {
                    throw damaged("its shape has more than " + Shape.MAX_AXES + " axes");
                }
                lengths[rank++] = length();
                comma = accept(',');
            }
            if (rank == 1 && !comma) {
                // in Python (3) is a number
                throw damaged("its shape is not a tuple");
            }
            try {
                return Shape.of(java.util.Arrays.copyOf(lengths, rank));
            } catch (IllegalArgumentException e) {
                throw damaged(e.getMessage());
            }
        }

        private long length() {
            skipSpace();
            int start = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            if (at == start || (text.charAt(start) == '0' && at - start > 1)) {
                at = start;
                throw malformed("the length of an axis");
            }
            long length;
            try {
                length = Long.parseLong(text, start, at, 10);
            } catch (NumberFormatException e) {
                throw damaged(
                        "an axis of length " + shown(text.substring(start, at)) + " is more than 63 bits can count");
            }
            if (at < text.length() && text.charAt(at) == 'L') {
                // Python 2 wrote its long integers so
                at++;
            }
            return length;
        }

        private String string() {
            skipSpace();
            char quote = at < text.length() ? text.charAt(at) : 0;
            if (quote != '\'' && quote != '"') {
                throw malformed("a string");
            }
            int start = ++at;
            while (at < text.length() && text.charAt(at) != quote) {
                if (text.charAt(at) == '\\' || text.charAt(at) < ' ') {
                    throw malformed("a plain string");
                }
                at++;
            }
            if (at == text.length()) {
                throw malformed("the end of a string");
            }
            return text.substring(start, at++);
        }

        private DataType type() {
            char order = descr.isEmpty() ? 0 : descr.charAt(0);
            if ("<>|".indexOf(order) < 0) {
                throw unsupported("elements of type " + shown(descr), "save as one of numpy's own number types");
            }
            String code = descr.substring(1);
            for (DataType type : DataType.values()) {
                if (type.npyCode().equals(code) && (order != '|' || type.itemBytes() == 1)) {
                    return type;
                }
            }
            char kind = code.isEmpty() ? 0 : code.charAt(0);
            throw switch (kind) {
                case 'O' -> unsupported("Python objects", "save numbers, for example a.astype('f8')");
                case 'S', 'U', 'a' -> unsupported("strings", "save numbers");
                case 'V' -> unsupported("structured elements", "save each field as an array of its own");
                case 'm', 'M' -> unsupported("dates or durations", "save numbers, for example a.astype('i8')");
                case 'f', 'c' ->
                    unsupported(
                            "numbers of type " + shown(descr),
                            "convert them, for example a.astype('" + (kind == 'f' ? "f8" : "c16") + "')");
                default -> unsupported("elements of type " + shown(descr), "save as one of numpy's own number types");
            };
        }

        private void skipSpace() {
            while (at < text.length() && " \t\n\r\f".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private boolean accept(char wanted) {
            skipSpace();
            boolean found = at < text.length() && text.charAt(at) == wanted;
            at += found ? 1 : 0;
            return found;
        }

        private void expect(char wanted) {
            if (!accept(wanted)) {
                throw malformed(String.valueOf(wanted));
            }
        }

        private IncompatibleException malformed(String wanted) {
            return damaged("expected " + wanted + " in its header at character " + at + ", found "
                    + (at < text.length() ? shown(text.substring(at)) : "its end"));
        }

        private IncompatibleException damaged(String why) {
            return new IncompatibleException(
                    "cannot read " + name + " as .npy: " + why + "; the file is damaged, write it again");
        }

        private IncompatibleException unsupported(String what, String remedy) {
            return new IncompatibleException(
                    "cannot read " + name + ": it holds " + what + ", which an image cannot; in numpy, " + remedy);
        }

        /** The file's own words, safe to print on one line. */
        private static String shown(String words) {
            StringBuilder shown = new StringBuilder("'");
            for (int i = 0; i < Math.min(words.length(), SHOWN_CHARACTERS); i++) {
                char c = words.charAt(i);
                shown.append(c >= ' ' && c < 0x7f ? c : '?');
            }
            return shown.append(words.length() > SHOWN_CHARACTERS ? "...'" : "'")
                    .toString();
        }
    }
}

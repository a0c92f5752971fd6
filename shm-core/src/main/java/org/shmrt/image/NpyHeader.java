package org.shmrt.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * The header of an {@code .npy} file: a Python dictionary as text, with the keys descr, fortran_order and shape.
 *
 * @param type type of the elements
 * @param bigEndian whether the elements are in big-endian byte order
 * @param fortranOrder whether the first axis is the fastest
 * @param shape shape, slowest axis first
 * @param fileBytes size of the header in the file, from the magic number to the data, bytes
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy.lib.format</a>
 */
record NpyHeader(DataType type, boolean bigEndian, boolean fortranOrder, Shape shape, long fileBytes) {
    static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    /** Magic number, two bytes of version, two bytes of length. */
    private static final int PREFIX_BYTES = 10;
    /** The data starts at a multiple of this. */
    private static final int ALIGNMENT = 64;
    /** numpy reserves room for a first axis with this many digits. */
    private static final int GROWTH_DIGITS = 21;

    /** Longer headers belong to structured arrays, which are not images. */
    private static final int MAX_TEXT_BYTES = 1 << 20;

    /**
     * Reads a header, and nothing after it.
     *
     * @param in the input, at the magic number
     * @param name name of the input, for messages
     */
    static NpyHeader read(InputStream in, String name) throws IOException {
        byte[] start = in.readNBytes(MAGIC.length + 2);
        if (start.length < MAGIC.length + 2 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IncompatibleException(
                    "cannot read " + name + " as .npy: it does not start as one; create it with numpy.save");
        }
        int major = start[6] & 0xff;
        int minor = start[7] & 0xff;
        if (major < 1 || major > 3 || minor != 0) {
            throw new IncompatibleException("cannot read " + name + ": it is .npy version " + major + "." + minor
                    + ", and supported are 1.0, 2.0 and 3.0");
        }
        byte[] length = in.readNBytes(major == 1 ? 2 : 4);
        if (length.length < (major == 1 ? 2 : 4)) {
            throw truncated(name);
        }
        long textBytes = littleEndian(length);
        if (textBytes > MAX_TEXT_BYTES) {
            throw new IncompatibleException("cannot read " + name + ": its header claims " + textBytes
                    + " bytes, but headers of images have at most " + MAX_TEXT_BYTES + "; the file is damaged");
        }
        byte[] text = in.readNBytes((int) textBytes);
        if (text.length < textBytes) {
            throw truncated(name);
        }
        // Version 3.0 is UTF-8 for the names of fields; headers of plain numbers are ASCII in every version.
        NpyHeader header = parse(new String(text, StandardCharsets.ISO_8859_1), name);
        return new NpyHeader(
                header.type,
                header.bigEndian,
                header.fortranOrder,
                header.shape,
                start.length + length.length + textBytes);
    }

    private static long littleEndian(byte[] length) {
        ByteBuffer bytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN);
        return length.length == 2 ? bytes.getShort() & 0xffff : bytes.getInt() & 0xffff_ffffL;
    }

    private static IncompatibleException truncated(String name) {
        return new IncompatibleException("cannot read " + name + ": it ends inside its header; copy it again");
    }

    /**
     * Encodes the whole header as numpy.save writes it, including the magic number. Version 1.0 is always sufficient:
     * the longest header of a {@link Shape} has about 1500 of the 65535 characters of that version.
     */
    static byte[] encode(DataType type, Shape shape) {
        return encode((type.itemBytes() == 1 ? "|" : "<") + type.npyCode(), shape);
    }

    /** Encodes the header for any type that numpy describes by a type string. */
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
        // Like numpy, this adds 64 spaces if the text already ends at the boundary.
        int unpadded = PREFIX_BYTES + text.length() + 1;
        text.append(" ".repeat(ALIGNMENT - unpadded % ALIGNMENT)).append('\n');

        ByteBuffer header = ByteBuffer.allocate(PREFIX_BYTES + text.length()).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) text.length());
        header.put(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        return header.array();
    }

    /**
     * Parses the dictionary. The file is not trusted, so only the syntax that numpy writes is accepted.
     *
     * @param text the header after the length field
     * @param name name of the file, for messages
     */
    static NpyHeader parse(String text, String name) {
        return new Parser(text, name).header();
    }

    private static final class Parser {
        private static final int SHOWN_CHARACTERS = 60;

        /** numpy's types of one character, on 64-bit Linux. */
        private static final Map<String, DataType> CHARACTER_CODES = Map.ofEntries(
                Map.entry("?", DataType.BOOL),
                Map.entry("b", DataType.INT8),
                Map.entry("B", DataType.UINT8),
                Map.entry("h", DataType.INT16),
                Map.entry("H", DataType.UINT16),
                Map.entry("i", DataType.INT32),
                Map.entry("I", DataType.UINT32),
                Map.entry("l", DataType.INT64),
                Map.entry("L", DataType.UINT64),
                Map.entry("q", DataType.INT64),
                Map.entry("Q", DataType.UINT64),
                Map.entry("e", DataType.FLOAT16),
                Map.entry("f", DataType.FLOAT32),
                Map.entry("d", DataType.FLOAT64),
                Map.entry("F", DataType.COMPLEX64),
                Map.entry("D", DataType.COMPLEX128));

        private final String text;
        private final String name;
        private int at;
        private Optional<String> descr = Optional.empty();
        private Optional<Boolean> fortranOrder = Optional.empty();
        private Optional<Shape> shape = Optional.empty();

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
            String description = descr.orElseThrow(() -> missing("descr"));
            boolean isFortranOrder = fortranOrder.orElseThrow(() -> missing("fortran_order"));
            Shape lengths = shape.orElseThrow(() -> missing("shape"));
            DataType type = type(description);
            try {
                lengths.byteSize(type);
            } catch (IllegalArgumentException e) {
                throw damaged(e.getMessage());
            }
            return new NpyHeader(type, description.charAt(0) == '>', isFortranOrder, lengths, text.length());
        }

        private void entry() {
            String key = string();
            expect(':');
            skipSpace();
            switch (key) {
                case "descr" -> {
                    once(key, descr);
                    if (at < text.length() && (text.charAt(at) == '[' || text.charAt(at) == '(')) {
                        throw unsupported("structured elements", "save each field as a separate array");
                    }
                    descr = Optional.of(string());
                }
                case "fortran_order" -> {
                    once(key, fortranOrder);
                    fortranOrder = Optional.of(bool());
                }
                case "shape" -> {
                    once(key, shape);
                    shape = Optional.of(tuple());
                }
                default -> throw damaged("its header has the unknown key " + shown(key));
            }
        }

        private IncompatibleException missing(String key) {
            return damaged("its header lacks '" + key + "'");
        }

        private void once(String key, Optional<?> value) {
            if (value.isPresent()) {
                throw damaged("its header has the key '" + key + "' twice");
            }
        }

        private boolean bool() {
            if (text.startsWith("True", at)) {
                at += "True".length();
                return true;
            }
            if (text.startsWith("False", at)) {
                at += "False".length();
                return false;
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
                // in Python, (3) is a number and not a tuple
                throw damaged("its shape is not a tuple");
            }
            try {
                return Shape.of(Arrays.copyOf(lengths, rank));
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
                throw damaged("the axis length " + shown(text.substring(start, at)) + " does not fit 63 bits");
            }
            if (at < text.length() && text.charAt(at) == 'L') {
                // the notation of long integers in Python 2
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

        private DataType type(String descr) {
            // without an order, or with | or =, the elements are in the order of the machine, like numpy's
            boolean hasOrder = !descr.isEmpty() && "<>|=".indexOf(descr.charAt(0)) >= 0;
            String code = hasOrder ? descr.substring(1) : descr;
            for (DataType type : DataType.values()) {
                if (type.npyCode().equals(code)
                        || (!hasOrder && type.numpyName().equals(code))) {
                    return type;
                }
            }
            if (CHARACTER_CODES.containsKey(code)) {
                return CHARACTER_CODES.get(code);
            }
            char kind = code.isEmpty() ? 0 : code.charAt(0);
            throw switch (kind) {
                case 'O' -> unsupported("Python objects", "save numbers, for example a.astype('f8')");
                case 'S', 'U', 'a' -> unsupported("strings", "save numbers");
                case 'V' -> unsupported("structured elements", "save each field as a separate array");
                case 'm', 'M' -> unsupported("dates or durations", "save numbers, for example a.astype('i8')");
                case 'f', 'c' ->
                    unsupported(
                            "numbers of type " + shown(descr),
                            "convert them, for example a.astype('" + (kind == 'f' ? "f8" : "c16") + "')");
                default -> unsupported("elements of type " + shown(descr), "save it as one of numpy's number types");
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
                    "cannot read " + name + " as .npy: " + why + "; the file is damaged, save it again");
        }

        private IncompatibleException unsupported(String what, String remedy) {
            return new IncompatibleException("cannot read " + name + ": it contains " + what
                    + ", which an image cannot represent; in numpy, " + remedy);
        }

        /** Text of the file, made safe to print on one line. */
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

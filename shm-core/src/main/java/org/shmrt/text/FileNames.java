package org.shmrt.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names of files as text. Linux permits any bytes in a name: those that are not UTF-8 are written as {@code \xe9}, and
 * a text with such escapes names the file again. No escape stands for a slash, a NUL or another character of ASCII.
 * Java's own text of such a path contains U+FFFD and names nothing.
 */
public final class FileNames {
    private static final char REPLACEMENT = '\ufffd';
    private static final Pattern ESCAPE = Pattern.compile("\\\\x(?:[89a-fA-F][0-9a-fA-F]|5[cC])");
    private static final int ESCAPE_CHARACTERS = 4;
    private static final int FIRST_NON_ASCII = 0x80;

    /** Whether Java encodes names of files in UTF-8. It does not in locales such as C or de_DE@euro. */
    private static final boolean ENCODES_UTF8 = "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding", ""));

    private FileNames() {}

    /** The text of a path, from which {@link #parse} makes the same path. */
    public static String text(Path path) {
        String text = path.toString();
        return text.indexOf(REPLACEMENT) < 0 && !ESCAPE.matcher(text).find() ? text : text(bytes(path));
    }

    /** The text of the last element of a path; of the root directory, which has none, the path itself. */
    public static String lastText(Path path) {
        return text(path.getFileName() == null ? path : path.getFileName());
    }

    /** UTF-8 with escapes for all other bytes, and for a backslash that would look like the start of an escape. */
    public static String text(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            text.append(ESCAPE.matcher(out.flip())
                    .replaceAll(match -> "\\\\x5c" + match.group().substring(1)));
            out.clear();
            if (!result.isError()) {
                return text.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                text.append("\\x").append(HexFormat.of().toHexDigits(in.get()));
            }
            decoder.reset();
        }
    }

    /**
     * The path that a text names: the file of exactly this name if there is one, else that of the escapes.
     *
     * @throws IllegalArgumentException if no file can have this name
     */
    public static Path parse(String text) {
        Path literal = literal(text);
        if (!ESCAPE.matcher(text).find()) {
            return literal;
        }
        return Files.exists(literal, LinkOption.NOFOLLOW_LINKS) ? literal : ofBytes(bytes(text));
    }

    /** The file in a directory that a text names, as in {@link #parse}. */
    public static Path parse(Path directory, String name) {
        if (ESCAPE.matcher(name).find()) {
            return parse(joined(directory, name));
        }
        return directory.resolve(literal(name));
    }

    /**
     * The path of a text, taken literally. A locale such as C cannot encode every character; the name is then passed as
     * its UTF-8 bytes.
     */
    private static Path literal(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                throw e;
            }
            Path absolute = ofBytes(("/" + text).getBytes(StandardCharsets.UTF_8));
            return text.startsWith("/") ? absolute : absolute.subpath(0, absolute.getNameCount());
        }
    }

    /**
     * The name of a file, without a directory, of which this is the {@link #text}: unlike {@link #parse} never
     * literally.
     */
    public static Path name(String text) {
        return text.indexOf('\\') < 0
                ? literal(text)
                : ofBytes(bytes("/" + text)).getFileName();
    }

    /** As {@link Path#resolve}, of texts. */
    private static String joined(Path directory, String name) {
        return name.startsWith("/") || directory.toString().isEmpty() ? name : text(directory) + "/" + name;
    }

    /** The bytes from which {@link #text(byte[])} made a text. */
    public static byte[] bytes(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            int end = Math.min(text.length(), at + ESCAPE_CHARACTERS);
            if (ESCAPE.matcher(text).region(at, end).matches()) {
                bytes.write(HexFormat.fromHexDigits(text, at + 2, end));
                at = end;
            } else {
                int character = text.codePointAt(at);
                bytes.writeBytes(Character.toString(character).getBytes(StandardCharsets.UTF_8));
                at += Character.charCount(character);
            }
        }
        return bytes.toByteArray();
    }

    /** The path of a name in bytes. Only a URI carries bytes into a path. */
    private static Path ofBytes(byte[] name) {
        if (name.length > 0 && name[0] != '/') {
            byte[] directory = bytes(Path.of("").toAbsolutePath());
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(directory);
            all.write('/');
            all.writeBytes(name);
            return ofBytes(all.toByteArray());
        }
        StringBuilder uri = new StringBuilder("file://");
        for (byte b : name) {
            uri.append(b == '/' ? "/" : "%" + HexFormat.of().toHexDigits(b));
        }
        return Path.of(URI.create(uri.toString()));
    }

    /** Whether the name is UTF-8, so that Java's text of the path names the file. */
    public static boolean isUtf8(Path path) {
        return path.toString().indexOf(REPLACEMENT) < 0;
    }

    /** The bytes of a path. */
    public static byte[] bytes(Path path) {
        String text = path.toString();
        if (ENCODES_UTF8 ? isUtf8(path) : text.chars().allMatch(character -> character < FIRST_NON_ASCII)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < path.getNameCount(); i++) {
            if (i > 0 || path.isAbsolute()) {
                bytes.write('/');
            }
            bytes.writeBytes(element(path.getName(i)));
        }
        return bytes.toByteArray();
    }

    private static byte[] element(Path name) {
        // the URI of a directory ends in a slash
        String uri = name.toUri().getRawPath().replaceFirst("/$", "");
        String raw = uri.substring(uri.lastIndexOf('/') + 1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 0; at < raw.length(); at++) {
            if (raw.charAt(at) == '%') {
                bytes.write(HexFormat.fromHexDigits(raw, at + 1, at + 3));
                at += 2;
            } else {
                bytes.write(raw.charAt(at));
            }
        }
        return bytes.toByteArray();
    }

    /**
     * The arguments of this program, with escapes for bytes that are not UTF-8: Java replaces them, so that a name
     * which the shell has completed would name nothing.
     */
    public static String[] arguments(String[] decoded) {
        if (String.join("", decoded).indexOf(REPLACEMENT) < 0) {
            return decoded;
        }
        try {
            String all = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1);
            String[] raw = all.split("\0", -1); // a NUL follows the last argument
            String[] arguments = decoded.clone();
            for (int i = 0; i < decoded.length; i++) {
                if (decoded[i].indexOf(REPLACEMENT) >= 0) {
                    arguments[i] = text(raw[raw.length - 1 - decoded.length + i].getBytes(StandardCharsets.ISO_8859_1));
                }
            }
            return arguments;
        } catch (IOException | ArrayIndexOutOfBoundsException e) {
            return decoded;
        }
    }
}

package org.shmrt.image.input;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Files that are recognised. Their first bytes are so long that no raw frame starts with them by chance. */
public enum KnownStart {
    VIDEO("YUV4MPEG2 ", "a YUV4MPEG2 video"),
    NPY("\u0093NUMPY", "an .npy file"),
    FITS("SIMPLE  = ", "a FITS file"),
    PNG("\u0089PNG\r\n\u001a\n", "a PNG file");

    /** Longer than all starts. */
    public static final int MAX_BYTES = 16;

    /** The first bytes, as ISO 8859-1. */
    private final String start;

    private final String title;

    KnownStart(String start, String title) {
        this.start = start;
        this.title = title;
    }

    /** A noun with its article. */
    public String title() {
        return title;
    }

    /** Whether more bytes can follow with which the first {@code count} ones are a known start. */
    public static boolean isPrefix(byte[] bytes, int count) {
        String read = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
        return Arrays.stream(values()).anyMatch(known -> count < known.start.length() && known.start.startsWith(read));
    }

    /** The known start that the first {@code count} bytes are. */
    public static Optional<KnownStart> of(byte[] bytes, int count) {
        String read = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
        return Arrays.stream(values()).filter(known -> known.start.equals(read)).findFirst();
    }
}

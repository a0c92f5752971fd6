package org.shmrt.array;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Versions of the metadata record in a file of SharedArray. A file holds the data of an array and one packed record
 * with its size, type and shape; the record precedes the data in the oldest version and follows it in all others. Each
 * release of SharedArray attaches arrays of its own version only (2.0 to 3.0.0 share one); ShmRT attaches all of them.
 *
 * <p>Source: files written by SharedArray 0.3, 1.0, 2.0.4, 3.0.0 and 3.2.3, the last with numpy 1 and numpy 2.
 */
public enum HeaderVersion {
    /** SharedArray 0.1 to 0.3: the record precedes the data. */
    HEADER_160("header-160", 160, 16, ItemSize.DERIVED, "0.1 to 0.3"),
    /** SharedArray 0.4 to 1.x. */
    TRAILER_160("trailer-160", 160, 16, ItemSize.DERIVED, "0.4 to 1.x"),
    /** SharedArray 2.0 to 3.0.0. */
    TRAILER_288("trailer-288", 288, 32, ItemSize.DERIVED, "2.0 to 3.0.0"),
    /** SharedArray 3.1 and later with numpy 1. ShmRT creates this version by default. */
    TRAILER_292("trailer-292", 292, 32, ItemSize.STORED, "3.1 and later with numpy 1"),
    /** SharedArray 3.1 and later built with numpy 2. */
    TRAILER_548("trailer-548", 548, 64, ItemSize.STORED, "3.1 and later built with numpy 2");

    /** Whether the record stores the size of an element, or only the type from which it follows. */
    private enum ItemSize {
        DERIVED,
        STORED
    }

    private final String label;
    private final int recordBytes;
    private final int maxAxes;
    private final ItemSize itemSize;
    private final String releases;

    HeaderVersion(String label, int recordBytes, int maxAxes, ItemSize itemSize, String releases) {
        this.label = label;
        this.recordBytes = recordBytes;
        this.maxAxes = maxAxes;
        this.itemSize = itemSize;
        this.releases = releases;
    }

    /**
     * Name of the version: position and size of the record.
     *
     * @return for example {@code trailer-292}
     */
    public String label() {
        return label;
    }

    /**
     * Releases of SharedArray that write and attach this version.
     *
     * @return for example {@code 3.1 and later with numpy 1}
     */
    public String releases() {
        return releases;
    }

    /**
     * Size of the metadata record.
     *
     * @return bytes
     */
    public int recordBytes() {
        return recordBytes;
    }

    /**
     * Number of axes that the record has room for.
     *
     * @return 16, 32 or 64
     */
    public int maxAxes() {
        return maxAxes;
    }

    /**
     * Offset of the data in the file.
     *
     * @return bytes: 160 for {@link #HEADER_160}, otherwise 0
     */
    public int dataOffset() {
        return this == HEADER_160 ? recordBytes : 0;
    }

    /** Whether the record stores the size of an element; without it, types of variable size cannot be stored. */
    boolean storesItemSize() {
        return itemSize == ItemSize.STORED;
    }

    /**
     * Parses a version as a user writes it.
     *
     * @param text a label in any case, or only the size of a trailer: {@code 292}, {@code 548}, {@code 288}, {@code 160}
     * @return the version
     * @throws IllegalArgumentException listing the labels, if there is no such version
     */
    public static HeaderVersion parse(String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        for (HeaderVersion version : values()) {
            if (version.label.equals(wanted) || (version != HEADER_160 && version.label.equals("trailer-" + wanted))) {
                return version;
            }
        }
        throw new IllegalArgumentException("unknown array layout '" + text + "': use one of "
                + Arrays.stream(values()).map(HeaderVersion::label).collect(Collectors.joining(", ")));
    }

    @Override
    public String toString() {
        return label;
    }
}

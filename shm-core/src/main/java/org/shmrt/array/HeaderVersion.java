package org.shmrt.array;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The forms in which versions of SharedArray store an array: its data and one packed block that tells size, type and
 * shape. Each version of the original attaches arrays of its own form only (2.0 to 3.0.0 are one form); ShmRT attaches
 * all of them.
 *
 * <p>Source: files written by SharedArray 0.3, 1.0, 2.0.4, 3.0.0 and 3.2.3, the last with numpy 1 and numpy 2.
 */
public enum HeaderVersion {
    /** Of SharedArray 0.1 to 0.3: the block stands first, the data behind it. */
    HEADER_160("header-160", 160, 16, false, "0.1 to 0.3"),
    /** Of SharedArray 0.4 to 1.x. */
    TRAILER_160("trailer-160", 160, 16, false, "0.4 to 1.x"),
    /** Of SharedArray 2.0 to 3.0.0. */
    TRAILER_288("trailer-288", 288, 32, false, "2.0 to 3.0.0"),
    /** Of SharedArray 3.1 and later with numpy 1; what ShmRT creates unless asked for another. */
    TRAILER_292("trailer-292", 292, 32, true, "3.1 and later with numpy 1"),
    /** Of SharedArray 3.1 and later built with numpy 2. */
    TRAILER_548("trailer-548", 548, 64, true, "3.1 and later built with numpy 2");

    private final String label;
    private final int blockBytes;
    private final int maxAxes;
    private final boolean itemSizeStored;
    private final String versions;

    HeaderVersion(String label, int blockBytes, int maxAxes, boolean itemSizeStored, String versions) {
        this.label = label;
        this.blockBytes = blockBytes;
        this.maxAxes = maxAxes;
        this.itemSizeStored = itemSizeStored;
        this.versions = versions;
    }

    /**
     * The name of the form.
     *
     * @return for example {@code trailer-292}
     */
    public String label() {
        return label;
    }

    /**
     * Which versions of SharedArray write and attach it.
     *
     * @return for example {@code 3.1 and later with numpy 1}
     */
    public String versions() {
        return versions;
    }

    /**
     * Size of the block.
     *
     * @return bytes
     */
    public int blockBytes() {
        return blockBytes;
    }

    /**
     * How many axes the block has room for.
     *
     * @return 16, 32 or 64
     */
    public int maxAxes() {
        return maxAxes;
    }

    /**
     * Where the data begins in the file.
     *
     * @return 160 for the oldest form, else 0: at the start of a page
     */
    public int dataOffset() {
        return this == HEADER_160 ? blockBytes : 0;
    }

    /** Whether the block says how long an element is; without it only numpy's numbers can be stored. */
    boolean itemSizeStored() {
        return itemSizeStored;
    }

    /**
     * Reads a form as a user writes it.
     *
     * @param text the label, or the size alone where that is enough: {@code 292}, {@code 548}, {@code 288}
     * @return the form
     * @throws IllegalArgumentException naming the accepted words, if there is no such form
     */
    public static HeaderVersion parse(String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        for (HeaderVersion form : values()) {
            if (form.label.equals(wanted) || (form != HEADER_160 && form.label.equals("trailer-" + wanted))) {
                return form;
            }
        }
        throw new IllegalArgumentException("unknown form '" + text + "': use one of "
                + Arrays.stream(values()).map(HeaderVersion::label).collect(Collectors.joining(", ")));
    }

    @Override
    public String toString() {
        return label;
    }
}

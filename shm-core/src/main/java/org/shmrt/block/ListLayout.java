package org.shmrt.block;

import java.util.Arrays;

/**
 * Where the parts of a list are, taken once and kept: the memory may say something else a moment later.
 *
 * <pre>
 *   0          i64           N, the number of items
 *   8          i64[N + 1]    offsets within the data area; the first 0, the last K         (Python 3.9 and later)
 *              i64[N]        or lengths of the items, which add up to K                    (Python 3.8)
 *              K bytes       data area: each item in a multiple of 8 bytes
 *              char[8][N]    formats
 *              i8[N]         codes
 * </pre>
 *
 * <p>The first index word tells which: an offset of 0, or a length of 8 or more. Source: CPython 3.8 to 3.13,
 * files written by them. Nothing that a block says is believed before it has been shown to lie inside the block.
 */
final class ListLayout {
    /** N with its index word, the least an item's data can take, its format and its code. */
    private static final int LEAST_ITEM_BYTES =
            8 + ItemFormat.ALIGNMENT + ItemFormat.FORMAT_BYTES + ItemFormat.CODE_BYTES;

    private static final int FIRST_ITEMS = 1024;

    private final boolean lengths;
    private final long[] starts;
    private final int count;

    /** {@code starts} is where each item begins in the block, and where the data area ends; it may be longer. */
    private ListLayout(boolean lengths, long[] starts, int count) {
        this.lengths = lengths;
        this.starts = starts;
        this.count = count;
    }

    /** The layout of a new list with items of these many bytes. */
    static ListLayout of(long[] storageBytes) {
        int count = storageBytes.length;
        long[] starts = new long[count + 1];
        starts[0] = dataOffset(count, false);
        for (int i = 0; i < count; i++) {
            starts[i + 1] = starts[i] + storageBytes[i];
        }
        return new ListLayout(false, starts, count);
    }

    private static long dataOffset(long count, boolean lengths) {
        return 8 * (count + (lengths ? 1 : 2));
    }

    int count() {
        return count;
    }

    /** Whether the index holds lengths, as Python 3.8 writes it, and not offsets. */
    boolean hasLengths() {
        return lengths;
    }

    long start(int item) {
        return starts[item];
    }

    long storageBytes(int item) {
        return starts[item + 1] - starts[item];
    }

    long formatAt(int item) {
        return starts[count] + (long) ItemFormat.FORMAT_BYTES * item;
    }

    long codeAt(int item) {
        return starts[count] + (long) ItemFormat.FORMAT_BYTES * count + item;
    }

    /** Bytes of the whole list. */
    long byteSize() {
        return codeAt(count);
    }

    /** Reads and checks a list; afterwards there is either a layout or a problem. */
    static final class Parser {
        private final ListSource source;
        private String problem;
        private ListLayout layout;

        Parser(ListSource source) {
            this.source = source;
            try {
                layout = parse();
            } catch (OutOfMemoryError e) {
                problem = "it has more items than this JVM has memory for";
            }
        }

        /** What is wrong, or null. */
        String problem() {
            return problem;
        }

        /** The layout, or null. */
        ListLayout layout() {
            return layout;
        }

        private ListLayout refused(String why) {
            problem = why;
            return null;
        }

        private ListLayout parse() {
            long size = source.size();
            if (size < 8) {
                return refused("a list has at least 8 bytes, not " + size);
            }
            long count = new ListSource.Cursor(source, 0, 1, 8).nextLong();
            if (count < 0 || count > (size - 8) / LEAST_ITEM_BYTES) {
                return refused("it says it has " + count + " items, which do not fit into its " + size + " bytes");
            }
            if (count == 0) {
                return empty(size);
            }
            if (count >= Integer.MAX_VALUE - 8) {
                return refused("it has " + count + " items, more than Java can count");
            }
            ListLayout found = index((int) count, size);
            return found == null || !hasSoundItems(found) ? null : found;
        }

        /** Many a block begins with zeros: of an empty list the size has to agree. */
        private ListLayout empty(long size) {
            boolean lengths = size == dataOffset(0, true);
            if (!lengths && size != dataOffset(0, false)) {
                return refused("an empty list has 16 bytes, of Python 3.8 8, not " + size);
            }
            return new ListLayout(lengths, new long[] {size}, 0);
        }

        private ListLayout index(int count, long size) {
            ListSource.Cursor words = new ListSource.Cursor(source, 8, 1, 8);
            long first = words.nextLong();
            boolean lengths = first != 0;
            long dataOffset = dataOffset(count, lengths);
            long dataBytes = size - dataOffset - (long) count * (ItemFormat.FORMAT_BYTES + ItemFormat.CODE_BYTES);
            // Grows as the index is found sound, so that a count alone costs no memory.
            long[] starts = new long[Math.min(count, FIRST_ITEMS) + 1];
            starts[0] = dataOffset;
            words = new ListSource.Cursor(source, lengths ? 8 : 16, count, 8);
            long end = 0;
            for (int item = 0; item < count; item++) {
                long word = words.nextLong();
                long start = end;
                end = lengths ? start + word : word;
                // The word is compared first: a huge one must not wrap the sum.
                if (word < ItemFormat.ALIGNMENT
                        || word > dataBytes
                        || end < start + ItemFormat.ALIGNMENT
                        || end > dataBytes
                        || end % ItemFormat.ALIGNMENT != 0) {
                    return refused("item " + item + " of " + count + " " + (lengths ? "has length " : "ends at offset ")
                            + word + ", which does not fit between " + start + " and " + dataBytes);
                }
                if (item + 1 == starts.length) {
                    starts = Arrays.copyOf(starts, (int) Math.min(count + 1L, 2L * starts.length));
                }
                starts[item + 1] = dataOffset + end;
            }
            return new ListLayout(lengths, starts, count);
        }

        private boolean hasSoundItems(ListLayout found) {
            int count = found.count;
            ListSource.Cursor formats = new ListSource.Cursor(source, found.formatAt(0), count, 8);
            ListSource.Cursor codes = new ListSource.Cursor(source, found.codeAt(0), count, 1);
            for (int item = 0; item < count; item++) {
                long format = formats.nextLong();
                byte code = codes.nextByte();
                if (ItemFormat.kind(format, code, found.storageBytes(item)) == null) {
                    problem = describe(item, format, code, found.storageBytes(item));
                    return false;
                }
            }
            return true;
        }
    }

    /** What is wrong with an item whose description Python would not write. */
    static String describe(int item, long format, byte code, long storageBytes) {
        return "item " + item + " has the format '" + ItemFormat.text(format) + "' with the code " + code + " in "
                + storageBytes + " bytes, which no list has";
    }
}

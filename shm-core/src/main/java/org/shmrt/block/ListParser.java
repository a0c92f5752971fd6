package org.shmrt.block;

import java.util.Arrays;

/** Reads the layout of a list, and checks that all of it lies inside the block and each item is well-formed. */
final class ListParser {
    /** Number of items and index entry, the smallest storage of an item, its format and its code. */
    private static final int MIN_ITEM_BYTES =
            8 + ItemFormat.ALIGNMENT + ItemFormat.FORMAT_BYTES + ItemFormat.CODE_BYTES;

    private static final int INITIAL_ITEMS = 1024;

    private final ListSource source;

    private ListParser(ListSource source) {
        this.source = source;
    }

    /** Whether the bytes are a list. */
    sealed interface Result {}

    record Valid(ListLayout layout) implements Result {}

    /**
     * The bytes are not a list.
     *
     * @param problem one clause about the bytes
     */
    record Invalid(String problem) implements Result {}

    static Result parse(ListSource source) {
        try {
            return new ListParser(source).parse();
        } catch (OutOfMemoryError e) {
            return new Invalid("it has more items than this JVM has memory for");
        }
    }

    private Result parse() {
        long size = source.size();
        if (size < 8) {
            return new Invalid("a list has at least 8 bytes, not " + size);
        }
        long count = new ListSource.Cursor(source, 0, 1, 8).nextLong();
        if (count < 0 || count > (size - 8) / MIN_ITEM_BYTES) {
            return new Invalid("its number of items is " + count + ", which do not fit into its " + size + " bytes");
        }
        if (count == 0) {
            return parseEmpty(size);
        }
        if (count >= Integer.MAX_VALUE - 8) {
            return new Invalid("it has " + count + " items, more than Java supports");
        }
        return switch (parseIndex((int) count, size)) {
            case Valid valid -> checkItems(valid);
            case Invalid invalid -> invalid;
        };
    }

    /** Many blocks begin with zeros, so an empty list must have the exact size. */
    private static Result parseEmpty(long size) {
        for (ListIndex index : ListIndex.values()) {
            if (size == index.dataOffset(0)) {
                return new Valid(new ListLayout(index, new long[] {size}, 0));
            }
        }
        return new Invalid("an empty list has 16 bytes, or 8 from Python 3.8, not " + size);
    }

    private Result parseIndex(int count, long size) {
        boolean zero = new ListSource.Cursor(source, 8, 1, 8).nextLong() == 0;
        ListIndex index = zero ? ListIndex.OFFSETS : ListIndex.LENGTHS;
        long dataOffset = index.dataOffset(count);
        long dataBytes = size - dataOffset - (long) count * (ItemFormat.FORMAT_BYTES + ItemFormat.CODE_BYTES);
        // The array grows while the index proves valid, so that a wrong count alone does not allocate memory.
        long[] starts = new long[Math.min(count, INITIAL_ITEMS) + 1];
        starts[0] = dataOffset;
        ListSource.Cursor entries = new ListSource.Cursor(source, index.firstEndOffset(), count, 8);
        long end = 0;
        for (int item = 0; item < count; item++) {
            long entry = entries.nextLong();
            long start = end;
            end = index == ListIndex.LENGTHS ? start + entry : entry;
            // The entry itself is checked first because a huge one could overflow the sum.
            if (entry < ItemFormat.ALIGNMENT
                    || entry > dataBytes
                    || end < start + ItemFormat.ALIGNMENT
                    || end > dataBytes
                    || end % ItemFormat.ALIGNMENT != 0) {
                return new Invalid("item " + item + " of " + count
                        + (index == ListIndex.LENGTHS ? " has length " : " ends at offset ") + entry
                        + ", which does not fit between " + start + " and " + dataBytes);
            }
            if (item + 1 == starts.length) {
                starts = Arrays.copyOf(starts, (int) Math.min(count + 1L, 2L * starts.length));
            }
            starts[item + 1] = dataOffset + end;
        }
        return new Valid(new ListLayout(index, starts, count));
    }

    private Result checkItems(Valid valid) {
        ListLayout layout = valid.layout();
        ListSource.Cursor formats = new ListSource.Cursor(source, layout.formatOffset(0), layout.count(), 8);
        ListSource.Cursor codes = new ListSource.Cursor(source, layout.codeOffset(0), layout.count(), 1);
        for (int item = 0; item < layout.count(); item++) {
            long format = formats.nextLong();
            byte code = codes.nextByte();
            if (ItemFormat.kind(format, code, layout.storageBytes(item)) == null) {
                return new Invalid(ItemFormat.problem(item, format, code, layout.storageBytes(item)));
            }
        }
        return valid;
    }
}

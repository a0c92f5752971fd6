package org.shmrt.stream.format;

/**
 * Where a stream stores its keywords. A record has a name of 16 bytes at 0, a type character at 16, a value of 16 bytes
 * at {@code valueOffset} and a comment of 80 bytes at {@code commentOffset}. The fields may be unaligned. Immutable.
 *
 * @param offset position of the first record in the file, bytes
 * @param count number of records, used or not
 * @param stride bytes from one record to the next
 * @param valueOffset position of the value in a record
 * @param commentOffset position of the comment in a record
 * @param countOffset position in a record of a u64 that counts its writes, or -1
 * @param endsAtEmptyName whether the first record without a name ends the list, and later records are ignored (milk);
 *     if     not, each record is used or unused independently (DAO)
 */
public record KeywordLayout(
        long offset,
        int count,
        int stride,
        int valueOffset,
        int commentOffset,
        int countOffset,
        boolean endsAtEmptyName) {
    /** Maximum size of a name and of a text value, bytes. */
    public static final int TEXT_BYTES = 16;
    /** Maximum size of a comment, bytes. */
    public static final int COMMENT_BYTES = 80;
    /** Position of the type character in a record. */
    public static final int TYPE_OFFSET = 16;
    /** The type character of an unused record. */
    public static final byte UNUSED = 'N';

    /**
     * A table whose records are used or unused independently and do not count their writes, like DAO's.
     *
     * @param offset position of the first record in the file, bytes
     * @param count number of records, used or not
     * @param stride bytes from one record to the next
     * @param valueOffset position of the value in a record
     * @param commentOffset position of the comment in a record
     */
    public KeywordLayout(long offset, int count, int stride, int valueOffset, int commentOffset) {
        this(offset, count, stride, valueOffset, commentOffset, -1, false);
    }
}

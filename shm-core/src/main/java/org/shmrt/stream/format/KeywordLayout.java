package org.shmrt.stream.format;

/**
 * Where a stream keeps its keywords. A record is: name of 16 bytes at 0, type character at 16, value of 16
 * bytes at {@code valueOffset}, comment of 80 bytes at {@code commentOffset}; nothing is aligned.
 *
 * @param offset position of the first record in the file, bytes
 * @param count number of records, used or not
 * @param stride bytes from one record to the next
 * @param valueOffset position of the value in a record
 * @param commentOffset position of the comment in a record
 * @param countOffset position in a record of an u64 that counts its writes, or -1
 * @param endsAtEmptyName whether the first record without a name ends the list, and what follows is left over (milk);
 *     if not, each record is used or unused by itself (DAO)
 */
public record KeywordLayout(
        long offset,
        int count,
        int stride,
        int valueOffset,
        int commentOffset,
        int countOffset,
        boolean endsAtEmptyName) {
    /** Longest name, and longest text value, in bytes. */
    public static final int TEXT_BYTES = 16;
    /** Longest comment, in bytes. */
    public static final int COMMENT_BYTES = 80;
    /** Position of the type character in a record. */
    public static final int TYPE_OFFSET = 16;
    /** The type character of an unused record. */
    public static final byte UNUSED = 'N';

    /**
     * A table whose records are used or unused each by itself, and do not count their writes: DAO's.
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

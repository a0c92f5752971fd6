package org.shmrt.relay.dao;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.relay.RelayLimits;
import org.shmrt.relay.StreamDescription;
import org.shmrt.relay.wire.Protocol;
import org.shmrt.stream.format.dao.DaoTypes;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.text.FixedText;

/**
 * The messages of DAO's network service. A description has 288 bytes and 120 for each keyword record, used or not:
 *
 * <pre>
 *   0 name (256, NUL)     257 u8 type code      260 u32[3] axes, 1 if unused    280 u64 bytes of an element
 * 256 u8 axes             258 u16 keywords      272 u64 elements
 *
 *   0 name (16)   16 type (N, L, D, S)   24 value (16)   40 comment (80)
 * </pre>
 */
public final class DaoProtocol implements Protocol {
    /** The only instance. */
    public static final DaoProtocol INSTANCE = new DaoProtocol();

    private static final int MAGIC = 0x54454e44; // DNET
    private static final int META_BYTES = 288;
    private static final int NAME_BYTES = 256;
    private static final int RANK_AT = 256;
    private static final int TYPE_AT = 257;
    private static final int KEYWORDS_AT = 258;
    private static final int AXES_AT = 260;
    private static final int ELEMENTS_AT = 272;
    private static final int ITEM_AT = 280;
    private static final int MAX_AXES = 3;

    private static final int KEYWORD_BYTES = 120;
    private static final int TEXT_BYTES = 16;
    private static final int KEYWORD_TYPE_AT = 16;
    private static final int VALUE_AT = 24;
    private static final int COMMENT_AT = 40;
    private static final int COMMENT_BYTES = 80;

    private DaoProtocol() {}

    /** Whether DAO has elements of a type. */
    public static boolean supports(DataType type) {
        return DaoTypes.code(type) > 0;
    }

    /**
     * The type of a code.
     *
     * @throws IncompatibleException if there is none
     */
    static DataType ofCode(int code) {
        DataType type = DaoTypes.ofCode(code);
        if (type == null) {
            throw malformed("its type code is " + code);
        }
        return type;
    }

    @Override
    public int magic() {
        return MAGIC;
    }

    @Override
    public boolean isExtended() {
        return false;
    }

    @Override
    public int maxDescriptionBytes() {
        return META_BYTES + RelayLimits.MAX_KEYWORDS * KEYWORD_BYTES;
    }

    @Override
    public ByteBuffer encode(StreamDescription description) {
        int records = description.keywordCapacity();
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(META_BYTES + records * KEYWORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        MemorySegment out = MemorySegment.ofBuffer(buffer);
        Shape shape = description.shape();
        FixedText.set(out, 0, NAME_BYTES, description.name());
        out.set(JAVA_BYTE, RANK_AT, (byte) shape.rank());
        out.set(JAVA_BYTE, TYPE_AT, (byte) DaoTypes.code(description.type()));
        out.set(JAVA_SHORT_UNALIGNED, KEYWORDS_AT, (short) records);
        for (int axis = 0; axis < MAX_AXES; axis++) {
            int length = axis < shape.rank() ? (int) shape.length(axis) : 1;
            out.set(JAVA_INT_UNALIGNED, AXES_AT + (long) axis * Integer.BYTES, length);
        }
        out.set(JAVA_LONG_UNALIGNED, ELEMENTS_AT, shape.elementCount());
        out.set(JAVA_LONG_UNALIGNED, ITEM_AT, description.type().itemBytes());
        for (int i = 0; i < records; i++) {
            MemorySegment record = out.asSlice(META_BYTES + (long) i * KEYWORD_BYTES, KEYWORD_BYTES);
            record.set(JAVA_BYTE, KEYWORD_TYPE_AT, (byte) 'N');
            if (i < description.keywords().size()) {
                put(record, description.keywords().get(i));
            }
        }
        return buffer;
    }

    private static void put(MemorySegment record, Keyword keyword) {
        FixedText.fill(record, 0, TEXT_BYTES, keyword.name());
        record.set(JAVA_BYTE, KEYWORD_TYPE_AT, (byte) keyword.type().code());
        switch (keyword.value()) {
            case Long value -> record.set(JAVA_LONG_UNALIGNED, VALUE_AT, value);
            case Double value -> record.set(JAVA_DOUBLE_UNALIGNED, VALUE_AT, value);
            default ->
                FixedText.fill(record, VALUE_AT, TEXT_BYTES, keyword.value().toString());
        }
        FixedText.fill(record, COMMENT_AT, COMMENT_BYTES, keyword.comment());
    }

    @Override
    public StreamDescription decode(ByteBuffer payload) {
        if (payload.remaining() < META_BYTES) {
            throw malformed("it has " + payload.remaining() + " bytes");
        }
        MemorySegment in = MemorySegment.ofBuffer(payload);
        int records = Short.toUnsignedInt(in.get(JAVA_SHORT_UNALIGNED, KEYWORDS_AT));
        if (in.byteSize() != META_BYTES + (long) records * KEYWORD_BYTES) {
            throw malformed("it has " + in.byteSize() + " bytes and " + records + " keywords");
        }
        int rank = in.get(JAVA_BYTE, RANK_AT);
        if (rank < 1 || rank > MAX_AXES) {
            throw malformed("it has " + rank + " axes");
        }
        long[] axes = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            axes[axis] = Integer.toUnsignedLong(in.get(JAVA_INT_UNALIGNED, AXES_AT + (long) axis * Integer.BYTES));
        }
        DataType type = ofCode(in.get(JAVA_BYTE, TYPE_AT));
        Shape shape = shape(axes);
        if (in.get(JAVA_LONG_UNALIGNED, ELEMENTS_AT) != shape.elementCount()
                || in.get(JAVA_LONG_UNALIGNED, ITEM_AT) != type.itemBytes()) {
            throw malformed("its axes do not agree with its number of elements, or its type with their size");
        }
        List<Keyword> keywords = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            Keyword keyword = keyword(in.asSlice(META_BYTES + (long) i * KEYWORD_BYTES, KEYWORD_BYTES));
            if (keyword != null) {
                keywords.add(keyword);
            }
        }
        return new StreamDescription(FixedText.get(in, 0, NAME_BYTES), "dao", type, shape, 1, 0, records, keywords);
    }

    /** The shape of axes as DAO stores them: those of numpy. */
    static Shape shape(long[] axes) {
        try {
            return Shape.of(axes);
        } catch (IllegalArgumentException e) {
            throw malformed(e.getMessage());
        }
    }

    /** The keyword of a record; null for one that is not used. */
    private static Keyword keyword(MemorySegment record) {
        String name = FixedText.get(record, 0, TEXT_BYTES);
        Keyword.Type type = Keyword.Type.ofCode(record.get(JAVA_BYTE, KEYWORD_TYPE_AT));
        if (type == null || name.isEmpty()) {
            return null;
        }
        Object value = switch (type) {
            case LONG -> (Object) record.get(JAVA_LONG_UNALIGNED, VALUE_AT);
            case DOUBLE -> (Object) record.get(JAVA_DOUBLE_UNALIGNED, VALUE_AT);
            case TEXT -> FixedText.get(record, VALUE_AT, TEXT_BYTES);
        };
        return new Keyword(name, type, value, FixedText.get(record, COMMENT_AT, COMMENT_BYTES));
    }

    private static IncompatibleException malformed(String why) {
        return new IncompatibleException("the description of a stream that was received is not valid: " + why
                + "; check that the program on the other side is DAO's network service");
    }
}

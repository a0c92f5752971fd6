package org.shmrt.relay.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.relay.RelayLimits;
import org.shmrt.relay.StreamDescription;
import org.shmrt.stream.keyword.Keyword;

/**
 * ShmRT's own protocol. A description is, little-endian: name, format and type (texts with a length of u16), rank (u8), the
 * axes (u64 each, rows first), slots (u32), creation time (u64, UTC, nanoseconds), keyword records (u32), keywords (u32),
 * and for each keyword: name, type (u8), value (u64, or a text for {@code S}), comment.
 */
public final class ShmProtocol implements Protocol {
    /** The only instance. */
    public static final ShmProtocol INSTANCE = new ShmProtocol();

    private static final int MAGIC = 0x314d4853; // SHM1
    private static final int MAX_WORD_BYTES = 16;
    private static final int MAX_COMMENT_BYTES = 80;
    private static final int FIXED_BYTES = 64 + 3 * Long.BYTES;
    private static final int KEYWORD_BYTES = 3 * Short.BYTES + 1 + MAX_WORD_BYTES;

    private ShmProtocol() {}

    @Override
    public int magic() {
        return MAGIC;
    }

    @Override
    public boolean isExtended() {
        return true;
    }

    @Override
    public int maxDescriptionBytes() {
        return 1 << 20;
    }

    @Override
    public ByteBuffer encode(StreamDescription description) {
        ByteBuffer out = ByteBuffer.allocateDirect(bytes(description)).order(ByteOrder.LITTLE_ENDIAN);
        put(out, description, description.keywords());
        return out.flip();
    }

    private static int bytes(StreamDescription description) {
        int bytes = FIXED_BYTES
                + WireText.bytes(description.name())
                + WireText.bytes(description.format())
                + WireText.bytes(description.type().numpyName());
        for (Keyword keyword : description.keywords()) {
            bytes += KEYWORD_BYTES
                    + WireText.bytes(keyword.name())
                    + WireText.bytes(keyword.comment())
                    + WireText.bytes(keyword.value().toString());
        }
        return bytes;
    }

    private static void put(ByteBuffer out, StreamDescription description, List<Keyword> keywords) {
        WireText.put(out, description.name());
        WireText.put(out, description.format());
        WireText.put(out, description.type().numpyName());
        Shape shape = description.shape();
        out.put((byte) shape.rank());
        for (int axis = 0; axis < shape.rank(); axis++) {
            out.putLong(shape.length(axis));
        }
        out.putInt(description.depth());
        out.putLong(description.instance());
        out.putInt(description.keywordCapacity());
        out.putInt(keywords.size());
        for (Keyword keyword : keywords) {
            WireText.put(out, keyword.name());
            out.put((byte) keyword.type().code());
            switch (keyword.value()) {
                case Long value -> out.putLong(value);
                case Double value -> out.putDouble(value);
                default -> WireText.put(out, keyword.value().toString());
            }
            WireText.put(out, keyword.comment());
        }
    }

    @Override
    public StreamDescription decode(ByteBuffer payload) {
        StreamDescription description = get(payload);
        if (payload.hasRemaining()) {
            throw malformed("it has " + payload.remaining() + " bytes too many", null);
        }
        return description;
    }

    private static StreamDescription get(ByteBuffer in) {
        try {
            String name = WireText.get(in, RelayLimits.MAX_NAME_BYTES);
            String format = WireText.get(in, MAX_WORD_BYTES);
            DataType type = DataType.parse(WireText.get(in, MAX_WORD_BYTES));
            int rank = in.get();
            if (rank < 1 || rank > 3) {
                throw malformed("it has " + rank + " axes", null);
            }
            long[] axes = new long[rank];
            for (int i = 0; i < rank; i++) {
                axes[i] = in.getLong();
            }
            int depth = in.getInt();
            long instance = in.getLong();
            int capacity = in.getInt();
            List<Keyword> keywords = keywords(in);
            return new StreamDescription(name, format, type, Shape.of(axes), depth, instance, capacity, keywords);
        } catch (BufferUnderflowException e) {
            throw malformed("it is too short", e);
        } catch (IllegalArgumentException e) {
            throw malformed(e.getMessage(), e);
        }
    }

    private static List<Keyword> keywords(ByteBuffer in) {
        int number = in.getInt();
        if (number < 0 || number > RelayLimits.MAX_KEYWORDS) {
            throw malformed("it has " + Integer.toUnsignedString(number) + " keywords", null);
        }
        List<Keyword> keywords = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            String name = WireText.get(in, MAX_WORD_BYTES);
            Keyword.Type type = Keyword.Type.ofCode(in.get());
            if (name.isEmpty() || type == null) {
                throw malformed("a keyword has no name or no valid type", null);
            }
            Object value = switch (type) {
                case LONG -> (Object) in.getLong();
                case DOUBLE -> (Object) in.getDouble();
                case TEXT -> WireText.get(in, MAX_WORD_BYTES);
            };
            keywords.add(new Keyword(name, type, value, WireText.get(in, MAX_COMMENT_BYTES)));
        }
        return keywords;
    }

    /** The payload of {@link MessageType#ENTRIES}: the number of streams (u32), then their descriptions. */
    static ByteBuffer encodeList(List<StreamDescription> streams) {
        int bytes = Integer.BYTES;
        for (StreamDescription stream : streams) {
            bytes += bytes(stream);
        }
        ByteBuffer out = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(streams.size());
        streams.forEach(stream -> put(out, stream, List.of()));
        return out.flip();
    }

    /** Decodes a list. Safe with any bytes. */
    static List<StreamDescription> decodeList(ByteBuffer payload) {
        try {
            int number = payload.getInt();
            List<StreamDescription> streams = new ArrayList<>();
            for (int i = 0; i < number; i++) {
                streams.add(get(payload));
            }
            return streams;
        } catch (BufferUnderflowException e) {
            throw malformed("the list is too short", e);
        }
    }

    private static IncompatibleException malformed(String why, Exception cause) {
        return new IncompatibleException(
                "the description of a stream that was received is not valid: " + why
                        + "; check that the program on the other side is a relay of the same version",
                cause);
    }
}

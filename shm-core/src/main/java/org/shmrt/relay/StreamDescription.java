package org.shmrt.relay;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.keyword.Keyword;

/**
 * What a replica must know of a stream before its frames. Immutable.
 *
 * @param name name of the stream without a directory
 * @param format name of its format, for example {@code dao}
 * @param type type of the elements
 * @param shape shape of a frame, rows first, 1 to 3 axes
 * @param depth number of slots
 * @param instance when it was created, UTC, nanoseconds since 1970, which distinguishes a stream from a later one of
 *     the same name; 0 if the other side does not tell
 * @param keywordCapacity number of keyword records, used or not
 * @param keywords the keywords in use
 */
public record StreamDescription(
        String name,
        String format,
        DataType type,
        Shape shape,
        int depth,
        long instance,
        int keywordCapacity,
        List<Keyword> keywords) {
    /** Checks all properties against {@link RelayLimits}. */
    public StreamDescription {
        checkName(name);
        keywords = List.copyOf(keywords);
        if (shape.rank() < 1 || shape.rank() > 3 || shape.elementCount() == 0) {
            throw new IncompatibleException(
                    "the stream " + name + " has the shape " + shape + ": 1 to 3 axes are possible, none of length 0");
        }
        if (depth < 1 || depth > RelayLimits.MAX_DEPTH) {
            throw new IncompatibleException("the stream " + name + " has " + depth
                    + " slots: a relay copies streams of 1 to " + RelayLimits.MAX_DEPTH);
        }
        if (keywords.size() > keywordCapacity || keywordCapacity > RelayLimits.MAX_KEYWORDS) {
            throw new IncompatibleException(
                    "the stream " + name + " has " + keywords.size() + " keywords in a table of " + keywordCapacity
                            + ": a relay copies tables of at most " + RelayLimits.MAX_KEYWORDS);
        }
        long most = Math.min(RelayLimits.MAX_FRAME_BYTES, RelayLimits.MAX_STREAM_BYTES / depth);
        // The number of elements is checked first: its product with their size can overflow.
        if (shape.elementCount() > most || shape.byteSize(type) > most) {
            throw new IncompatibleException("the stream " + name + " has " + depth + " slots of " + shape + " " + type
                    + ": a relay copies frames of at most " + RelayLimits.MAX_FRAME_BYTES
                    + " bytes, and streams of at most "
                    + RelayLimits.MAX_STREAM_BYTES);
        }
    }

    /**
     * Checks the name of a stream that another machine has sent. It must not lead to another directory.
     *
     * @throws IncompatibleException if no stream can have this name
     */
    public static void checkName(String name) {
        if (name.isEmpty()
                || name.startsWith(".")
                || name.indexOf('/') >= 0
                || name.chars().anyMatch(Character::isISOControl)
                || name.getBytes(StandardCharsets.UTF_8).length > RelayLimits.MAX_NAME_BYTES) {
            throw new IncompatibleException("'" + name
                    + "' cannot be the name of a stream on another machine: use 1 to " + RelayLimits.MAX_NAME_BYTES
                    + " bytes without '/' and control characters, and no '.' first");
        }
    }

    /** Size of a frame, bytes. */
    public long frameBytes() {
        return shape.byteSize(type);
    }
}

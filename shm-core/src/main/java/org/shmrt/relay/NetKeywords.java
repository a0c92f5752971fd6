package org.shmrt.relay;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.engine.EngineAccess;
import org.shmrt.stream.format.KeywordLayout;
import org.shmrt.stream.inspect.NetworkReplica;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.text.FixedText;

/**
 * Writes the keywords of a replica: those of the source, then those of {@link NetworkReplica}, which tell where its frames
 * come from. Their positions are those of DAO's network service: the last six records of the table, or, where the first record without a
 * name ends the table (milk), the six after those of the source. Values are stored without allocation. For one thread.
 */
public final class NetKeywords {
    private static final List<String> NAMES = NetworkReplica.KEYWORDS;
    /** Number of keywords that a replica adds. */
    static final int COUNT = NAMES.size();

    private static final int OWNER_BYTES = 15;
    private static final List<String> COMMENTS = List.of(
            "replica of a stream of this machine",
            "counter of the newest frame at the source",
            "its acquisition time, UTC, ns since 1970",
            "its age when it was published here, us",
            "frames that the source left out",
            "1 connected, 0 not");
    private static final int SOURCE_COUNT = 1;
    private static final int SOURCE_TIME = 2;
    private static final int AGE = 3;
    private static final int DROPPED = 4;
    private static final int LINK = 5;

    private final MemorySegment file;
    private final KeywordLayout layout;
    private final String owner;
    /** A private copy of one record. */
    private final MemorySegment record;

    private int first;
    private boolean isDescribed;

    /**
     * The keywords of an open replica, which has room for them.
     *
     * @param owner the machine of the source
     */
    NetKeywords(ImageStream replica, String owner) {
        this.file = EngineAccess.mapped(replica).segment();
        this.layout = replica.layout().keywords();
        this.owner = owner;
        this.record = MemorySegment.ofArray(new byte[layout.stride()]);
    }

    /** The owner in the keywords of a replica: its first 15 bytes. */
    static String ownerText(String owner) {
        int end = owner.length();
        while (owner.substring(0, end).getBytes(StandardCharsets.UTF_8).length > OWNER_BYTES) {
            end = owner.offsetByCodePoints(end, -1);
        }
        return owner.substring(0, end);
    }

    /** Stores the keywords of the source, and the six with the values that they have now. */
    void describe(List<Keyword> source) {
        try {
            long[] values = new long[COUNT];
            for (int i = 0; isDescribed && i < COUNT; i++) {
                values[i] = file.get(JAVA_LONG_UNALIGNED, valueAt(i));
            }
            int index = 0;
            for (Keyword keyword : source) {
                store(index++, keyword);
            }
            first = layout.endsAtEmptyName() ? index : layout.count() - COUNT;
            while (index < first) {
                clear(index++);
            }
            for (int i = 0; i < COUNT; i++) {
                Keyword keyword =
                        i == 0 ? Keyword.of(NAMES.get(i), ownerText(owner)) : Keyword.of(NAMES.get(i), values[i]);
                store(first + i, keyword.withComment(COMMENTS.get(i)));
            }
            for (int i = first + COUNT; i < layout.count(); i++) {
                clear(i);
            }
            isDescribed = true;
            Faults.poll();
        } catch (InternalError e) {
            // The file was truncated: publishing the next frame reports it.
        }
    }

    /** Stores what is known of a frame before it is published. */
    void frame(FrameFields fields, long ageNs) {
        set(SOURCE_COUNT, fields.count());
        set(SOURCE_TIME, fields.acquiredNs());
        set(AGE, ageNs / 1000);
        set(DROPPED, fields.skipped());
        set(LINK, 1);
    }

    /** Stores that the source is connected. */
    void linkFound() {
        set(LINK, 1);
    }

    /** Stores that the source is not connected. */
    void linkLost() {
        set(LINK, 0);
    }

    private void set(int keyword, long value) {
        try {
            file.set(JAVA_LONG_UNALIGNED, valueAt(keyword), value);
            Faults.poll();
        } catch (InternalError e) {
            // as above
        }
    }

    private long at(int index) {
        return layout.offset() + (long) index * layout.stride();
    }

    private long valueAt(int keyword) {
        return at(first + keyword) + layout.valueOffset();
    }

    /**
     * Stores a keyword, unless the record has it already. Other programs may read the record meanwhile: a record that
     * changes is unused until it is complete, so one that does not change must not be written.
     */
    private void store(int index, Keyword keyword) {
        long at = at(index);
        GuardedCopy.copy(file, at, record, 0, layout.stride());
        fill(keyword);
        if (GuardedCopy.isEqual(file, at, record, 0, layout.stride())) {
            return;
        }
        file.set(JAVA_BYTE, at + KeywordLayout.TYPE_OFFSET, KeywordLayout.UNUSED);
        VarHandle.storeStoreFence();
        GuardedCopy.copy(record, 0, file, at, KeywordLayout.TEXT_BYTES);
        long from = KeywordLayout.TYPE_OFFSET + 1L;
        GuardedCopy.copy(record, from, file, at + from, layout.stride() - from);
        VarHandle.storeStoreFence();
        file.set(JAVA_BYTE, at + KeywordLayout.TYPE_OFFSET, record.get(JAVA_BYTE, KeywordLayout.TYPE_OFFSET));
        VarHandle.storeStoreFence();
    }

    /** Stores a keyword in the copy of a record. Bytes that do not belong to it are unchanged. */
    private void fill(Keyword keyword) {
        FixedText.fill(record, 0, KeywordLayout.TEXT_BYTES, keyword.name());
        record.set(JAVA_BYTE, KeywordLayout.TYPE_OFFSET, (byte) keyword.type().code());
        long at = layout.valueOffset();
        switch (keyword.value()) {
            case Long value -> record.set(JAVA_LONG_UNALIGNED, at, value);
            case Double value -> record.set(JAVA_LONG_UNALIGNED, at, Double.doubleToRawLongBits(value));
            default ->
                FixedText.fill(
                        record, at, KeywordLayout.TEXT_BYTES, keyword.value().toString());
        }
        FixedText.fill(record, layout.commentOffset(), KeywordLayout.COMMENT_BYTES, keyword.comment());
    }

    private void clear(int index) {
        long at = at(index);
        file.set(JAVA_BYTE, at, (byte) 0);
        VarHandle.storeStoreFence();
        file.set(JAVA_BYTE, at + KeywordLayout.TYPE_OFFSET, KeywordLayout.UNUSED);
    }

    /** Whether a keyword is one of the six: those of a source that is a replica itself are not copied. */
    static boolean isOwn(Keyword keyword) {
        return NAMES.contains(keyword.name());
    }

    /** What a stream says about itself if it is a replica. */
    public static Optional<NetworkReplica> of(ImageStream stream) {
        return EngineAccess.mapped(stream).read(file -> NetworkReplica.read(file, stream.layout()));
    }

    /** Whether a stream is a replica of a stream of a machine. */
    static boolean isReplicaOf(ImageStream stream, String owner) {
        return of(stream)
                .filter(replica -> replica.owner().equals(ownerText(owner)))
                .isPresent();
    }
}

package org.shmrt.stream.inspect;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.shmrt.stream.format.KeywordLayout;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.stream.keyword.table.SharedKeywordTable;

/**
 * What a stream says about itself if it is a replica: a local copy that {@code shm relay get} or DAO's network service
 * ({@code daoShmNetd}) keeps of a stream on another machine. They store this in the last six keywords, with each frame.
 * Immutable.
 *
 * @param owner name of the machine that has the stream, at most 15 characters
 * @param connected whether that program is connected to the owner; if not, the newest frame remains
 * @param sourceCount counter (cnt0) of the newest frame on the owner's machine
 * @param sourceTimeNs when it was written there, nanoseconds since 1970 (UTC)
 * @param ageUs its age when it was published here, microseconds; right if the clocks of the machines agree
 * @param dropped frames that the owner skipped for this machine
 */
public record NetworkReplica(
        String owner, boolean connected, long sourceCount, long sourceTimeNs, long ageUs, long dropped) {
    private static final String OWNER = "NET_REPLICA";
    private static final String COUNT = "NET_SRC_CNT";
    private static final String TIME = "NET_SRC_TIME";
    private static final String AGE = "NET_AGE_US";
    private static final String DROPPED = "NET_DROPPED";
    private static final String LINK = "NET_LINK";
    /**
     * Names of the keywords in the order of the table: owner (text), then source count, source time, age, dropped frames
     * and link (1 connected, 0 not), integers.
     */
    public static final List<String> KEYWORDS = List.of(OWNER, COUNT, TIME, AGE, DROPPED, LINK);

    private static final double US_PER_MS = 1e3;

    /**
     * Whether a stream can be a replica, as far as its layout shows.
     *
     * @param layout its layout
     * @return false if it certainly is none
     */
    static boolean isPossible(StreamLayout layout) {
        return layout.keywords().count() >= KEYWORDS.size();
    }

    /**
     * Reads the keywords of a mapped stream.
     *
     * @param file the whole file
     * @param layout its layout
     * @return the replica; empty if the stream is none
     * @throws InternalError if another process truncated the file
     */
    public static Optional<NetworkReplica> read(MemorySegment file, StreamLayout layout) {
        if (!isPossible(layout)) {
            return Optional.empty();
        }
        KeywordLayout all = layout.keywords();
        if (all.endsAtEmptyName()) {
            return of(SharedKeywordTable.read(file, all));
        }
        KeywordLayout last = new KeywordLayout(
                all.offset() + (long) (all.count() - KEYWORDS.size()) * all.stride(),
                KEYWORDS.size(),
                all.stride(),
                all.valueOffset(),
                all.commentOffset());
        return of(SharedKeywordTable.read(file, last));
    }

    /**
     * Finds the keywords of a replica.
     *
     * @param keywords keywords of a stream
     * @return the replica; empty if the stream is none
     */
    static Optional<NetworkReplica> of(List<Keyword> keywords) {
        String owner = "";
        long[] values = new long[KEYWORDS.size()];
        for (Keyword keyword : keywords) {
            int index = KEYWORDS.indexOf(keyword.name());
            if (index > 0 && keyword.value() instanceof Long value) {
                values[index] = value;
            } else if (keyword.name().equals(OWNER) && keyword.value() instanceof String text) {
                owner = text;
            }
        }
        return owner.isEmpty()
                ? Optional.empty()
                : Optional.of(new NetworkReplica(owner, values[5] != 0, values[1], values[2], values[3], values[4]));
    }

    /**
     * Describes the replica to users.
     *
     * @return a clause such as {@code replica of rtc1, connected, newest frame 1.2 ms old on arrival, 3 dropped}
     */
    public String text() {
        return "replica of " + owner + ", " + (connected ? "connected" : "not connected")
                + (sourceCount == 0
                        ? ""
                        : String.format(Locale.ROOT, ", newest frame %.1f ms old on arrival", ageUs / US_PER_MS))
                + ", " + dropped + " dropped";
    }
}

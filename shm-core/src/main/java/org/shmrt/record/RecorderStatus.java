package org.shmrt.record;

import java.util.List;

/**
 * The state of a recorder at one moment. Immutable.
 *
 * @param streams the totals of each stream
 * @param findings what the user should know, one sentence each: a disk that was full or too slow, for example
 * @param seconds time since the start, until the last frame was found if the recorder has ended
 * @param ended whether the recorder has written its last file
 */
public record RecorderStatus(List<StreamTotals> streams, List<String> findings, double seconds, boolean ended) {
    /** Copies the lists. */
    public RecorderStatus {
        streams = List.copyOf(streams);
        findings = List.copyOf(findings);
    }

    /**
     * Frames that are in files.
     *
     * @return their number in all streams
     */
    public long recorded() {
        return streams.stream().mapToLong(StreamTotals::recorded).sum();
    }

    /**
     * Frames that are missing.
     *
     * @return their number in all streams
     */
    public long lost() {
        return streams.stream().mapToLong(StreamTotals::lost).sum();
    }
}
